using System.Text.Json.Nodes;
using CerroTorre.Packages;
using Oci;

namespace CerroTorre.Statements;

/// <summary>
/// SLSA provenance v1 that is honest about itself: the builder is whoever ran <c>ct</c> on a machine of their own,
/// Build Level 1. It says what was packed and from which bytes; a policy's <c>provenance.builders</c> decides what such
/// a claim is worth.
/// </summary>
internal static class LocalProvenance
{
    /// <summary>The builder's id.</summary>
    public const string BuilderId = "https://verified-container.org/ct/local";

    /// <summary>The predicate for a package that was packed from <paramref name="source"/>.</summary>
    /// <param name="package">The package.</param>
    /// <param name="source">What was packed, e.g. <c>oci-archive:web.tar</c>.</param>
    /// <param name="origin">Digest of what was packed.</param>
    /// <param name="parameters">Other words of the command line that change the result.</param>
    public static JsonObject Of(
        PackageManifest package,
        string source,
        Digest origin,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        var external = new JsonObject { ["source"] = source, ["package"] = package.Reference };
        foreach (var (name, value) in parameters)
            external[name] = value;
        return new JsonObject
        {
            ["buildDefinition"] = new JsonObject
            {
                ["buildType"] = "https://verified-container.org/ct/pack/v1",
                ["externalParameters"] = external,
                ["internalParameters"] = new JsonObject { ["slsaBuildLevel"] = 1 },
                ["resolvedDependencies"] = new JsonArray(
                    new JsonObject
                    {
                        ["uri"] = source,
                        ["digest"] = new JsonObject { ["sha256"] = origin.Hex },
                    }
                ),
            },
            ["runDetails"] = new JsonObject
            {
                ["builder"] = new JsonObject
                {
                    ["id"] = BuilderId,
                    ["version"] = new JsonObject { ["ct"] = ToolVersion.Text },
                },
            },
        };
    }
}
