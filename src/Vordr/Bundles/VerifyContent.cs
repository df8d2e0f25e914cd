using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Trust.Verdicts;
using Vordr.Containers;
using Vordr.State;

namespace Vordr.Bundles;

/// <summary>Says what a policy says of content: stores nothing, records nothing, decides nothing.</summary>
internal sealed class VerifyContent(Instance instance)
{
    public async Task<VerifyResult> ExecuteAsync(VerifyRequest request, CancellationToken cancellation) =>
        (request.Content, request.Stored) switch
        {
            ({ } content, null) => await OfStreamAsync(content, request, cancellation),
            (null, { } stored) => await OfStoredAsync(stored, request, cancellation),
            _ => throw new PublicError(ErrorId.Usage, "Exactly one of a bundle and a name is to be verified."),
        };

    /// <summary>The stored bundle that people call so: by container, digest or name.</summary>
    public static BundleRow Find(Session session, string named)
    {
        try
        {
            return session.FindBundle(session.Container(named).Bundle)!;
        }
        catch (PublicError notFound) when (notFound.Id == ErrorId.ContainerNotFound)
        {
            return ContentName.Parse(named).Resolve(session);
        }
    }

    private async Task<VerifyResult> OfStreamAsync(
        Stream content,
        VerifyRequest request,
        CancellationToken cancellation
    )
    {
        using var reader = new BundleReader(content);
        var head = await reader.ReadHeadAsync(cancellation);
        var verdict = Judge(head.ToEvidence(head.RequireImage(PlatformOf.Host).Platform), request);
        // A bundle that is refused isn't read on: what would its layers matter?
        Digest? digest = verdict.Allowed ? await reader.VerifyRestAsync(cancellation) : null;
        return new VerifyResult(verdict, digest, head.Root.Digest);
    }

    private async Task<VerifyResult> OfStoredAsync(string named, VerifyRequest request, CancellationToken cancellation)
    {
        var bundle = instance.Database.Read(session => Find(session, named));
        var verdict = Judge(await instance.Gate.EvidenceAsync(bundle, cancellation), request);
        return new VerifyResult(verdict, bundle.Digest, bundle.Root);
    }

    private Verdict Judge(Evidence evidence, VerifyRequest request) =>
        request.Policy is { } policy
            ? VerifyBundle.Judge(evidence, instance.Gate.TrustStore(), policy, instance.Time.GetUtcNow())
            : instance.Gate.Judge(evidence);
}
