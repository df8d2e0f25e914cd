using System.Globalization;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Packages;

namespace CerroTorre.Sboms;

/// <summary>An SPDX 2.3 document of one image. Times and names come from the package: the same image, the same bytes.</summary>
internal static class SpdxDocument
{
    private const string NoAssertion = "NOASSERTION";
    private const string ImageId = "SPDXRef-Image";

    /// <summary>The document.</summary>
    public static JsonObject Of(
        PackageManifest package,
        BundleImage image,
        IReadOnlyList<InstalledPackage> installed,
        Distribution? distribution
    )
    {
        var extracted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var packages = new List<JsonNode> { ImageOf(package, image) };
        var relationships = new List<JsonNode> { Relationship("SPDXRef-DOCUMENT", "DESCRIBES", ImageId) };
        for (var i = 0; i < installed.Count; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"SPDXRef-{installed[i].Type}-{i + 1}");
            packages.Add(PackageOf(id, installed[i], distribution, extracted));
            relationships.Add(Relationship(ImageId, "CONTAINS", id));
        }
        var document = new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = $"{package.Reference} for {image.Platform}",
            ["documentNamespace"] =
                $"https://verified-container.org/spdx/{package.Root.Hex}/{image.Descriptor.Digest.Hex}",
            ["creationInfo"] = new JsonObject
            {
                ["created"] = package.Created.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss'Z'",
                    CultureInfo.InvariantCulture
                ),
                ["creators"] = new JsonArray($"Tool: ct-{ToolVersion.Text}"),
            },
            ["packages"] = new JsonArray([.. packages]),
            ["relationships"] = new JsonArray([.. relationships]),
        };
        if (extracted.Count > 0)
        {
            document["hasExtractedLicensingInfos"] = new JsonArray([
                .. extracted.Select(license => new JsonObject
                {
                    ["licenseId"] = license.Key,
                    ["extractedText"] = license.Value,
                }),
            ]);
        }
        return document;
    }

    private static JsonObject ImageOf(PackageManifest package, BundleImage image) =>
        new()
        {
            ["SPDXID"] = ImageId,
            ["name"] = package.Name,
            ["versionInfo"] = package.Version,
            ["primaryPackagePurpose"] = "CONTAINER",
            ["downloadLocation"] = NoAssertion,
            ["filesAnalyzed"] = false,
            ["licenseConcluded"] = NoAssertion,
            ["licenseDeclared"] = NoAssertion,
            ["copyrightText"] = NoAssertion,
            ["checksums"] = new JsonArray(
                new JsonObject { ["algorithm"] = "SHA256", ["checksumValue"] = image.Descriptor.Digest.Hex }
            ),
        };

    private static JsonObject PackageOf(
        string id,
        InstalledPackage package,
        Distribution? distribution,
        SortedDictionary<string, string> extracted
    )
    {
        var json = new JsonObject
        {
            ["SPDXID"] = id,
            ["name"] = package.Name,
            ["versionInfo"] = package.Version,
            ["downloadLocation"] = NoAssertion,
            ["filesAnalyzed"] = false,
            ["licenseConcluded"] = NoAssertion,
            ["licenseDeclared"] = LicenseOf(package.License, extracted),
            ["copyrightText"] = NoAssertion,
            ["externalRefs"] = new JsonArray(
                new JsonObject
                {
                    ["referenceCategory"] = "PACKAGE-MANAGER",
                    ["referenceType"] = "purl",
                    ["referenceLocator"] = PackageUrl.Of(package, distribution),
                },
                new JsonObject
                {
                    ["referenceCategory"] = "OTHER",
                    ["referenceType"] = package.Type == "deb" ? "dpkg-query" : "apk-info",
                    ["referenceLocator"] = package.QueryName,
                }
            ),
        };
        if (package.Supplier is { Length: > 0 } supplier)
            json["supplier"] = $"Organization: {supplier.Replace('<', '(').Replace('>', ')')}";
        if (package.Homepage is { } homepage && Uri.TryCreate(homepage, UriKind.Absolute, out _))
            json["homepage"] = homepage;
        return json;
    }

    private static string LicenseOf(string? declared, SortedDictionary<string, string> extracted)
    {
        if (string.IsNullOrWhiteSpace(declared))
            return NoAssertion;
        if (LicenseExpression.IsWellFormed(declared))
            return declared;
        // What isn't an expression is kept as the text that it is (SPDX 2.3, clause 10).
        var id =
            "LicenseRef-"
            + string.Concat(declared.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-'));
        extracted[id] = declared;
        return id;
    }

    private static JsonObject Relationship(string from, string type, string to) =>
        new()
        {
            ["spdxElementId"] = from,
            ["relationshipType"] = type,
            ["relatedSpdxElement"] = to,
        };
}
