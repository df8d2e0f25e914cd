using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Oci;

/// <summary>
/// Where an image comes from, normalised as Docker does it (distribution, <c>reference</c>): <c>nginx</c> is
/// <c>docker.io/library/nginx:latest</c>. A reference always has a tag, a digest, or both.
/// </summary>
[JsonConverter(typeof(ImageReferenceJsonConverter))]
public sealed record ImageReference
{
    /// <summary>Longest repository path (OCI distribution-spec, with Docker's limit).</summary>
    public const int MaxRepositoryLength = 255;

    /// <summary>Longest tag.</summary>
    public const int MaxTagLength = 128;

    // Host, repository, tag and digest at their longest fit well within it.
    private const int MaxLength = 1024;
    private const string DefaultRegistry = "docker.io";
    private const string DefaultTag = "latest";

    private ImageReference(string registry, string repository, string? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host, with a port where there is one: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>Path within the registry: <c>library/nginx</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag; null only where there is a digest.</summary>
    public string? Tag { get; }

    /// <summary>The digest that pins the content, or null.</summary>
    public Digest? Digest { get; }

    /// <summary>Registry and repository, without tag and digest.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>The same place, pinned to <paramref name="digest"/>.</summary>
    public ImageReference WithDigest(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <summary>Whether <paramref name="text"/> is a repository path: <c>acme/web</c>, at most 255 characters.</summary>
    public static bool IsRepositoryPath([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxRepositoryLength } && text.Split('/').All(IsPathComponent);

    /// <summary>Whether <paramref name="text"/> is a tag: at most 128 of letters, digits, <c>_ . -</c>, the first no <c>.</c> or <c>-</c>.</summary>
    public static bool IsTag([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxTagLength }
        && text[0] is not ('.' or '-')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Reads a reference as people write it.</summary>
    /// <exception cref="FormatException">It isn't one; the message says why.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var reason)
            ? reference
            : throw new FormatException($"Not an image reference: {reason}.");

    /// <summary>Reads a reference as people write it; false when it isn't one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference) =>
        TryParse(text, out reference, out _);

    private static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out ImageReference? reference,
        out string reason
    )
    {
        reference = null;
        if (string.IsNullOrEmpty(text))
        {
            reason = "it is empty";
            return false;
        }
        if (text.Length > MaxLength)
        {
            reason = $"it is longer than {MaxLength} characters";
            return false;
        }
        var rest = text;
        Digest? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!Oci.Digest.TryParse(rest[(at + 1)..], out var parsed))
            {
                reason = "after @ stands no sha256 digest";
                return false;
            }
            digest = parsed;
            rest = rest[..at];
        }
        string? tag = null;
        // A colon after the last slash begins a tag; before it, a port.
        if (rest.LastIndexOf(':') is >= 0 and var colon && colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!IsTag(tag))
            {
                reason = "the tag is not valid";
                return false;
            }
        }
        if (digest is null && tag is null && Oci.Digest.TryFromHex(rest, out _))
        {
            reason = "64 hex digits would be taken for an image id";
            return false;
        }
        var (registry, repository) = SplitRegistry(rest);
        if (!IsHost(registry))
        {
            reason = "the registry is not a host name";
            return false;
        }
        if (!IsRepositoryPath(repository))
        {
            reason = repository.Any(char.IsAsciiLetterUpper)
                ? "a repository is lower case"
                : "the repository is not a path of lower-case letters, digits and separators";
            return false;
        }
        reason = "";
        reference = new(registry, repository, tag ?? (digest is null ? DefaultTag : null), digest);
        return true;
    }

    /// <summary>The normalised text: <c>docker.io/library/nginx:latest</c>.</summary>
    public override string ToString() =>
        Name + (Tag is null ? "" : $":{Tag}") + (Digest is { } digest ? $"@{digest}" : "");

    /// <summary>Docker's <c>splitDockerDomain</c>: the first component is a host if it looks like one.</summary>
    private static (string Registry, string Repository) SplitRegistry(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost =
            first.AsSpan().IndexOfAny('.', ':') >= 0
            || string.Equals(first, "localhost", StringComparison.Ordinal)
            || first.Any(char.IsAsciiLetterUpper);
        var (registry, repository) = slash >= 0 && isHost ? (first, name[(slash + 1)..]) : (DefaultRegistry, name);
        if (string.Equals(registry, "index.docker.io", StringComparison.Ordinal))
            registry = DefaultRegistry;
        if (
            string.Equals(registry, DefaultRegistry, StringComparison.Ordinal)
            && !repository.Contains('/', StringComparison.Ordinal)
        )
            repository = "library/" + repository;
        return (registry, repository);
    }

    /// <summary>Lower-case letters and digits in runs, which one of <c>.</c>, <c>_</c>, <c>__</c>, <c>-…</c> joins.</summary>
    private static bool IsPathComponent(string text)
    {
        var separators = 0; // how many of one kind stand before this place
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                separators = 0;
                continue;
            }
            if (i == 0 || c is not ('.' or '_' or '-') || (separators > 0 && text[i - 1] != c))
                return false;
            separators++;
            if ((c == '.' && separators > 1) || (c == '_' && separators > 2))
                return false;
        }
        return text.Length > 0 && separators == 0;
    }

    /// <summary>A host name, an IPv4 address or an IPv6 address in brackets, and a port where there is one.</summary>
    private static bool IsHost(string text)
    {
        var host = text;
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']'))
        {
            var port = text.AsSpan(colon + 1);
            if (port.Length is 0 or > 5 || port.ContainsAnyExceptInRange('0', '9'))
                return false;
            host = text[..colon];
        }
        if (host is ['[', .. var address, ']'])
            return address.Length > 0 && address.All(c => c == ':' || char.IsAsciiHexDigit(c));
        return host.Split('.').All(IsHostLabel);
    }

    private static bool IsHostLabel(string label) =>
        label.Length > 0
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => c == '-' || char.IsAsciiLetterOrDigit(c));
}

/// <summary>Writes an <see cref="ImageReference"/> as its normalised text, and reads what people write.</summary>
public sealed class ImageReferenceJsonConverter : JsonConverter<ImageReference>
{
    /// <inheritdoc/>
    public override ImageReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ImageReference.TryParse(reader.GetString(), out var reference)
            ? reference
            : throw new JsonException("expected an image reference");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImageReference value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
