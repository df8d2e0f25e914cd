using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>The releasers are the ones that the policy wants, they may release this name, and there are enough of them.</summary>
internal sealed class SignersCheck : ICheck
{
    /// <summary>The threshold that the built-in policy uses where the store has it.</summary>
    private const string BuiltInThreshold = "release";

    public string Name => "signers";

    public Finding Run(Judgement judgement) => judgement.EachRelease(Name, release => Judge(judgement, release));

    private static Finding Judge(Judgement judgement, ReleaseCandidate release)
    {
        var name = release.Statement.Name;
        var shown = ForeignText.Escape(name);
        var signers = release.Signers;
        // Only where the mode let a failure of the keys pass: then there is nobody to count.
        if (signers.Count == 0)
            return Finding.Pass("nobody is left to count");
        if (judgement.Policy.AllowedSigners is { } allowed)
        {
            signers = [.. signers.Where(s => allowed.Contains(s.Id))];
            if (signers.Count == 0)
                return NotAllowed(release, "no signer is among the policy's allowedSigners");
        }
        var scoped = signers.Where(s => s.Covers(name)).ToList();
        if (scoped.Count == 0)
        {
            var scope = string.Join(", ", signers.SelectMany(s => s.Names ?? []).Distinct(StringComparer.Ordinal));
            return NotAllowed(release, $"the signer may release only {ForeignText.Escape(scope)}, not {shown}");
        }
        if (ThresholdName(judgement) is not { } thresholdName)
            return Finding.Pass($"may release {shown}", [.. scoped.Select(s => s.Id.ToString())]);
        if (judgement.Store.FindThreshold(thresholdName) is not { } threshold)
        {
            return Finding.Fail(
                VerdictCode.ThresholdNotMet,
                $"the policy demands the threshold '{ForeignText.Escape(thresholdName)}', and the trust store has none of that name"
            );
        }
        if (!threshold.Covers(name))
        {
            var scope = string.Join(", ", threshold.Names!);
            return NotAllowed(
                release,
                $"the threshold '{ForeignText.Escape(threshold.Name)}' may release only {ForeignText.Escape(scope)}, not {shown}"
            );
        }
        var members = scoped.Where(s => threshold.Members.Contains(s.Id)).ToList();
        var count =
            $"{members.Count} of the {threshold.K} distinct keys that the threshold '{ForeignText.Escape(threshold.Name)}' demands signed";
        string[] ids = [.. members.Select(s => s.Id.ToString())];
        return members.Count >= threshold.K
            ? Finding.Pass(count, ids)
            : Finding.Fail(VerdictCode.ThresholdNotMet, count, ids);
    }

    private static string? ThresholdName(Judgement judgement)
    {
        if (judgement.Policy.Threshold is { } name)
            return name;
        return judgement.Policy.IsBuiltIn && judgement.Store.FindThreshold(BuiltInThreshold) is not null
            ? BuiltInThreshold
            : null;
    }

    private static Finding NotAllowed(ReleaseCandidate release, string reason) =>
        Finding.Fail(VerdictCode.SignerNotAllowed, reason, [.. release.Signers.Select(s => s.Id.ToString())]);
}
