using CerroTorre.Packages;
using Oci.Errors;

namespace CerroTorre.Sources;

/// <summary>What kind of thing an image is packed from.</summary>
public enum SourceKind
{
    /// <summary>A root filesystem in a directory.</summary>
    Directory,

    /// <summary>An OCI image layout in a directory.</summary>
    OciDirectory,

    /// <summary>An OCI image layout in a tar file.</summary>
    OciArchive,

    /// <summary>What <c>docker save</c> writes.</summary>
    DockerArchive,
}

/// <summary>A source as people write it: <c>kind:path[:tag]</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Tag">Which image of several, or null.</param>
public sealed record SourceSpec(SourceKind Kind, string Path, string? Tag)
{
    /// <summary>Reads <c>dir:rootfs</c>, <c>oci:dir[:tag]</c>, <c>oci-archive:file[:tag]</c>, <c>docker-archive:file[:tag]</c>.</summary>
    /// <exception cref="PublicError">Another kind, or no path.</exception>
    public static SourceSpec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : text[..colon];
        var rest = text[(colon + 1)..];
        var kind = scheme switch
        {
            "dir" => SourceKind.Directory,
            "oci" => SourceKind.OciDirectory,
            "oci-archive" => SourceKind.OciArchive,
            "docker-archive" => SourceKind.DockerArchive,
            _ => throw Unknown(text),
        };
        if (rest.Length == 0)
            throw new PublicError(ErrorId.Usage, $"{scheme}: needs a path");
        if (kind == SourceKind.Directory || System.IO.Path.Exists(rest))
            return new SourceSpec(kind, rest, null);

        // A path may hold a colon, and so may a docker reference (repo:tag): the longest path that exists wins.
        for (var split = rest.LastIndexOf(':'); split > 0; split = rest.LastIndexOf(':', split - 1))
        {
            if (System.IO.Path.Exists(rest[..split]))
                return new SourceSpec(kind, rest[..split], rest[(split + 1)..]);
        }
        throw new PublicError(ErrorId.NotFound, $"there is no '{ShownText.Of(rest, 300)}'");
    }

    /// <summary>The kind as it is written.</summary>
    public string Scheme =>
        Kind switch
        {
            SourceKind.Directory => "dir",
            SourceKind.OciDirectory => "oci",
            SourceKind.OciArchive => "oci-archive",
            SourceKind.DockerArchive => "docker-archive",
            _ => throw new InvalidOperationException($"{Kind} is no source kind."),
        };

    private static PublicError Unknown(string text)
    {
        var shown = ShownText.Of(text, 200);
        List<string> suggestions = [];
        if (Directory.Exists(text))
        {
            suggestions.Add(File.Exists(System.IO.Path.Combine(text, "oci-layout")) ? $"oci:{shown}" : $"dir:{shown}");
        }
        else if (File.Exists(text))
        {
            suggestions.Add($"oci-archive:{shown}");
            suggestions.Add($"docker-archive:{shown}");
        }
        return new PublicError(
            ErrorId.Usage,
            $"'{shown}' does not say what it is; a source is dir:ROOTFS, oci:DIR[:TAG], oci-archive:FILE or docker-archive:FILE",
            suggestions
        );
    }
}
