using Trust.Policies;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>The policy's rules about what may run at all, however good the evidence: <c>registries</c>, <c>images</c>.</summary>
internal sealed class RulesCheck : ICheck
{
    /// <summary>The check's name; the rules of the run join it later, when there is a spec to judge.</summary>
    public const string CheckName = "rules";

    public string Name => CheckName;

    public Finding Run(Judgement judgement)
    {
        var policy = judgement.Policy;
        List<RuleViolation> violations =
        [
            .. policy.Registries.Judge(judgement.Evidence, "registries"),
            .. policy.Images.Judge(judgement.Evidence, "images"),
        ];
        return violations.Count == 0
            ? Finding.Pass("no rule forbids it")
            : Finding.Fail(VerdictCode.PolicyDenied, Describe(violations), [.. violations.Select(v => v.Path)]);
    }

    public static string Describe(IReadOnlyList<RuleViolation> violations) =>
        string.Join("; ", violations.Select(v => $"{v.Path}: {ForeignText.Escape(v.Reason)}"));
}
