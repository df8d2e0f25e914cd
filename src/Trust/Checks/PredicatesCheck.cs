using Oci;
using Trust.Attestations;
using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// Each statement that the policy requires is made about the root, or about every manifest judged, by a key with the
/// role for it. Each payload is judged whole, and counts or doesn't.
/// </summary>
internal sealed class PredicatesCheck : ICheck
{
    public string Name => "predicates";

    public Finding Run(Judgement judgement)
    {
        var satisfied = new List<string>();
        foreach (var type in judgement.Policy.RequiredPredicates)
        {
            // The release has been judged by the checks before.
            if (string.Equals(type, PredicateTypes.Release, StringComparison.Ordinal))
                continue;
            if (Require(judgement, type, satisfied) is { } failure)
                return failure;
        }
        return satisfied.Count > 0
            ? Finding.Pass($"{string.Join(", ", satisfied)} present")
            : Finding.Pass("the policy requires none");
    }

    private static Finding? Require(Judgement judgement, string type, List<string> satisfied)
    {
        var name = ForeignText.Escape(PredicateTypes.NameOf(type));
        var uncovered = judgement.Evidence.Manifests.ToHashSet();
        var reasons = new List<string>();
        var revoked = false;
        var counted = false;
        foreach (var (payload, statement) in judgement.Evidence.Attestations.Statements)
        {
            if (!string.Equals(statement.PredicateType, type, StringComparison.Ordinal))
                continue;
            if (!IsAbout(judgement.Evidence, statement, out var covered))
            {
                reasons.Add("one is about something else");
                continue;
            }
            var codes = SignerCodes(judgement, payload, Roles.For(type));
            if (codes.Contains(null))
            {
                counted = true;
                uncovered.ExceptWith(covered);
                continue;
            }
            revoked |= codes.Contains(VerdictCode.RevokedKey);
            reasons.Add($"one doesn't count: {string.Join(", ", codes.Distinct(StringComparer.Ordinal))}");
        }
        if (counted && uncovered.Count == 0)
        {
            satisfied.Add(name);
            return null;
        }
        if (counted)
            reasons.Add($"none covers the manifest {uncovered.Min()}");
        var why = reasons.Count > 0 ? string.Join("; ", reasons.Distinct(StringComparer.Ordinal)) : "there is none";
        return Finding.Fail(
            // Wrong evidence refuses in every mode, so a revoked key is not told as a statement that is only missing.
            revoked ? VerdictCode.RevokedKey : VerdictCode.MissingAttestation,
            $"the policy requires {Article(name)} {name}: {why}",
            type
        );
    }

    private static bool IsAbout(Evidence evidence, Statement statement, out IReadOnlyList<Digest> covered)
    {
        covered = statement.IsAbout(evidence.Root)
            ? evidence.Manifests
            : [.. evidence.Manifests.Where(statement.IsAbout)];
        return covered.Count > 0 || statement.IsAbout(evidence.Root);
    }

    private static List<string?> SignerCodes(Judgement judgement, Digest payload, string role) =>
        [
            .. judgement
                .Evidence.Attestations.Envelopes.Where(e => e.PayloadDigest == payload)
                .Select(e =>
                {
                    var (signer, code) = judgement.SignerOf(e, role);
                    return signer?.Covers(judgement.PackageName) is false ? VerdictCode.SignerNotAllowed : code;
                }),
        ];

    private static string Article(string name) => name[0] is 'S' or 'a' or 'e' or 'i' or 'o' ? "an" : "a";
}
