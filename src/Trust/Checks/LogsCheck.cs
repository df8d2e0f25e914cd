using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>
/// Transparency logs. Nothing here can check a proof yet, so no entry is ever counted: a demand for logs refuses, and
/// so does an entry of a trusted log, since it can't be told from a forged one.
/// </summary>
internal sealed class LogsCheck : ICheck
{
    public string Name => "logs";

    public Finding Run(Judgement judgement)
    {
        var logs = judgement.Store.Logs.Select(log => log.Id).ToHashSet(StringComparer.Ordinal);
        var quorum = judgement.Policy.LogQuorum ?? (logs.Count > 0 ? 1 : 0);
        if (quorum > 0)
        {
            return Finding.Fail(
                VerdictCode.InsufficientLogCoverage,
                $"{quorum} transparency {(quorum == 1 ? "log" : "logs")} must have the release, and this version can't check that any has"
            );
        }
        if (judgement.Evidence.Attestations.LogEntries.FirstOrDefault(e => logs.Contains(e.LogId)) is { } entry)
        {
            return Finding.Fail(
                VerdictCode.LogProofInvalid,
                $"an entry claims that the trusted log {ForeignText.Escape(entry.LogId)} has the bundle, and this version can't check that",
                entry.LogId
            );
        }
        return Finding.Pass("none is demanded");
    }
}
