using System.Text.Json;
using System.Text.Json.Nodes;
using Oci;
using Oci.Json;

namespace Trust.Attestations;

/// <summary>
/// The statement that releases a bundle: this root, with this package manifest, goes by this name and version
/// (<c>bundle.md</c>, "What a signature covers"). It has exactly two subjects and says nothing else.
/// </summary>
/// <param name="Package"><c>&lt;name&gt;:&lt;version&gt;</c>.</param>
/// <param name="Root">Digest of the root: an image manifest or an index.</param>
/// <param name="PackageManifest">Digest of the raw bytes of <c>manifest.toml</c>.</param>
/// <param name="Suite">The signature suite that the releaser binds the release to.</param>
public sealed record ReleaseStatement(string Package, Digest Root, Digest PackageManifest, string Suite)
{
    /// <summary>Name of the second subject.</summary>
    public const string PackageManifestName = "manifest.toml";

    /// <summary>The payload to sign: the statement in RFC 8785 form.</summary>
    /// <param name="name">Package name, an OCI repository path.</param>
    /// <param name="version">Package version, an OCI tag.</param>
    /// <param name="root">Digest of the root.</param>
    /// <param name="packageManifest">Digest of <c>manifest.toml</c>.</param>
    /// <param name="suite">The suite, <see cref="Suites.Ed25519"/>.</param>
    /// <exception cref="FormatException">Name or version can't be one.</exception>
    public static byte[] Create(string name, string version, Digest root, Digest packageManifest, string suite)
    {
        if (!ImageReference.IsRepositoryPath(name))
            throw new FormatException($"Not a package name: '{name}'.");
        if (!ImageReference.IsTag(version))
            throw new FormatException($"Not a package version: '{version}'.");
        return CanonicalJson.Write(
            new JsonObject
            {
                ["_type"] = Statement.TypeUri,
                ["subject"] = new JsonArray(
                    SubjectOf($"{name}:{version}", root),
                    SubjectOf(PackageManifestName, packageManifest)
                ),
                ["predicateType"] = PredicateTypes.Release,
                ["predicate"] = new JsonObject { ["suite"] = suite },
            }
        );
    }

    /// <summary>Reads a statement of predicate type <see cref="PredicateTypes.Release"/>.</summary>
    /// <exception cref="FormatException">It says less, or more, than a release does.</exception>
    public static ReleaseStatement Read(Statement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        if (!string.Equals(statement.PredicateType, PredicateTypes.Release, StringComparison.Ordinal))
            throw new FormatException("release statement: has another predicate type");
        if (
            statement.Subjects
            is not [{ Name: { } package, Sha256: { } root }, { Name: PackageManifestName, Sha256: { } packageManifest }]
        )
        {
            throw new FormatException(
                $"release statement: has other subjects than <name>:<version> and {PackageManifestName}, each with its sha256"
            );
        }
        if (
            statement.Predicate is not { } predicate
            || predicate.GetPropertyCount() != 1
            || !predicate.TryGetProperty("suite", out var suite)
            || suite.ValueKind != JsonValueKind.String
        )
            throw new FormatException("release statement: the predicate has other members than suite");
        var colon = package.LastIndexOf(':');
        if (
            colon < 0
            || !ImageReference.IsRepositoryPath(package[..colon])
            || !ImageReference.IsTag(package[(colon + 1)..])
        )
            throw new FormatException("release statement: the first subject is not <name>:<version>");
        return new ReleaseStatement(package, root, packageManifest, suite.GetString()!);
    }

    /// <summary>The package name.</summary>
    public string Name => Package[..Package.LastIndexOf(':')];

    /// <summary>The package version.</summary>
    public string Version => Package[(Package.LastIndexOf(':') + 1)..];

    private static JsonObject SubjectOf(string name, Digest digest) =>
        new JsonObject
        {
            ["name"] = name,
            ["digest"] = new JsonObject { ["sha256"] = digest.Hex },
        };
}
