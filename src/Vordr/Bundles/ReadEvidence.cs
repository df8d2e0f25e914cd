namespace Vordr.Bundles;

/// <summary>Resolves a name once, to digests and the evidence that a gateway judges (architecture.md, "One truth").</summary>
internal sealed class ReadEvidence(Instance instance)
{
    public async Task<EvidenceResult> ExecuteAsync(EvidenceRequest request, CancellationToken cancellation)
    {
        var bundle = instance.Database.Read(session => VerifyContent.Find(session, request.Content));
        return new EvidenceResult(
            bundle.Name,
            bundle.Version,
            bundle.Digest,
            bundle.Root,
            [bundle.Manifest],
            bundle.PackageManifest,
            await instance.Gate.AttestationBytesAsync(bundle, cancellation)
        );
    }
}
