using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Oci;
using Oci.Errors;
using Oci.Json;
using Svalinn.Authorization;
using Svalinn.Hosting;
using Svalinn.Metrics;
using Svalinn.Validation;
using Trust.Attestations;
using Trust.Policies;
using Trust.Verdicts;

namespace Svalinn.Verification;

/// <summary>Body of <c>POST /verify</c>: exactly one of bundle, image and attestations.</summary>
internal sealed record VerifyBody
{
    /// <summary>A stored bundle: its digest, or <c>name:version</c>.</summary>
    [Description("A stored bundle: its digest (sha256:…) or name:version.")]
    public string? Bundle { get; init; }

    /// <summary>A stored image: reference, digest, or reference with digest.</summary>
    [Description("A stored image: reference, digest, or reference@digest.")]
    public string? Image { get; init; }

    /// <summary>An attestation set (<c>attestations.json</c>), judged for the image that its releases name.</summary>
    [Description("An attestation set (attestations.json), judged for the image that its release statements name.")]
    public JsonElement? Attestations { get; init; }

    /// <summary>A policy to judge by, in place of the gateway's. It decides nothing.</summary>
    [Description("A policy (policy.v1) to judge by, in place of the gateway's own.")]
    public JsonElement? Policy { get; init; }
}

/// <summary>Answer of <c>POST /verify</c>.</summary>
internal sealed record VerifyResult
{
    /// <summary>What was judged, as people call it.</summary>
    public string? Image { get; init; }

    /// <summary>Digest of its root.</summary>
    public Digest? ImageDigest { get; init; }

    /// <summary>Digest of the bundle's file.</summary>
    public Digest? BundleDigest { get; init; }

    /// <summary>The verdict.</summary>
    public required JsonNode Verdict { get; init; }
}

/// <summary><c>POST /verify</c>: a verdict for whoever wants to know. It decides nothing and fills nothing.</summary>
internal static class VerifyEndpoint
{
    /// <summary>Judges, and answers 200 whatever the verdict.</summary>
    public static async Task VerifyAsync(
        HttpContext context,
        Judge judge,
        RequestMetrics metrics,
        CancellationToken cancellationToken
    )
    {
        StrictQuery.Of(context);
        var body = context.Body<VerifyBody>();
        var policy = body.Policy is { ValueKind: not JsonValueKind.Null } given ? ParsePolicy(given) : null;
        var result = body.Attestations is { ValueKind: not JsonValueKind.Null } attestations
            ? JudgeInline(body, attestations, policy, judge)
            : await JudgeStoredAsync(context, body, policy, judge, cancellationToken);
        metrics.ObserveVerdict(context.RouteRule()!.Operation, result.Verdict["code"]?.GetValue<string>());
        await JsonAnswer.WriteAsync(context, result, SvalinnJson.Default.VerifyResult);
    }

    private static async Task<VerifyResult> JudgeStoredAsync(
        HttpContext context,
        VerifyBody body,
        Policy? policy,
        Judge judge,
        CancellationToken cancellationToken
    )
    {
        ExactlyOne.OfBundleAndImage(body.Bundle, body.Image);
        var subject = await judge.ResolveAsync(context, body.Bundle, body.Image, cancellationToken);
        return new VerifyResult
        {
            Image = subject.Answer.Image,
            ImageDigest = subject.Answer.ImageDigest,
            BundleDigest = subject.Answer.BundleDigest,
            Verdict = judge.Evaluate(subject.Evidence, policy).Verdict.ToJson(),
        };
    }

    private static VerifyResult JudgeInline(VerifyBody body, JsonElement document, Policy? policy, Judge judge)
    {
        if (!string.IsNullOrEmpty(body.Bundle) || !string.IsNullOrEmpty(body.Image))
        {
            throw new PublicError(ErrorId.Usage, "Say one of 'bundle', 'image' and 'attestations'.")
            {
                Pointer = "/attestations",
            };
        }
        var set = ParseAttestations(document);
        // Each release names its package, root and manifest. Two that differ are about two things.
        var subjects = set
            .Releases.Values.Select(release => (release.Package, release.Root, release.PackageManifest))
            .Distinct()
            .ToArray();
        if (subjects.Length != 1)
        {
            throw new PublicError(
                ErrorId.Usage,
                subjects.Length == 0
                    ? "The attestation set has no release statement, so it is about nothing."
                    : $"The attestation set releases {subjects.Length} different things; judge one at a time."
            )
            {
                Pointer = "/attestations",
            };
        }
        var (package, root, manifest) = subjects[0];
        // A release's package is name:version; a name has no colon.
        var colon = package.IndexOf(':', StringComparison.Ordinal);
        var evidence = new Evidence
        {
            Name = package[..colon],
            Version = package[(colon + 1)..],
            Root = root,
            Manifests = [],
            PackageManifest = manifest,
            Attestations = set,
        };
        return new VerifyResult
        {
            Image = package,
            ImageDigest = root,
            Verdict = judge.Evaluate(evidence, policy).Verdict.ToJson(),
        };
    }

    private static AttestationSet ParseAttestations(JsonElement document)
    {
        try
        {
            // Signatures cover payloads, not the document: white space in a body says nothing about it.
            return AttestationSet.Parse(CanonicalJson.Write(document));
        }
        catch (FormatException exception)
        {
            throw new PublicError(ErrorId.Usage, exception.Message, exception) { Pointer = "/attestations" };
        }
    }

    private static Policy ParsePolicy(JsonElement document)
    {
        try
        {
            return Policy.Parse(CanonicalJson.Write(document));
        }
        catch (PublicError error)
        {
            throw new PublicError(ErrorId.Usage, error.Message, error) { Pointer = "/policy" + error.Pointer };
        }
        catch (FormatException exception)
        {
            throw new PublicError(ErrorId.Usage, exception.Message, exception) { Pointer = "/policy" };
        }
    }
}
