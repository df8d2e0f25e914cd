using System.Globalization;
using System.Text;
using Oci;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Serialization;

namespace CerroTorre.Packages;

/// <summary>
/// <c>manifest.toml</c>: what the package is called, where it comes from, and the digest of the image that it stands
/// for. The release statement signs its raw bytes, so it is parsed strictly but never re-written.
/// </summary>
public sealed record PackageManifest
{
    /// <summary>Largest <c>manifest.toml</c>, in bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    private const string FormatVersion = "1.0";

    /// <summary>An OCI repository path.</summary>
    public required string Name { get; init; }

    /// <summary>An OCI tag.</summary>
    public required string Version { get; init; }

    /// <summary>The time that the package says it was made: <c>--created</c>, never the clock.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Digest of the root: the image manifest or index.</summary>
    public required Digest Root { get; init; }

    /// <summary>One line for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>An SPDX licence expression, or null.</summary>
    public string? License { get; init; }

    /// <summary>Where the source lives, or null.</summary>
    public string? Source { get; init; }

    /// <summary>Whatever else the packer wants to say.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The package as <c>name:version</c>.</summary>
    public string Reference => $"{Name}:{Version}";

    /// <summary>Reads <c>manifest.toml</c>; unknown members, wrong types and missing ones are refused.</summary>
    /// <exception cref="FormatException">The bytes aren't a package manifest; the message says where.</exception>
    public static PackageManifest Parse(ReadOnlySpan<byte> bytes)
    {
        var table = ParseTable(bytes);
        if (TakeString(table, "ctp-version") is not FormatVersion)
            throw new FormatException($"manifest.toml: ctp-version is not \"{FormatVersion}\"");
        var name = RequireString(table, "name");
        var version = RequireString(table, "version");
        PackageName.RequireName(name);
        PackageName.RequireVersion(version);
        if (!Digest.TryParse(RequireString(table, "root"), out var root))
            throw new FormatException("manifest.toml: root is not a sha256 digest");
        var manifest = new PackageManifest
        {
            Name = name,
            Version = version,
            Created = TakeTime(table, "created"),
            Root = root,
            Description = TakeString(table, "description"),
            License = TakeString(table, "license"),
            Source = TakeString(table, "source"),
            Annotations = TakeAnnotations(table),
        };
        return table.Count == 0
            ? manifest
            : throw new FormatException($"manifest.toml: unknown member '{PackageName.Shown(table.Keys.First())}'");
    }

    /// <summary>The manifest as TOML: one fixed order, basic strings, UTC to the second.</summary>
    public byte[] ToBytes()
    {
        PackageName.RequireName(Name);
        PackageName.RequireVersion(Version);
        var toml = new StringBuilder();
        AppendString(toml, "ctp-version", FormatVersion);
        AppendString(toml, "name", Name);
        AppendString(toml, "version", Version);
        toml.Append(
            CultureInfo.InvariantCulture,
            $"created = {Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\n"
        );
        AppendString(toml, "root", Root.ToString());
        AppendString(toml, "description", Description);
        AppendString(toml, "license", License);
        AppendString(toml, "source", Source);
        if (Annotations.Count > 0)
        {
            toml.Append("\n[annotations]\n");
            foreach (var (key, value) in Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                toml.Append(Quoted(key)).Append(" = ").Append(Quoted(value)).Append('\n');
        }
        var bytes = Encoding.UTF8.GetBytes(toml.ToString());
        return bytes.Length <= MaxSize
            ? bytes
            : throw new FormatException($"manifest.toml would have {bytes.Length} bytes; {MaxSize} is the limit");
    }

    private static TomlTable ParseTable(ReadOnlySpan<byte> bytes)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("manifest.toml is not UTF-8", error);
        }
        if (text.StartsWith('\ufeff'))
            throw new FormatException("manifest.toml begins with a byte order mark");
        try
        {
            // The table reader keeps the last of two members of one name; the syntax validator refuses them.
            SyntaxParser.ParseStrict(text, "manifest.toml", validate: true);
            return TomlSerializer.Deserialize(text, ManifestToml.Default.TomlTable)
                ?? throw new FormatException("manifest.toml is empty");
        }
        catch (Exception error) when (error is TomlException or ArgumentException or InvalidOperationException)
        {
            // The parser lets errors of its own making out on some hostile texts; such a text is no manifest either.
            throw new FormatException($"manifest.toml: {PackageName.Shown(error.Message)}", error);
        }
    }

    private static string? TakeString(TomlTable table, string key)
    {
        if (!table.TryGetValue(key, out var value))
            return null;
        table.Remove(key);
        return value as string ?? throw new FormatException($"manifest.toml: {key} is not a string");
    }

    private static string RequireString(TomlTable table, string key) =>
        TakeString(table, key) ?? throw new FormatException($"manifest.toml: {key} is missing");

    private static DateTimeOffset TakeTime(TomlTable table, string key)
    {
        if (!table.TryGetValue(key, out var value))
            throw new FormatException($"manifest.toml: {key} is missing");
        table.Remove(key);
        return value is TomlDateTime { Kind: TomlDateTimeKind.OffsetDateTimeByZ } time
            ? time.DateTime
            : throw new FormatException($"manifest.toml: {key} is not a UTC time such as 2026-11-23T00:00:00Z");
    }

    private static SortedDictionary<string, string> TakeAnnotations(TomlTable table)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!table.TryGetValue("annotations", out var value))
            return annotations;
        table.Remove("annotations");
        if (value is not TomlTable members)
            throw new FormatException("manifest.toml: annotations is not a table");
        foreach (var (key, member) in members)
        {
            annotations[key] =
                member as string
                ?? throw new FormatException($"manifest.toml: annotation '{PackageName.Shown(key)}' is not a string");
        }
        return annotations;
    }

    private static void AppendString(StringBuilder toml, string key, string? value)
    {
        if (value is not null)
            toml.Append(key).Append(" = ").Append(Quoted(value)).Append('\n');
    }

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c < 0x20 || c == 0x7f)
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}

/// <summary>Reads TOML tables without reflection.</summary>
[TomlSourceGenerationOptions(MaxDepth = 8)]
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class ManifestToml : TomlSerializerContext;
