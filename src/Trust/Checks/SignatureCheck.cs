using Trust.Attestations;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// Every signature in the name of a key that the store lists must verify, whatever it signs and whether or not it is
/// needed: a bad one means that somebody changed the bundle.
/// </summary>
internal sealed class SignatureCheck : ICheck
{
    public string Name => "signatures";

    public Finding Run(Judgement judgement)
    {
        var set = judgement.Evidence.Attestations;
        var known = set.Envelopes.Where(e => judgement.Store.FindKey(e.KeyId) is not null).ToList();
        // The first bad one decides: what is left costs nobody anything.
        if (known.FirstOrDefault(e => !judgement.IsVerified(e)) is { } bad)
        {
            var type = ForeignText.Escape(PredicateTypes.NameOf(set.StatementOf(bad).PredicateType));
            var finding = Finding.Fail(
                VerdictCode.InvalidSignature,
                $"the signature of {judgement.Describe(bad.KeyId)} on the {type} does not verify",
                bad.KeyId.ToString(),
                bad.PayloadDigest.ToString()
            );
            foreach (var release in judgement.Releases.Where(r => r.Envelopes.Contains(bad)))
                release.Reject(Name, finding);
            return finding;
        }
        return known.Count > 0
            ? Finding.Pass(
                $"{known.Count} of known keys verify",
                [.. known.Select(e => e.KeyId.ToString()).Distinct(StringComparer.Ordinal)]
            )
            : Finding.Pass("there is none of a known key");
    }
}
