using System.Security.Cryptography;
using CerroTorre.Bundles;
using CerroTorre.Linux;
using CerroTorre.Packing;
using CerroTorre.Sources;
using Oci;
using Oci.Errors;
using Oci.Image;
using Trust.Attestations;
using Trust.Keys;

namespace CerroTorre.Signing;

/// <summary>What was signed.</summary>
/// <param name="Path">The bundle that was written.</param>
/// <param name="Head">Its head.</param>
/// <param name="BundleDigest">SHA-256 of the new file.</param>
/// <param name="Added">Predicate types of the statements that this key added.</param>
public sealed record SignResult(string Path, BundleHead Head, Digest BundleDigest, IReadOnlyList<string> Added);

/// <summary>
/// Adds a signer to a bundle: reads all of it first (nobody should sign what is damaged), writes new entries before the
/// blobs to a file beside, takes the blobs over as they are, renames. What others signed isn't touched.
/// </summary>
public static class BundleSigner
{
    /// <summary>Signs the bundle at <paramref name="path"/>; <paramref name="output"/> defaults to itself.</summary>
    /// <exception cref="PublicError">It isn't a sound bundle, or this key has signed it already.</exception>
    public static async Task<SignResult> SignAsync(
        string path,
        SigningKey key,
        string suite = Suites.Ed25519,
        string? output = null,
        IProgress<PackProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        // 1. Read all of it.
        await using var file = new FileStream(
            path,
            new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }
        );
        using var reader = new BundleReader(file) { Progress = StepProgress.Of(progress, "reading the bundle") };
        var head = await reader.ReadHeadAsync(cancellationToken);
        await reader.VerifyRestAsync(cancellationToken);

        // 2. Attest: the release, and what else a policy will ask for where nobody has said it yet.
        var attester = new Attester(
            head.PackageManifest,
            head.PackageManifestBytes,
            head.Tree,
            (layer, _) => ValueTask.FromResult(OpenLayer(file, head, layer))
        )
        {
            Suite = suite,
            Progress = progress,
        };
        var set = await attester.AttestAsync(head.Attestations, key, SourceOf(head), cancellationToken);
        if (set.Envelopes.Count == head.Attestations.Envelopes.Count)
            throw new PublicError(ErrorId.Usage, $"{path} already has the signature of {key.Id}");

        // 3. New entries, old blobs, another name; then the old name.
        await using var target = OutputFile.Create(output ?? path);
        using var writer = new BundleWriter(target.Stream);
        var parts = new BundleParts(head.PackageManifestBytes, head.PackageManifest, head.Tree, set);
        await writer.WriteFrontAsync(parts, cancellationToken);
        await target.Stream.FlushAsync(cancellationToken);
        await FileRange.CopyAsync(
            file.SafeFileHandle,
            head.BlobsOffset,
            target.Stream.SafeFileHandle,
            target.Stream.Position,
            file.Length - head.BlobsOffset,
            cancellationToken
        );
        var (signed, digest) = await ReadBackAsync(target.Stream, cancellationToken);
        await target.CommitAsync(cancellationToken);
        return new SignResult(output ?? path, signed, digest, AddedBy(head.Attestations, set));
    }

    private static async Task<(BundleHead, Digest)> ReadBackAsync(
        FileStream stream,
        CancellationToken cancellationToken
    )
    {
        stream.Position = 0;
        var digest = Digest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken));
        stream.Position = 0;
        using var reader = new BundleReader(stream);
        return (await reader.ReadHeadAsync(cancellationToken), digest);
    }

    // The bundle was packed unsigned, or elsewhere: all that is known of its source is what it holds.
    private static AttestedSource SourceOf(BundleHead head) =>
        new($"ctp:{head.PackageManifest.Reference}", head.Root.Digest, new Dictionary<string, string>());

    private static Stream OpenLayer(FileStream file, BundleHead head, Descriptor wanted)
    {
        var offset = head.LayersOffset;
        foreach (var layer in head.Layers)
        {
            offset += UstarHeader.BlockSize;
            if (layer.Digest == wanted.Digest)
                return new FileSlice(file.SafeFileHandle, offset, layer.Size);
            offset += layer.Size + UstarHeader.PaddingOf(layer.Size);
        }
        // A layer may be one of the documents too; then it isn't stored a second time.
        var document = head.Tree.Documents.First(document => document.Descriptor.Digest == wanted.Digest);
        return new MemoryStream(document.Bytes.ToArray(), writable: false);
    }

    private static List<string> AddedBy(AttestationSet before, AttestationSet after)
    {
        var had = before.Envelopes.Select(envelope => envelope.Digest).ToHashSet();
        return [.. after.Envelopes.Where(e => !had.Contains(e.Digest)).Select(e => after.StatementOf(e).PredicateType)];
    }
}
