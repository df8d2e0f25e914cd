using System.Text.Json;

namespace CerroTorre.Sboms;

/// <summary>One package of an SBOM, in the words of the image's own tool.</summary>
/// <param name="Name">E.g. <c>libc6:amd64</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="PackageUrl">Its package URL, or null.</param>
/// <param name="License">Its declared licence, or null.</param>
public sealed record SbomPackage(string Name, string Version, string? PackageUrl, string? License);

/// <summary>Reads the packages out of an SPDX 2.3 document (ours, or another tool's).</summary>
public static class SbomText
{
    /// <summary>The packages in the document's order, without the image that contains them.</summary>
    public static IReadOnlyList<SbomPackage> PackagesOf(JsonElement spdx)
    {
        var packages = new List<SbomPackage>();
        if (!spdx.TryGetProperty("packages", out var list) || list.ValueKind != JsonValueKind.Array)
            return packages;
        foreach (var package in list.EnumerateArray())
        {
            if (package.ValueKind != JsonValueKind.Object || Text(package, "primaryPackagePurpose") == "CONTAINER")
                continue;
            var references = References(package).ToList();
            packages.Add(
                new SbomPackage(
                    references.FirstOrDefault(r => r.Type is "dpkg-query" or "apk-info").Locator
                        ?? Text(package, "name")
                        ?? "?",
                    Text(package, "versionInfo") ?? "",
                    references.FirstOrDefault(r => r.Type == "purl").Locator,
                    Text(package, "licenseDeclared") is { } license and not "NOASSERTION" ? license : null
                )
            );
        }
        return packages;
    }

    private static IEnumerable<(string? Type, string? Locator)> References(JsonElement package)
    {
        if (!package.TryGetProperty("externalRefs", out var references) || references.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var reference in references.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object))
            yield return (Text(reference, "referenceType"), Text(reference, "referenceLocator"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
