using Trust.Checks;
using Trust.Policies;
using Trust.Stores;

namespace Trust.Verdicts;

/// <summary>
/// The verifier. A pure function: no clock, no file, no network, so that the same evidence under the same store and
/// policy at the same time has the same verdict everywhere.
/// </summary>
/// <remarks>
/// <code>
/// evidence ──▶ structure ─ subjects ─ release ─ suite ─ signatures ─ keys ─ signers ─ predicates ─ logs ─ rules ──▶ verdict
/// </code>
/// 1. Every release payload is a candidate of its own; evidence is never combined across payloads.
/// 2. The checks run in the order of <c>trust.md</c>; one passes when a candidate passes it.
/// 3. The first failure that the mode doesn't let pass decides; later checks are not reached.
/// 4. A release by wrong evidence refuses in every mode, unless another one passed everything.
/// </remarks>
public static class VerifyBundle
{
    private static readonly ICheck[] s_checks =
    [
        new StructureCheck(),
        new SubjectsCheck(),
        new ReleaseCheck(),
        new SuiteCheck(),
        new SignatureCheck(),
        new KeyCheck(),
        new SignersCheck(),
        new PredicatesCheck(),
        new LogsCheck(),
        new RulesCheck(),
    ];

    /// <summary>The checks' names, in order.</summary>
    internal static IReadOnlyList<string> CheckNames { get; } = [.. s_checks.Select(check => check.Name)];

    /// <summary>Judges the evidence under a trust store and a policy, at a time.</summary>
    public static Verdict Judge(Evidence evidence, TrustStore store, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(policy);
        var judgement = new Judgement(evidence, store, policy, now);
        var results = new List<CheckResult>(s_checks.Length);
        CheckResult? decisive = null;
        foreach (var check in s_checks)
        {
            var finding = decisive is null
                ? check.Run(judgement)
                : new Finding(CheckOutcome.NotReached, null, "not reached", []);
            results.Add(new(check.Name, finding.Outcome, finding.Code, finding.Reason, finding.Evidence));
            if (finding.Failed && !judgement.Tolerates(finding))
                decisive = results[^1];
        }
        decisive ??= WrongRelease(judgement, results);
        return ToVerdict(judgement, results, decisive);
    }

    /// <summary>The sentence for a failure.</summary>
    internal static string SummaryOf(CheckResult failure) =>
        $"{VerdictCode.Find(failure.Code!).Title}: {failure.Reason}";

    /// <summary>
    /// Where a mode let everything pass and no release is clean, one by wrong evidence still refuses; its check is told
    /// as failed, though another release stood there.
    /// </summary>
    private static CheckResult? WrongRelease(Judgement judgement, List<CheckResult> results)
    {
        if (judgement.Releases.Any(r => r.Failure is null))
            return null;
        if (judgement.Releases.Select(r => r.Wrong).FirstOrDefault(w => w is not null) is not { } wrong)
            return null;
        var index = results.FindIndex(r => r.Name == wrong.Check);
        var finding = wrong.Finding;
        results[index] = new(wrong.Check, CheckOutcome.Failed, finding.Code, finding.Reason, finding.Evidence);
        return results[index];
    }

    private static Verdict ToVerdict(Judgement judgement, List<CheckResult> results, CheckResult? decisive)
    {
        var firstFailure = results.FirstOrDefault(r => r.Outcome == CheckOutcome.Failed);
        var evidence = judgement.Evidence;
        return new Verdict
        {
            Allowed = decisive is null,
            Mode = judgement.Policy.ModeName,
            Code = decisive?.Code,
            Summary =
                decisive is not null ? SummaryOf(decisive)
                : firstFailure is null ? $"Verified: {Title(judgement)}"
                : $"Allowed unverified, since the policy is {judgement.Policy.ModeName}: {firstFailure.Reason}",
            Unverified = decisive is null && firstFailure is not null,
            StrictAllows = firstFailure is null,
            StrictCode = firstFailure?.Code,
            Name = evidence.Name,
            Version = evidence.Version,
            Reference = evidence.Reference,
            Root = evidence.Root,
            Checks = results,
            Releases = [.. judgement.Releases.Select(release => ToResult(judgement, release))],
            NotJudged = judgement.NotJudged,
            PolicyDigest = judgement.Policy.Digest,
            TrustStoreDigest = judgement.Store.Digest,
            At = Rfc3339.Truncate(judgement.Now),
        };
    }

    private static string Title(Judgement judgement)
    {
        var release = judgement.Releases.First(r => r.Failure is null);
        var signers = string.Join(", ", release.Signers.Select(s => judgement.Describe(s.Id)));
        return $"{ForeignText.Escape(release.Statement.Package)}, released by {signers}";
    }

    private static ReleaseResult ToResult(Judgement judgement, ReleaseCandidate release) =>
        new(
            release.Payload,
            release.Statement.Package,
            release.Statement.Suite,
            [
                .. release.Envelopes.Zip(
                    release.SignerCodes,
                    (envelope, code) => new SignerResult(envelope.KeyId, judgement.Store.LabelOf(envelope.KeyId), code)
                ),
            ],
            release.Failure is null,
            release.Failure?.Code,
            release.Failure?.Reason
        );
}
