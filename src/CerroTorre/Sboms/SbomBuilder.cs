using System.Text;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Layers;
using CerroTorre.Packages;

namespace CerroTorre.Sboms;

/// <summary>Makes an SBOM of what the package databases in an image's layers say. Files outside of packages aren't listed.</summary>
internal static class SbomBuilder
{
    private const string OsRelease = "etc/os-release";
    private const string VendorOsRelease = "usr/lib/os-release";

    private static readonly string[] Wanted =
    [
        DpkgDatabase.StatusPath,
        DpkgDatabase.StatusDirectory,
        // dpkg may leave the database as a hard link to its copy.
        DpkgDatabase.StatusPath + "-old",
        .. ApkDatabase.Paths,
        OsRelease,
        VendorOsRelease,
    ];

    /// <summary>The SPDX document of <paramref name="image"/>.</summary>
    /// <exception cref="FormatException">A layer is damaged or isn't what the config says.</exception>
    public static async Task<JsonObject> BuildAsync(
        PackageManifest package,
        BundleImage image,
        LayerOpener openLayer,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var files = (await LayerContents.TrackAsync(image, Wanted, openLayer, progress, cancellationToken)).Files;
        return SpdxDocument.Of(package, image, PackagesOf(files), DistributionOf(files));
    }

    private static IReadOnlyList<InstalledPackage> PackagesOf(IReadOnlyDictionary<string, byte[]> files) =>
        [.. DpkgDatabase.Read(files), .. ApkDatabase.Read(files)];

    private static Distribution? DistributionOf(IReadOnlyDictionary<string, byte[]> files) =>
        files.TryGetValue(OsRelease, out var content) || files.TryGetValue(VendorOsRelease, out content)
            ? Distribution.Parse(Encoding.UTF8.GetString(content))
            : null;
}
