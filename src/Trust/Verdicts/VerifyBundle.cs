using Trust.Policies;
using Trust.Stores;

namespace Trust.Verdicts;

/// <summary>The verifier. A pure function: no clock, no file, no network.</summary>
public static class VerifyBundle
{
    /// <summary>Judges the evidence under a trust store and a policy, at a time.</summary>
    public static Verdict Judge(Evidence evidence, TrustStore store, Policy policy, DateTimeOffset now) =>
        throw new NotImplementedException();
}
