using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>At least one signer of the release is known, in time, not revoked, and a releaser.</summary>
internal sealed class KeyCheck : ICheck
{
    // When nobody counts, the release fails for the reason that says most about it.
    private static readonly string[] s_telling =
    [
        VerdictCode.RevokedKey,
        VerdictCode.InvalidSignature,
        VerdictCode.ExpiredKey,
        VerdictCode.KeyNotYetValid,
        VerdictCode.WrongRole,
        VerdictCode.UnknownKey,
    ];

    public string Name => "keys";

    public Finding Run(Judgement judgement) => judgement.EachRelease(Name, release => Judge(judgement, release));

    private static Finding Judge(Judgement judgement, ReleaseCandidate release)
    {
        var signers = release.Envelopes.Select(e => judgement.SignerOf(e, Roles.Releasers)).ToList();
        release.SignerCodes = [.. signers.Select(s => s.Code)];
        // One key is one signer, however many envelopes it made.
        release.Signers = [.. signers.Where(s => s.Signer is not null).Select(s => s.Signer!).DistinctBy(s => s.Id)];
        if (release.Signers.Count > 0)
        {
            return Finding.Pass(
                $"signed by {string.Join(", ", release.Signers.Select(s => judgement.Describe(s.Id)))}",
                [.. release.Signers.Select(s => s.Id.ToString())]
            );
        }
        var code = s_telling.First(c => signers.Any(s => s.Code == c));
        var id = release.Envelopes[signers.FindIndex(s => s.Code == code)].KeyId;
        return Finding.Fail(
            code,
            $"the release is signed by {judgement.Describe(id)}, {Explain(judgement, code, id)}",
            id.ToString()
        );
    }

    private static string Explain(Judgement judgement, string code, Keys.KeyId id)
    {
        var key = judgement.Store.KeysIn(Roles.Releasers).FirstOrDefault(k => k.Id == id);
        return code switch
        {
            VerdictCode.RevokedKey => $"which was revoked at {Rfc3339.Format(judgement.Store.RevokedAt(id)!.Value)}",
            VerdictCode.InvalidSignature => "whose signature does not verify",
            VerdictCode.ExpiredKey when judgement.Now >= judgement.Store.Expires =>
                $"and the trust store itself expired at {Rfc3339.Format(judgement.Store.Expires.Value)}",
            VerdictCode.ExpiredKey => $"whose validity ended at {Rfc3339.Format(key!.ValidUntil!.Value)}",
            VerdictCode.KeyNotYetValid => $"whose validity begins at {Rfc3339.Format(key!.ValidFrom)}",
            VerdictCode.WrongRole => "which the trust store knows, but not among its releasers",
            _ => "which the trust store doesn't know",
        };
    }
}
