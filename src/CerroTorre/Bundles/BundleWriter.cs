using System.Security.Cryptography;
using Oci;
using Oci.Image;
using Oci.Layout;

namespace CerroTorre.Bundles;

/// <summary>Opens a layer's bytes for reading from the start.</summary>
internal delegate ValueTask<Stream> LayerOpener(Descriptor layer, CancellationToken cancellationToken);

/// <summary>
/// Writes a bundle in the one byte form of bundle.md. The same content gives the same bytes; the stream is only ever
/// appended to.
/// </summary>
internal sealed class BundleWriter(Stream output) : IDisposable
{
    private static readonly byte[] Zeros = new byte[2 * UstarHeader.BlockSize];
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Where the bytes of a layer that were copied are counted, or null.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Writes a whole bundle and returns its digest.</summary>
    /// <exception cref="FaultException">A part passes its limit, or a layer isn't what its descriptor says.</exception>
    public async Task<Digest> WriteAsync(BundleParts parts, LayerOpener openLayer, CancellationToken cancellationToken)
    {
        // 1. What the bundle says about itself.
        await WriteFrontAsync(parts, cancellationToken);

        // 2. Index, manifests, configs.
        foreach (var (descriptor, bytes) in parts.Tree.Documents)
            await WriteEntryAsync(OciLayout.BlobPath(descriptor.Digest), bytes, cancellationToken);

        // 3. Layers, verified while they are copied.
        foreach (var layer in parts.Tree.Layers)
        {
            await using var content = await openLayer(layer, cancellationToken);
            await WriteLayerAsync(layer, content, cancellationToken);
        }

        // 4. The end.
        await WriteAsync(Zeros, cancellationToken);
        await output.FlushAsync(cancellationToken);
        return Digest.FromHash(_whole.GetHashAndReset());
    }

    /// <summary>Writes the entries before the first blob.</summary>
    public async Task WriteFrontAsync(BundleParts parts, CancellationToken cancellationToken)
    {
        var attestations = parts.Attestations.ToBytes();
        var summary = BundleSummary
            .Derive(parts.Package, Digest.Of(parts.PackageBytes.Span), parts.Tree, parts.Attestations)
            .ToBytes();
        RequireLimit(summary.Length, BundleLimits.Summary, BundleFault.SummaryTooLarge, BundleEntries.Summary);
        RequireLimit(
            attestations.Length,
            BundleLimits.Attestations,
            BundleFault.AttestationsTooLarge,
            BundleEntries.Attestations
        );
        await WriteEntryAsync(BundleEntries.Summary, summary, cancellationToken);
        await WriteEntryAsync(BundleEntries.PackageManifest, parts.PackageBytes, cancellationToken);
        await WriteEntryAsync(OciLayout.MarkerName, OciLayout.Marker, cancellationToken);
        var index = BundleIndex.Build(parts.Tree.Root, parts.Package.Reference);
        await WriteEntryAsync(OciLayout.IndexName, index, cancellationToken);
        await WriteEntryAsync(BundleEntries.Attestations, attestations, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();

    private async Task WriteLayerAsync(Descriptor layer, Stream content, CancellationToken cancellationToken)
    {
        await WriteAsync(UstarHeader.Build(OciLayout.BlobPath(layer.Digest), layer.Size), cancellationToken);
        var found = await BlobCopy.CopyAsync(content, layer.Size, output, _whole, Progress, cancellationToken);
        if (found is null)
            throw new FaultException(
                BundleFault.SizeMismatch,
                $"layer {layer.Digest} has less than {layer.Size} bytes"
            );
        if (found != layer.Digest)
            throw new FaultException(BundleFault.DigestMismatch, $"layer {layer.Digest} has the digest {found}");
        await WritePaddingAsync(layer.Size, cancellationToken);
    }

    private async Task WriteEntryAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await WriteAsync(UstarHeader.Build(name, content.Length), cancellationToken);
        await WriteAsync(content, cancellationToken);
        await WritePaddingAsync(content.Length, cancellationToken);
    }

    private Task WritePaddingAsync(long size, CancellationToken cancellationToken) =>
        WriteAsync(Zeros.AsMemory(0, UstarHeader.PaddingOf(size)), cancellationToken);

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _whole.AppendData(bytes.Span);
        await output.WriteAsync(bytes, cancellationToken);
    }

    private static void RequireLimit(int size, int limit, BundleFault fault, string name)
    {
        if (size > limit)
            throw new FaultException(fault, $"{name} would have {size} bytes; {limit} is the limit");
    }
}
