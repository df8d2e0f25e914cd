using Oci.Errors;
using Vordr.Bundles;
using Vordr.Client.Bundles;
using ImagesRequest = Vordr.Client.Bundles.ImagesRequest;
using VerifyRequest = Vordr.Client.Bundles.VerifyRequest;

namespace Vordr.Server.Tools;

/// <summary>The tools over stored bundles and images.</summary>
internal sealed class BundleTools(Engine engine)
{
    public async Task<ImageList> ImagesAsync(ImagesRequest request, ToolCall call, CancellationToken cancellation)
    {
        var images = await engine.ImagesAsync(new Vordr.Images.ImagesRequest(call.Caller), cancellation);
        return new ImageList([.. images.Select(AnswerMap.Image)]);
    }

    public async Task<VerifyAnswer> VerifyAsync(VerifyRequest request, ToolCall call, CancellationToken cancellation)
    {
        // The name is resolved once; what is judged is what the answer's digests say.
        var content = RequestMap.Content(request.Bundle, request.Image);
        var evidence = await engine.EvidenceAsync(new EvidenceRequest(call.Caller, content), cancellation);
        var verify = new Vordr.Bundles.VerifyRequest
        {
            Caller = call.Caller,
            Stored = evidence.BundleDigest.ToString(),
        };
        var result = await engine.VerifyAsync(verify, cancellation);
        return new VerifyAnswer
        {
            Image = $"{evidence.Name}:{evidence.Version}",
            ImageDigest = evidence.ImageDigest,
            BundleDigest = evidence.BundleDigest,
            Verdict = AnswerMap.VerdictOf(result.Verdict),
            Evidence = request.Evidence is true ? Evidence(evidence) : null,
        };
    }

    public async Task<BundleAnswer> LoadAsync(BundleLoadRequest request, ToolCall call, CancellationToken cancellation)
    {
        EvidenceResult stored;
        try
        {
            stored = await engine.EvidenceAsync(
                new EvidenceRequest(call.Caller, request.Upload.ToString()),
                cancellation
            );
        }
        catch (PublicError e) when (e.Id == ErrorId.NotFound)
        {
            throw new PublicError(
                ErrorId.NotFound,
                $"No upload {request.Upload} was taken in.",
                e,
                "send the bundle's bytes by PUT /bundles first"
            );
        }
        var verify = new Vordr.Bundles.VerifyRequest { Caller = call.Caller, Stored = stored.BundleDigest.ToString() };
        var result = await engine.VerifyAsync(verify, cancellation);
        if (!result.Verdict.Allowed)
            throw result.Verdict.ToError();
        return new BundleAnswer
        {
            Name = stored.Name,
            Version = stored.Version,
            BundleDigest = stored.BundleDigest,
            ImageDigest = stored.ImageDigest,
            Known = true,
            Verdict = AnswerMap.VerdictOf(result.Verdict),
        };
    }

    private static BundleEvidence Evidence(EvidenceResult evidence) =>
        new()
        {
            Name = evidence.Name,
            Version = evidence.Version,
            Root = evidence.ImageDigest,
            Manifests = evidence.Manifests,
            PackageManifest = evidence.PackageManifest,
            Attestations = evidence.Attestations.ToArray(),
        };
}
