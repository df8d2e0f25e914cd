using Oci;
using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// The set is well-formed already, or there would be nothing to judge. What is left of its form depends on the trust
/// store: how much of it nobody here can judge is limited, and listed.
/// </summary>
internal sealed class StructureCheck : ICheck
{
    /// <summary>Most signatures of unknown keys, and most entries of unknown logs.</summary>
    public const int MaxUnknown = 64;

    public string Name => "structure";

    public Finding Run(Judgement judgement)
    {
        var set = judgement.Evidence.Attestations;
        foreach (var envelope in set.Envelopes.Where(e => judgement.Store.FindKey(e.KeyId) is null))
        {
            judgement.NotJudged.Add(
                new("signature", envelope.KeyId.ToString(), "the trust store doesn't know the key")
            );
        }
        var signatures = judgement.NotJudged.Count;
        foreach (var bundle in set.SigstoreBundles)
        {
            judgement.NotJudged.Add(
                new("sigstoreBundle", Digest.Of(bundle.Span).ToString(), "Sigstore bundles can't be verified yet")
            );
        }
        var logs = judgement.Store.Logs.Select(log => log.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in set.LogEntries.Where(e => !logs.Contains(e.LogId)))
            judgement.NotJudged.Add(new("logEntry", entry.LogId, "the trust store doesn't know the log"));
        var entries = judgement.NotJudged.Count - signatures - set.SigstoreBundles.Count;
        if (signatures > MaxUnknown || entries > MaxUnknown || set.SigstoreBundles.Count > MaxUnknown)
        {
            return Finding.Fail(
                VerdictCode.MalformedBundle,
                $"more than {MaxUnknown} signatures, Sigstore bundles or log entries that nobody here can judge"
            );
        }
        return Finding.Pass(
            $"{Count(set.Envelopes.Count, "envelope")} over {Count(set.Statements.Count, "statement")}"
        );
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
