using Trust.Policies;
using Vordr.Client.Containers;

namespace Svalinn.Verification;

/// <summary>The <c>run</c> rules of a policy: by which a request is judged here, and which go down to Vörðr.</summary>
internal static class RulesInForce
{
    /// <summary>The rules by which what comes over REST is judged.</summary>
    public static RunRules RunRules(this Policy policy) =>
        Trust.Policies.RunRules.For(policy, RunOrigin.Remote)
        ?? throw new InvalidOperationException("What comes over REST always has rules.");

    /// <summary>
    /// The rules that Vörðr enforces over the finished spec beside its own. A policy in mode <c>audit</c> lets denials
    /// pass, so it sends none.
    /// </summary>
    public static RunConstraints? Constraints(this Policy policy) =>
        policy.Mode == PolicyMode.Audit ? null : RunConstraints.From(policy.RunRules());
}
