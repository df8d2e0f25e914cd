using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Storage.Tar;

/// <summary>
/// Reads the entries of a layer's tar, one forward pass. It takes what image builders write (ustar, pax, GNU long
/// names) and refuses what readers disagree about, so that no two tools can see two different layers in one blob.
/// Why it isn't System.Formats.Tar: <c>docs/decisions/0020-own-tar-reader.md</c>.
/// </summary>
internal sealed class TarReader(TarInput input, ExtractionLimits limits)
{
    // A path, a link target, the attributes of one entry, and room for what we ignore.
    private const int ExtendedHeaderRoom = 64 << 10;
    private static readonly Dictionary<string, byte[]> NoXattrs = new(StringComparer.Ordinal);
    private long _unread;
    private int _padding;

    /// <summary>The next entry, or null at the archive's end; what is left of the last one's content is passed over.</summary>
    public TarEntry? Next()
    {
        PaxRecords? pax = null;
        byte[]? longName = null;
        byte[]? longLink = null;
        while (true)
        {
            SkipRest();
            var header = NextHeader();
            if (header is not { } found)
            {
                return pax is null && longName is null && longLink is null
                    ? null
                    : throw Repeated("stands at the end, before no entry");
            }
            switch (found.Type)
            {
                case (byte)'x':
                    pax = pax is null ? PaxRecords.Parse(ExtendedHeader(found)) : throw Repeated("follows another one");
                    break;
                case (byte)'g':
                    RequireHarmless(PaxRecords.Parse(ExtendedHeader(found)));
                    break;
                case (byte)'L':
                    longName = longName is null ? LongName(found) : throw Repeated("follows another one");
                    break;
                case (byte)'K':
                    longLink = longLink is null ? LongName(found) : throw Repeated("follows another one");
                    break;
                default:
                    return Entry(found, pax, longName, longLink);
            }
        }
    }

    /// <summary>Some of the entry's content; empty when all of it was read.</summary>
    public ReadOnlySpan<byte> Read()
    {
        if (_unread == 0)
            return default;
        var content = input.TakeSome(_unread);
        _unread -= content.Length;
        return content;
    }

    private void SkipRest()
    {
        input.Skip(_unread);
        input.Skip(_padding);
        (_unread, _padding) = (0, 0);
    }

    private TarHeader? NextHeader()
    {
        var block = input.Take(TarHeader.Size, out var atEnd);
        if (atEnd)
            return null;
        if (block.ContainsAnyExcept((byte)0))
            return Opened(TarHeader.Parse(block));
        // One zero block or two: after the first, nothing but zeros may come.
        input.Finish();
        return null;
    }

    private TarHeader Opened(TarHeader header)
    {
        _unread = header.ContentSize;
        _padding = PaddingOf(header.ContentSize);
        return header;
    }

    private static int PaddingOf(long size) => (int)(-size & (TarHeader.Size - 1));

    private TarEntry Entry(TarHeader header, PaxRecords? pax, byte[]? longName, byte[]? longLink)
    {
        var name = Override(header.Name, longName, pax?.Path("path"));
        var kind = Kind(header.Type, name);
        var size = pax?.Number("size") ?? header.ContentSize;
        if (size > long.MaxValue - TarHeader.Size)
            throw LayerRefused.Because(LayerRefusal.HeaderField, name, "its size is not a number that fits");
        if (size != 0 && kind != TarEntryKind.File)
            throw LayerRefused.Because(LayerRefusal.ContentOfNonFile, name, $"a {kind} claims {size} bytes of content");
        _unread = size;
        _padding = PaddingOf(size);
        return new TarEntry
        {
            Kind = kind,
            Name = name,
            LinkName = Override(header.LinkName, longLink, pax?.Path("linkpath")),
            Mode = header.Mode,
            UserId = Owner(pax?.Number("uid") ?? header.UserId, name),
            GroupId = Owner(pax?.Number("gid") ?? header.GroupId, name),
            Size = size,
            Modified = pax?.Time("mtime") ?? new UnixTime(header.Modified, 0),
            Device = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? Device(header, name) : (0, 0),
            Xattrs = pax?.Xattrs ?? NoXattrs,
        };
    }

