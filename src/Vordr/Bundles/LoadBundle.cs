using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Trust.Verdicts;
using Vordr.Decisions;
using Vordr.Journals;
using Vordr.Locks;
using Vordr.Recovery;
using Vordr.Storage;

namespace Vordr.Bundles;

/// <summary>
/// Judges a bundle and stores it when it is allowed.
/// <list type="number">
/// <item>The head: everything before the first layer's byte. Malformed: refused, recorded.</item>
/// <item>The verdict over it by the operator's store and policy. Refused: not one byte is stored.</item>
/// <item>The very bundle is stored already: it gets its name; layers are read only of what is sent, to check them.</item>
/// <item>Journal row, with leases on all content that the bundle needs.</item>
/// <item>Layers: to the content store, each under its digest; those of other platforms are only checked.</item>
/// <item>The end of the file, which gives the bundle digest.</item>
/// <item>Documents; layers unpacked; evidence.</item>
/// <item>The row that makes all of it the bundle's, and ends the journal row.</item>
/// </list>
/// Whatever fails after 4 is taken back at once, or by the next command when this process is killed.
/// </summary>
internal sealed class LoadBundle(Instance instance)
{
    public async Task<LoadResult> ExecuteAsync(LoadRequest request, CancellationToken cancellation)
    {
        var gate = instance.Gate;
        using var reader = new BundleReader(request.Content);
        var head = await ReadHeadAsync(reader, request, gate, cancellation);
        var image = head.RequireImage(PlatformOf.Host);
        var matter = new Matter(request.Caller, "load", head.PackageManifest.Reference);
        var verdict = gate.Judge(head.ToEvidence(image.Platform), request.Narrowing);
        if (!verdict.Allowed)
            throw gate.Refused(matter, verdict);
        var decision = gate.Record(matter, verdict);
        if (Known(head) is { } known)
        {
            // What is sent is on its way whether it is needed or not, and its sender is told what became of these very
            // bytes: a copy that was changed in a layer must not be answered for. A file that stays where it is can.
            if (request.Caller.Origin == Origin.Remote)
                await reader.VerifyRestAsync(cancellation);
            return Result(known, verdict, decision, known: true);
        }
        var stored = await StoreAsync(reader, head, image, matter, cancellation);
        new StaleLocks(instance).Sweep();
        return Result(stored, verdict, decision, known: false);
    }

    private static async Task<BundleHead> ReadHeadAsync(
        BundleReader reader,
        LoadRequest request,
        Gate gate,
        CancellationToken cancellation
    )
    {
        try
        {
            return await reader.ReadHeadAsync(cancellation);
        }
        catch (PublicError refusal)
        {
            gate.Record(new Matter(request.Caller, "load", "a malformed bundle"), refusal);
            throw;
        }
    }

    private BundleRow? Known(BundleHead head)
    {
        var key = KeyOf(head);
        var (bundle, layers) = instance.Database.Read(session =>
            session.FindBundleByEvidence(key) is { } row ? (row, session.Layers(row.Digest)) : (null, [])
        );
        if (bundle is null || !layers.TrueForAll(layer => instance.Layers.Find(layer.ChainId) is not null))
            return null;
        instance.Database.Write(session => session.NameBundle(bundle));
        return bundle;
    }

    private async Task<BundleRow> StoreAsync(
        BundleReader reader,
        BundleHead head,
        BundleImage image,
        Matter matter,
        CancellationToken cancellation
    )
    {
        var layers = LayersOf(image);
        var load = Guid.NewGuid();
        using var held = await instance.Locks.TakeAsync(LockNames.Load(load), cancellation);
        var row = await OpenAsync(load, head, layers, cancellation);
        try
        {
            await StoreLayersAsync(reader, layers, cancellation);
            var digest = await reader.FinishAsync(cancellation);
            foreach (var document in head.Tree.Documents)
                await instance.Content.PutAsync(document.Bytes, cancellation);
            await instance.Layers.EnsureAllAsync([.. layers.Select(SourceOf)], cancellation);
            instance.Database.Write(session => session.Lease(row, LeaseKind.Evidence, [digest]));
            await instance.Content.PutEvidenceAsync(digest, EvidenceOf(head), cancellation);
            var bundle = RowOf(digest, head, image, layers);
            instance.Database.Write(session =>
            {
                session.Insert(bundle, layers, head.Tree.Documents.Select(document => document.Descriptor.Digest));
                session.CloseJournal(row);
            });
            held.Unlink();
            return bundle;
        }
        catch (Exception error)
        {
            // What came after the head is refused as loudly as the head would have been.
            if (error is PublicError refusal)
                instance.Gate.Record(matter, refusal);
            await RollBackAsync(row);
            held.Unlink();
            throw;
        }
    }

