using System.Text.Json.Nodes;
using CerroTorre.Packages;
using Oci;
using Oci.Image;
using Oci.Json;
using Trust.Attestations;

namespace CerroTorre.Bundles;

/// <summary>
/// <c>summary.json</c>: the bundle at a glance. Everything in it is derived from the rest; a reader that finds it
/// different from what it derives refuses the bundle, so nothing in it needs a signature.
/// </summary>
public sealed record BundleSummary
{
    /// <summary>The version of the format.</summary>
    public const string CtpVersion = "1.0";

    /// <summary>Name of the package.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the package.</summary>
    public required string Version { get; init; }

    /// <summary>The root.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The images that can be run, in the order of the index.</summary>
    public required IReadOnlyList<PlatformSummary> Platforms { get; init; }

    /// <summary>Digest of <c>manifest.toml</c>.</summary>
    public required Digest PackageManifest { get; init; }

    /// <summary>Suites that release statements claim, sorted.</summary>
    public required IReadOnlyList<string> Suites { get; init; }

    /// <summary>Ids of the keys that envelopes claim, sorted. Nothing is said about trust in them.</summary>
    public required IReadOnlyList<string> Signers { get; init; }

    /// <summary>Predicate types of the statements, sorted.</summary>
    public required IReadOnlyList<string> Predicates { get; init; }

    /// <summary>Ids of the logs that entries claim, sorted.</summary>
    public required IReadOnlyList<string> Logs { get; init; }

    /// <summary>One image of the bundle.</summary>
    /// <param name="Platform">What it runs on.</param>
    /// <param name="Manifest">Digest of its manifest.</param>
    /// <param name="Layers">How many layers it has.</param>
    /// <param name="Size">Bytes of its layers, as they are stored.</param>
    public sealed record PlatformSummary(string Platform, Digest Manifest, int Layers, long Size);

    /// <summary>The summary of these parts.</summary>
    public static BundleSummary Derive(
        PackageManifest package,
        Digest packageManifest,
        ImageTree tree,
        AttestationSet attestations
    ) =>
        new()
        {
            Name = package.Name,
            Version = package.Version,
            Root = tree.Root,
            Platforms =
            [
                .. tree.Runnable.Select(image => new PlatformSummary(
                    image.Platform.ToString(),
                    image.Descriptor.Digest,
                    image.Manifest.Layers.Count,
                    image.Manifest.Layers.Sum(layer => layer.Size)
                )),
            ],
            PackageManifest = packageManifest,
            Suites = Sorted(attestations.Releases.Values.Select(release => release.Suite)),
            Signers = Sorted(attestations.Envelopes.Select(envelope => envelope.KeyId.ToString())),
            Predicates = Sorted(attestations.Statements.Values.Select(statement => statement.PredicateType)),
            Logs = Sorted(attestations.LogEntries.Select(entry => entry.LogId)),
        };

    /// <summary>The summary as canonical JSON.</summary>
    public byte[] ToBytes() => CanonicalJson.Write(ToJson());

    /// <summary>The summary as JSON.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["ctpVersion"] = CtpVersion,
            ["package"] = new JsonObject { ["name"] = Name, ["version"] = Version },
            ["root"] = new JsonObject { ["digest"] = Root.Digest.ToString(), ["mediaType"] = Root.MediaType },
            ["platforms"] = new JsonArray([
                .. Platforms.Select(platform => new JsonObject
                {
                    ["platform"] = platform.Platform,
                    ["manifest"] = platform.Manifest.ToString(),
                    ["layers"] = platform.Layers,
                    ["size"] = platform.Size,
                }),
            ]),
            ["packageManifest"] = new JsonObject { ["digest"] = PackageManifest.ToString() },
            ["suites"] = ArrayOf(Suites),
            ["signers"] = ArrayOf(Signers),
            ["predicates"] = ArrayOf(Predicates),
            ["logs"] = ArrayOf(Logs),
        };

    private static JsonArray ArrayOf(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    private static string[] Sorted(IEnumerable<string> values) =>
        [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
