using Oci.Runtime;

namespace Trust.Policies;

/// <summary>Judges the finished OCI runtime spec: whatever led to it, what the runtime will read is what counts.</summary>
public static class RunJudge
{
    /// <summary>Every rule that the spec breaks; none means allowed.</summary>
    public static IReadOnlyList<RuleViolation> Judge(RuntimeSpec spec, RunFacts facts, RunRules rules) =>
        throw new NotImplementedException();
}
