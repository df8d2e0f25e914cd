using Trust.Dsse;
using Trust.Keys;
using Trust.Policies;
using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// One evidence under one trust store and one policy at one time, and how far the judging of it has come. Used by one
/// thread, for one verdict.
/// </summary>
internal sealed class Judgement
{
    private readonly Dictionary<Envelope, bool> _verified = [];

    public Judgement(Evidence evidence, TrustStore store, Policy policy, DateTimeOffset now)
    {
        Evidence = evidence;
        Store = store;
        Policy = policy;
        Now = now;
        Releases =
        [
            .. evidence
                .Attestations.Envelopes.GroupBy(e => e.PayloadDigest)
                .Where(group => evidence.Attestations.Releases.ContainsKey(group.Key))
                .Select(group => new ReleaseCandidate(
                    group.Key,
                    evidence.Attestations.Releases[group.Key],
                    [.. group]
                )),
        ];
    }

    public Evidence Evidence { get; }

    public TrustStore Store { get; }

    public Policy Policy { get; }

    public DateTimeOffset Now { get; }

    public IReadOnlyList<ReleaseCandidate> Releases { get; }

    public List<NotJudged> NotJudged { get; } = [];

    /// <summary>What the bundle is called: its manifest says so, else the releases do.</summary>
    public string? PackageName =>
        Evidence.Name
        ?? (Releases.FirstOrDefault(r => r.Failure is null) ?? (Releases.Count > 0 ? Releases[0] : null))
            ?.Statement
            .Name;

    /// <summary>Whether the mode lets a failure pass.</summary>
    public bool Tolerates(Finding failure) =>
        failure.Kind switch
        {
            FaultKind.Wrong => false,
            FaultKind.Missing => Policy.Mode is PolicyMode.Permissive or PolicyMode.Audit,
            FaultKind.Rule => Policy.Mode is PolicyMode.Audit,
            _ => false,
        };

    /// <summary>
    /// Judges each release that still stands. The check passes when one of them does; those that don't are out. Where
    /// none has passed everything so far, those stand whose failures the mode lets pass: they may still be wrong.
    /// </summary>
    public Finding EachRelease(string check, Func<ReleaseCandidate, Finding> judge)
    {
        var standing = Releases.Where(r => r.Failure is null).ToList();
        if (standing.Count == 0)
            standing = [.. Releases.Where(r => r.Wrong is null && Tolerates(r.Failure!))];
        if (standing.Count == 0)
            return Finding.Nothing;
        Finding? passed = null;
        Finding? failed = null;
        foreach (var release in standing)
        {
            var finding = judge(release);
            if (!finding.Failed)
            {
                passed ??= finding;
                continue;
            }
            release.Reject(check, finding);
            // Wrong evidence is told rather than missing evidence.
            if (failed is null || (finding.Kind == FaultKind.Wrong && failed.Kind != FaultKind.Wrong))
                failed = finding;
        }
        return passed ?? failed!;
    }

    /// <summary>Whether the key that the envelope names is in the store and made the signature. Computed once.</summary>
    public bool IsVerified(Envelope envelope)
    {
        if (!_verified.TryGetValue(envelope, out var verified))
        {
            verified = Store.FindKey(envelope.KeyId) is { } key && envelope.IsSignedBy(key);
            _verified.Add(envelope, verified);
        }
        return verified;
    }

    /// <summary>
    /// Whether an envelope's signer counts in a role, at this time: its entry, or the code that says why not. Without
    /// log proofs the time of signing is unknown, so the key must be good now.
    /// </summary>
    public (TrustedKey? Signer, string? Code) SignerOf(Envelope envelope, string role)
    {
        if (Store.FindKey(envelope.KeyId) is null)
            return (null, VerdictCode.UnknownKey);
        if (!IsVerified(envelope))
            return (null, VerdictCode.InvalidSignature);
        if (Store.RevokedAt(envelope.KeyId) is { } revokedAt && revokedAt <= Now)
            return (null, VerdictCode.RevokedKey);
        if (Store.KeysIn(role).FirstOrDefault(k => k.Id == envelope.KeyId) is not { } key)
            return (null, VerdictCode.WrongRole);
        if (Now < key.ValidFrom)
            return (null, VerdictCode.KeyNotYetValid);
        // A store past its end trusts nobody any more.
        if (Now >= key.ValidUntil || Now >= Store.Expires)
            return (null, VerdictCode.ExpiredKey);
        return (key, null);
    }

    /// <summary>A signer for sentences: short id, and what the store calls it.</summary>
    public string Describe(KeyId id) =>
        Store.LabelOf(id) is { } label ? $"{id.Short} ({ForeignText.Escape(label)})" : id.Short;
}
