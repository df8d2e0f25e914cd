using System.Text.Json;
using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Authorization;
using Svalinn.Decisions;
using Svalinn.Metrics;
using Svalinn.Runtime;
using Svalinn.Tracing;
using Trust.Attestations;
using Trust.Policies;
using Trust.Verdicts;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Client.Tools;

namespace Svalinn.Verification;

/// <summary>What was judged, and how.</summary>
/// <param name="Verdict">What the checks say.</param>
/// <param name="Rules">By what it was judged.</param>
internal sealed record Judgement(Verdict Verdict, TrustRules Rules);

/// <summary>Something stored at Vörðr: what its name stood for when it was asked, once.</summary>
/// <param name="Answer">Digests; called by these, nothing is looked up by name again.</param>
/// <param name="Evidence">What is judged.</param>
internal sealed record StoredSubject(VerifyAnswer Answer, Evidence Evidence);

/// <summary>Judges evidence by this gateway's own trust store and policy, whatever Vörðr thinks of it.</summary>
internal sealed class Judge(RuntimeCalls runtime, TrustMaterial trust, RequestMetrics metrics, TimeProvider time)
{
    /// <summary>Asks Vörðr, once, what a name stands for, and for the evidence.</summary>
    public async Task<StoredSubject> ResolveAsync(
        HttpContext context,
        string? bundle,
        string? image,
        CancellationToken cancellationToken
    )
    {
        var request = new VerifyRequest
        {
            Bundle = string.IsNullOrEmpty(bundle) ? null : bundle,
            Image = string.IsNullOrEmpty(image) ? null : image,
            Evidence = true,
        };
        var content = await runtime.ReadAsync(
            context,
            VordrTools.Verify,
            request,
            WireJson.Default.VerifyRequest,
            cancellationToken
        );
        var answer =
            content.Deserialize(WireJson.Default.VerifyAnswer)
            ?? throw new InvalidOperationException("vordr_verify answered with null.");
        return new StoredSubject(answer, EvidenceOf(answer));
    }

    /// <summary>Judges evidence by the policy in force, or by <paramref name="otherPolicy"/> where nothing is decided.</summary>
    public Judgement Evaluate(Evidence evidence, Policy? otherPolicy = null)
    {
        var rules = trust.Current;
        if (otherPolicy is not null)
            rules = rules with { Policy = otherPolicy };
        return new Judgement(VerifyBundle.Judge(evidence, rules.Store, rules.Policy, time.GetUtcNow()), rules);
    }

    /// <summary>The record of a verdict, counted in metrics.</summary>
    public Decision Decide(HttpContext context, string subject, Digest? root, Verdict verdict)
    {
        var operation = context.RouteRule()!.Operation;
        metrics.ObserveVerdict(operation, verdict.Code);
        var now = time.GetUtcNow();
        return new Decision
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            At = now,
            TraceId = context.TraceId(),
            Principal = context.PrincipalName(),
            Operation = operation,
            Subject = subject,
            Root = root?.ToString(),
            Allowed = verdict.Allowed,
            Code = verdict.Code,
            Verdict = verdict.ToJson().ToJsonString(),
        };
    }

    /// <summary>The evidence of a bundle whose head was read here.</summary>
    public static Evidence EvidenceOf(BundleHead head)
    {
        // A bundle for other machines is judged by its root; whether it can run is Vörðr's to say.
        var platform = head.Tree.ImageFor(PlatformOf.Host) is null ? null : PlatformOf.Host;
        return head.ToEvidence(platform);
    }

    private static Evidence EvidenceOf(VerifyAnswer answer)
    {
        if (answer.Evidence is not { } evidence)
            throw new InvalidOperationException("vordr_verify was asked for evidence and gave none.");
        // Judged is what will be called: evidence of another image would be a verdict on something else.
        if (evidence.Root != answer.ImageDigest)
        {
            throw new PublicError(
                ErrorId.DigestMismatch,
                $"Vörðr gave evidence of {evidence.Root} for the image {answer.ImageDigest}."
            );
        }
        try
        {
            return new Evidence
            {
                Name = evidence.Name,
                Version = evidence.Version,
                Reference = evidence.Reference is null ? null : ImageReference.Parse(evidence.Reference),
                Root = evidence.Root,
                Manifests = evidence.Manifests,
                PackageManifest = evidence.PackageManifest,
                Attestations = AttestationSet.Parse(evidence.Attestations),
            };
        }
        catch (FormatException exception)
        {
            var verdict = Verdict.Malformed(VerdictCode.MalformedBundle, exception.Message);
            throw verdict.ToError();
        }
    }
}
