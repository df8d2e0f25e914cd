using CerroTorre.Bundles;
using CerroTorre.Packing;
using Oci;
using Oci.Errors;
using Oci.Layout;

namespace CerroTorre.Unpacking;

/// <summary>What was unpacked.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Head">The bundle's head.</param>
/// <param name="BundleDigest">SHA-256 of the bundle.</param>
public sealed record UnpackResult(string Path, BundleHead Head, Digest BundleDigest);

/// <summary>
/// Writes a bundle out as an OCI image layout on disk, with the bundle's own entries beside. Every file's name comes
/// from a digest or from this program, never from the archive; the directory appears when all of it was found sound.
/// </summary>
public static class BundleUnpacker
{
    /// <summary>Unpacks <paramref name="bundle"/> into <paramref name="directory"/>, which must not exist or be empty.</summary>
    public static async Task<UnpackResult> UnpackAsync(
        Stream bundle,
        string directory,
        IProgress<PackProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var target = Path.GetFullPath(directory);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new PublicError(ErrorId.Usage, $"{directory} exists and is not an empty directory");
        if (Path.GetDirectoryName(target) is not { } parent || !Directory.Exists(parent))
            throw new PublicError(ErrorId.NotFound, $"there is no directory for {directory} to be made in");

        var temporary = Path.Combine(parent, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        Directory.CreateDirectory(Path.Combine(temporary, "blobs", "sha256"));
        try
        {
            using var reader = new BundleReader(bundle) { Progress = StepProgress.Of(progress, "unpacking layers") };
            var head = await reader.ReadHeadAsync(cancellationToken);
            await WriteHeadAsync(temporary, head, cancellationToken);
            foreach (var layer in reader.Layers)
            {
                await using var blob = Create(Path.Combine(temporary, OciLayout.BlobPath(layer.Digest)));
                await reader.ReadLayerAsync(layer, blob, cancellationToken);
            }
            var digest = await reader.FinishAsync(cancellationToken);
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(temporary, target);
            return new UnpackResult(directory, head, digest);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static async Task WriteHeadAsync(string directory, BundleHead head, CancellationToken cancellationToken)
    {
        (string Name, ReadOnlyMemory<byte> Content)[] files =
        [
            (OciLayout.MarkerName, OciLayout.Marker),
            (OciLayout.IndexName, head.IndexBytes),
            (BundleEntries.Summary, head.SummaryBytes),
            (BundleEntries.PackageManifest, head.PackageManifestBytes),
            (BundleEntries.Attestations, head.AttestationBytes),
            .. head.Tree.Documents.Select(document => (OciLayout.BlobPath(document.Descriptor.Digest), document.Bytes)),
        ];
        foreach (var (name, content) in files)
        {
            await using var file = Create(Path.Combine(directory, name));
            await file.WriteAsync(content, cancellationToken);
        }
    }

    private static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
            }
        );
}
