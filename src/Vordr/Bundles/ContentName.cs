using Oci;
using Oci.Errors;
using Vordr.State;

namespace Vordr.Bundles;

/// <summary>
/// What a caller calls stored content by: a digest (of a bundle or of an image), <c>name[:version]</c>, or both with
/// <c>@</c> between. A name is resolved once; by digest exactly that is found, or nothing.
/// </summary>
internal sealed record ContentName(string? Name, string? Version, Digest? Digest)
{
    /// <summary>Reads a name.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>: it isn't one.</exception>
    public static ContentName Parse(string text)
    {
        if (Oci.Digest.TryParse(text, out var digest))
            return new ContentName(null, null, digest);
        var at = text.IndexOf('@');
        Digest? pinned = null;
        if (at >= 0)
        {
            if (!Oci.Digest.TryParse(text[(at + 1)..], out digest))
                throw Malformed(text);
            pinned = digest;
            text = text[..at];
        }
        var colon = text.LastIndexOf(':');
        var (name, version) =
            colon < 0 || text.IndexOf('/', colon) > 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        return name.Length > 0 && version is not "" ? new ContentName(name, version, pinned) : throw Malformed(text);
    }

    /// <summary>The one bundle that is meant.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.NotFound"/>, or <see cref="ErrorId.Usage"/> where several could be.</exception>
    public BundleRow Resolve(Session session)
    {
        if (Digest is { } digest)
        {
            var found = session.BundlesByDigest(digest);
            return found.Find(bundle =>
                    Name is null || (bundle.Name == Name && Version is null || bundle.Version == Version)
                ) ?? throw NotFound();
        }
        if (Version is not null)
            return session.FindBundleByName(Name!, Version) ?? throw NotFound();
        var versions = session.Versions(Name!);
        var version = versions.Count == 1 ? versions[0] : versions.Find(known => known == "latest");
        if (version is not null)
            return session.FindBundleByName(Name!, version) ?? throw NotFound();
        if (versions.Count == 0)
            throw NotFound();
        throw new PublicError(
            ErrorId.Usage,
            $"{Name} is stored in {versions.Count} versions: {string.Join(", ", versions.Take(8))}. Say which.",
            $"{Name}:{versions[^1]}",
            "vordr images"
        );
    }

    /// <summary>As people write it.</summary>
    public override string ToString() =>
        (Name is null ? "" : Name + (Version is null ? "" : ":" + Version))
        + (Digest is null ? "" : (Name is null ? "" : "@") + Digest);

    private PublicError NotFound() =>
        new(ErrorId.NotFound, $"Nothing stored here is called {this}.", "vordr images", "vordr load -i FILE.ctp");

    private static PublicError Malformed(string text) =>
        new(
            ErrorId.Usage,
            $"'{Clean(text)}' names no content: expected name:version, sha256:<64 hex>, or name:version@sha256:<64 hex>."
        );

    private static string Clean(string text) => new([.. text.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);
}