    private static TarEntryKind Kind(byte type, ReadOnlySpan<byte> name)
    {
        // v7 has no type for directories, only the slash; where a regular file ends in one, readers disagree.
        if (type is (byte)'0' or (byte)'7')
            return name.EndsWith("/"u8) ? TarEntryKind.Directory : TarEntryKind.File;
        return type switch
        {
            (byte)'1' => TarEntryKind.Hardlink,
            (byte)'2' => TarEntryKind.Symlink,
            (byte)'3' => TarEntryKind.CharacterDevice,
            (byte)'4' => TarEntryKind.BlockDevice,
            (byte)'5' => TarEntryKind.Directory,
            (byte)'6' => TarEntryKind.Fifo,
            (byte)'S' => throw LayerRefused.Because(LayerRefusal.Sparse, name, "it is a sparse file"),
            _ => throw LayerRefused.Because(LayerRefusal.EntryType, name, $"its type is 0x{type:x2}"),
        };
    }

    private static byte[] Override(byte[] inHeader, byte[]? gnu, byte[]? pax) =>
        gnu is not null && pax is not null && !gnu.AsSpan().SequenceEqual(pax)
            ? throw LayerRefused.Because(LayerRefusal.ExtendedHeader, gnu, "a GNU and a pax header name it differently")
            : pax ?? gnu ?? inHeader;

    // chown(2) takes -1 as "leave it": such an owner would silently become another one.
    private static uint Owner(long id, ReadOnlySpan<byte> name) =>
        id is >= 0 and < uint.MaxValue
            ? (uint)id
            : throw LayerRefused.Because(LayerRefusal.Owner, name, $"the kernel has no owner {id}");

    // The kernel's dev_t: 12 bits and 20 bits.
    private static (uint Major, uint Minor) Device(TarHeader header, ReadOnlySpan<byte> name) =>
        header is { DeviceMajor: < 1 << 12, DeviceMinor: < 1 << 20 }
            ? ((uint)header.DeviceMajor, (uint)header.DeviceMinor)
            : throw LayerRefused.Because(
                LayerRefusal.Device,
                name,
                $"the kernel has no device {header.DeviceMajor}:{header.DeviceMinor}"
            );

    private ReadOnlySpan<byte> ExtendedHeader(TarHeader header) =>
        Content(header, 2 * limits.PathBytes + limits.XattrBytes + ExtendedHeaderRoom);

    private byte[] LongName(TarHeader header)
    {
        // Longer than any path may be: said with the code for paths, since that is what people should look for.
        if (header.ContentSize > limits.PathBytes)
            throw LayerRefused.Because(LayerRefusal.PathTooLong, $"a GNU long name has {header.ContentSize} bytes");
        ReadOnlySpan<byte> name = Content(header, limits.PathBytes);
        name = name.EndsWith("\0"u8) ? name[..^1] : name;
        if (name.IsEmpty)
            throw LayerRefused.Because(LayerRefusal.ExtendedHeader, "a GNU long name is empty");
        return name.Contains((byte)0)
            ? throw LayerRefused.Because(LayerRefusal.PathNul, "a GNU long name holds a NUL")
            : name.ToArray();
    }

    private byte[] Content(TarHeader header, int limit)
    {
        if (header.ContentSize > limit)
        {
            throw LayerRefused.Because(
                LayerRefusal.ExtendedHeader,
                $"an extended header has {header.ContentSize} bytes, and may have {limit}"
            );
        }
        var content = new byte[header.ContentSize];
        for (var filled = 0; filled < content.Length; )
        {
            var some = Read();
            some.CopyTo(content.AsSpan(filled));
            filled += some.Length;
        }
        return content;
    }

    // git archive notes its commit this way. Any other keyword would silently apply to entries for some readers only.
    private static void RequireHarmless(PaxRecords global)
    {
        if (global.Keywords.FirstOrDefault(keyword => keyword != "comment") is { } keyword)
            throw LayerRefused.Because(LayerRefusal.GlobalHeader, $"a global extended header sets {keyword}");
    }

    private static PublicError Repeated(string fact) =>
        LayerRefused.Because(LayerRefusal.ExtendedHeader, $"an extended header {fact}");
}
