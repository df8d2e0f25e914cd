using Trust.Attestations;

namespace Trust.Stores;

/// <summary>What a key may be trusted for.</summary>
public static class Roles
{
    /// <summary>Signs provenance, SBOMs, and statements that have no role of their own.</summary>
    public const string Builders = "builders";

    /// <summary>Signs releases.</summary>
    public const string Releasers = "releasers";

    /// <summary>Signs reviews.</summary>
    public const string Reviewers = "reviewers";

    /// <summary>Signs approvals of single operations.</summary>
    public const string Approvers = "approvers";

    /// <summary>Signs new versions of the trust store.</summary>
    public const string TrustStoreUpdaters = "trust-store-updaters";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Builders, Releasers, Reviewers, Approvers, TrustStoreUpdaters];

    /// <summary>The role that a statement's signer must have.</summary>
    public static string For(string predicateType) =>
        predicateType switch
        {
            PredicateTypes.Release => Releasers,
            PredicateTypes.Review => Reviewers,
            _ => Builders,
        };
}
