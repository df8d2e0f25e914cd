using Oci;
using Trust.Attestations;
using Trust.Dsse;
using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// One distinct release payload and the envelopes over it, judged whole: what another payload has is never lent to it.
/// </summary>
internal sealed class ReleaseCandidate(Digest payload, ReleaseStatement statement, IReadOnlyList<Envelope> envelopes)
{
    private readonly List<(string Check, Finding Finding)> _failures = [];

    public Digest Payload { get; } = payload;

    public ReleaseStatement Statement { get; } = statement;

    public IReadOnlyList<Envelope> Envelopes { get; } = envelopes;

    /// <summary>The entries of the keys that count, once the keys check has found them.</summary>
    public IReadOnlyList<TrustedKey> Signers { get; set; } = [];

    /// <summary>Why each envelope doesn't count, in their order; null where it does.</summary>
    public IReadOnlyList<string?> SignerCodes { get; set; } = [.. envelopes.Select(_ => (string?)null)];

    /// <summary>The first failure, or null.</summary>
    public Finding? Failure => _failures.Count > 0 ? _failures[0].Finding : null;

    /// <summary>The first failure by wrong evidence, and the check that found it.</summary>
    public (string Check, Finding Finding)? Wrong =>
        _failures.Where(f => f.Finding.Kind == FaultKind.Wrong).Select(f => ((string, Finding)?)f).FirstOrDefault();

    public void Reject(string check, Finding finding) => _failures.Add((check, finding));
}
