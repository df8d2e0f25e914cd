using Oci;
using Svalinn.Hosting;
using Svalinn.Validation;
using Svalinn.Verification;

namespace Svalinn.Policies;

/// <summary>A policy in force.</summary>
internal sealed record PolicySummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>file</c>, or <c>built-in</c>.</summary>
    public required string Source { get; init; }

    /// <summary><c>strict</c>, <c>permissive</c> or <c>audit</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Digest of its bytes.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Digest of the trust store that it is applied with.</summary>
    public required Digest TrustStoreDigest { get; init; }

    /// <summary>The rules for what is run over REST.</summary>
    public required Trust.Policies.RunRules Run { get; init; }
}

/// <summary>What this gateway judges by.</summary>
internal static class PolicyReads
{
    /// <summary><c>GET /policies</c>: the array.</summary>
    public static Task ListAsync(HttpContext context, TrustMaterial trust)
    {
        StrictQuery.Of(context);
        var rules = trust.Current;
        PolicySummary[] policies =
        [
            new()
            {
                Name = "default",
                Source = trust.HasPolicyFile ? "file" : "built-in",
                Mode = rules.Policy.Mode.ToString().ToLowerInvariant(),
                Digest = rules.Policy.Digest,
                TrustStoreDigest = rules.Store.Digest,
                Run = rules.Policy.RunRules(),
            },
        ];
        return JsonAnswer.WriteAsync(context, policies, SvalinnJson.Default.PolicySummaryArray);
    }
}
