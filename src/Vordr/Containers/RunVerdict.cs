using Oci.Runtime;
using Trust.Policies;
using Trust.Verdicts;

namespace Vordr.Containers;

/// <summary>Asks run rules about a finished spec, and adds what they say to the verdict on the content.</summary>
internal static class RunVerdict
{
    /// <summary>The rules that hold for a caller: the operator's, those handed down, those of a narrowing policy.</summary>
    public static IReadOnlyList<RunRules> Rules(Policy policy, Caller caller, RunRules? constraints, Policy? narrowing)
    {
        var origin = caller.Origin == Origin.CommandLine ? RunOrigin.CommandLine : RunOrigin.Remote;
        return [.. new[] { RunRules.For(policy, origin), constraints, narrowing?.Run }.OfType<RunRules>()];
    }

    /// <summary>The verdict on content and spec together.</summary>
    public static Verdict Over(RuntimeSpec spec, RunFacts facts, SpecRules rules)
    {
        if (rules.Rules.Count == 0)
            return rules.Verdict;
        var violations = rules.Rules.SelectMany(set => RunJudge.Judge(spec, facts, set)).Distinct().ToList();
        return rules.Verdict.WithRun(violations);
    }
}

/// <summary>The run rules refuse; whoever asked records it, and tells it as the verdict's own error.</summary>
internal sealed class RunRefused(Verdict verdict) : Exception(verdict.Summary)
{
    public Verdict Verdict { get; } = verdict;
}
