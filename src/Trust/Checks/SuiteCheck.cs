using Trust.Attestations;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>The suite that the release is bound to is one that the policy takes; there is no negotiation.</summary>
internal sealed class SuiteCheck : ICheck
{
    public string Name => "suite";

    public Finding Run(Judgement judgement) =>
        judgement.EachRelease(
            Name,
            release =>
            {
                var suite = release.Statement.Suite;
                return judgement.Policy.AllowedSuites.Contains(suite, StringComparer.Ordinal)
                    ? Finding.Pass(Suites.Describe(suite))
                    : Finding.Fail(
                        VerdictCode.SuiteNotAllowed,
                        $"the release is bound to {ForeignText.Escape(Suites.Describe(suite))}; allowed: {string.Join(", ", judgement.Policy.AllowedSuites)}"
                    );
            }
        );
}
