using Vordr.Linux;

namespace Vordr.Storage.Extraction;

/// <summary>
/// A path from a layer, normalised: relative to the layer's root, components joined by single slashes, without
/// <c>.</c>. A leading slash is dropped, as every builder and runtime does; a <c>..</c> is refused.
/// </summary>
internal readonly ref struct EntryPath
{
    private const int LongestName = 255; // NAME_MAX
    private static ReadOnlySpan<byte> WhiteoutPrefix => ".wh."u8;

    private EntryPath(ReadOnlySpan<byte> whole)
    {
        Whole = whole;
        var slash = whole.LastIndexOf((byte)'/');
        Parent = slash < 0 ? default : whole[..slash];
        Name = whole[(slash + 1)..];
    }

    /// <summary>The whole path; empty for the root.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>Everything before the last component; empty when that is the root.</summary>
    public ReadOnlySpan<byte> Parent { get; }

    /// <summary>The last component; empty for the root.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether this is the layer's root.</summary>
    public bool IsRoot => Whole.IsEmpty;

    /// <summary>Whether the name is reserved for whiteouts (OCI image-spec, layer, "Whiteouts").</summary>
    public bool IsWhiteout => Name.StartsWith(WhiteoutPrefix);

    /// <summary>Reads a path as written.</summary>
    /// <exception cref="Oci.Errors.PublicError">Refused, with the code.</exception>
    public static EntryPath Parse(ReadOnlySpan<byte> written, int limit)
    {
        // The kernel's limit counts the final NUL.
        if (written.Length >= limit)
            throw LayerRefused.Because(LayerRefusal.PathTooLong, written, $"its path has {written.Length} bytes");
        var whole = new byte[written.Length];
        var length = 0;
        foreach (var range in written.Split((byte)'/'))
        {
            var component = written[range];
            if (component.IsEmpty || component.SequenceEqual("."u8))
                continue;
            Require(component, written);
            // What stood before is now known to be a directory's name.
            if (LastComponent(whole.AsSpan(0, length)).StartsWith(WhiteoutPrefix))
                throw LayerRefused.Because(LayerRefusal.ReservedName, written, "its path leads through a whiteout");
            if (length > 0)
                whole[length++] = (byte)'/';
            component.CopyTo(whole.AsSpan(length));
            length += component.Length;
        }
        return new EntryPath(whole.AsSpan(0, length));
    }

    /// <summary>A path that was normalised before.</summary>
    public static EntryPath OfNormal(ReadOnlySpan<byte> whole) => new(whole);

    /// <summary>For messages.</summary>
    public override string ToString() => UnixPath.Show(Whole);

    private static ReadOnlySpan<byte> LastComponent(ReadOnlySpan<byte> path) =>
        path[(path.LastIndexOf((byte)'/') + 1)..];

    private static void Require(ReadOnlySpan<byte> component, ReadOnlySpan<byte> written)
    {
        if (component.SequenceEqual(".."u8))
            throw LayerRefused.Because(LayerRefusal.PathDotDot, written, "its path holds a '..'");
        if (component.Length > LongestName)
            throw LayerRefused.Because(LayerRefusal.PathTooLong, written, $"a name has {component.Length} bytes");
    }
}