    /// <summary>Removes what the load alone brought. Done twice is done once.</summary>
    public async Task RollBackAsync(JournalRow row)
    {
        // A load that begins meanwhile leases before it looks what is there: it waits for this lock, then finds it gone.
        using var store = await instance.Locks.TakeAsync(LockNames.Store, CancellationToken.None);
        var (blobs, layers, evidence) = instance.Database.Read(session =>
            (
                session.LeasedOnlyBy(row, LeaseKind.Blob),
                session.LeasedOnlyBy(row, LeaseKind.Layer),
                session.LeasedOnlyBy(row, LeaseKind.Evidence)
            )
        );
        foreach (var bundle in evidence)
            instance.Content.RemoveEvidence(bundle);
        foreach (var layer in Enumerable.Reverse(layers))
            await instance.Layers.RemoveAsync(layer, CancellationToken.None);
        foreach (var blob in blobs)
            instance.Content.Remove(blob);
        instance.Content.Sweep();
        instance.Database.Write(session => session.CloseJournal(row));
    }

    private async Task<JournalRow> OpenAsync(
        Guid load,
        BundleHead head,
        List<BundleLayer> layers,
        CancellationToken cancellation
    )
    {
        using var store = await instance.Locks.ShareAsync(LockNames.Store, cancellation);
        return instance.Database.Write(session =>
        {
            var row = session.OpenJournal(
                Operation.Load,
                load.ToString("n"),
                LockNames.Load(load),
                instance.Time.GetUtcNow()
            );
            session.Lease(row, LeaseKind.Blob, layers.Select(layer => layer.Blob));
            session.Lease(row, LeaseKind.Blob, head.Tree.Documents.Select(document => document.Descriptor.Digest));
            session.Lease(row, LeaseKind.Layer, layers.Select(layer => layer.ChainId));
            return row;
        });
    }

    private async Task StoreLayersAsync(BundleReader reader, List<BundleLayer> layers, CancellationToken cancellation)
    {
        var wanted = layers.Select(layer => layer.Blob).ToHashSet();
        foreach (var layer in reader.Layers)
        {
            if (!wanted.Contains(layer.Digest) || instance.Content.Has(layer.Digest))
            {
                await reader.ReadLayerAsync(layer, Stream.Null, cancellation);
                continue;
            }
            await using var writer = instance.Content.OpenWrite(layer);
            await reader.ReadLayerAsync(layer, writer.Stream, cancellation);
            await writer.CommitAsync(cancellation);
        }
    }

    private static List<BundleLayer> LayersOf(BundleImage image)
    {
        var diffIds = image.Config!.Rootfs.DiffIds;
        var chainIds = ChainId.OfAll(diffIds);
        return
        [
            .. image.Manifest.Layers.Select(
                (layer, i) => new BundleLayer(layer.Digest, layer.MediaType, layer.Size, diffIds[i], chainIds[i])
            ),
        ];
    }

    /// <summary>What the layer store makes a layer from.</summary>
    internal static LayerSource SourceOf(BundleLayer layer) =>
        new(
            layer.Blob,
            layer.DiffId,
            MediaTypes.CompressionOf(layer.MediaType)
                ?? throw new PublicError(
                    ErrorId.BundleMalformed,
                    $"The layer {layer.Blob} has a media type that isn't supported."
                )
        );

    private BundleRow RowOf(Digest digest, BundleHead head, BundleImage image, List<BundleLayer> layers) =>
        new()
        {
            Digest = digest,
            Evidence = KeyOf(head),
            Root = head.Root.Digest,
            Name = head.PackageManifest.Name,
            Version = head.PackageManifest.Version,
            PackageManifest = head.PackageManifestDigest,
            Manifest = image.Descriptor.Digest,
            Config = image.Manifest.Config.Digest,
            Platform = image.Platform.ToString(),
            Size = layers.Sum(layer => layer.Size),
            Created = image.Config!.Created,
            Loaded = instance.Time.GetUtcNow(),
        };

    private static Dictionary<string, ReadOnlyMemory<byte>> EvidenceOf(BundleHead head) =>
        new()
        {
            [EvidenceFiles.Summary] = head.SummaryBytes,
            [EvidenceFiles.Manifest] = head.PackageManifestBytes,
            [EvidenceFiles.Index] = head.IndexBytes,
            [EvidenceFiles.Attestations] = head.AttestationBytes,
        };

    private static Digest KeyOf(BundleHead head) =>
        EvidenceKey.Of(head.Root.Digest, head.PackageManifestDigest, Digest.Of(head.AttestationBytes.Span));

    private static LoadResult Result(BundleRow bundle, Verdict verdict, long decision, bool known) =>
        new(bundle.Reference, bundle.Digest, bundle.Root, verdict, decision, known);
}
