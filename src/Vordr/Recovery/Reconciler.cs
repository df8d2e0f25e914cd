using Microsoft.Extensions.Logging;
using Oci.Errors;
using Vordr.Bundles;
using Vordr.Containers;
using Vordr.Journals;
using Vordr.Networks;
using Vordr.Processes;

namespace Vordr.Recovery;

/// <summary>
/// Finishes or undoes what killed processes left half done. A journal row is orphaned when its lock can be taken. Every
/// command does this first; with an empty journal it costs one read.
/// </summary>
internal sealed partial class Reconciler(Instance instance)
{
    /// <summary>Deals with every orphan, and with containers that a former boot took with it.</summary>
    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        var (journal, rebooted) = instance.Database.Read(session =>
            (session.Journal(), session.ContainersOfOtherBoots(ProcessIdentity.CurrentBootId))
        );
        var orphans = journal.FindAll(IsOrphan);
        foreach (var row in orphans)
        {
            cancellation.ThrowIfCancellationRequested();
            await TryAsync(row.Operation.ToString(), row.Subject, () => RecoverAsync(row));
        }
        // They hold addresses and ports until they are settled.
        foreach (var id in rebooted)
            await TryAsync("Boot", id.ToString(), () => new SettleContainer(instance).ExecuteAsync(id, cancellation));
        if (orphans.Count > 0)
            new StaleLocks(instance).Sweep();
        // An exit command that was killed has no journal row: this costs one look at a directory, always.
        instance.Networks.Sweep();
        new ContainerNetworks(instance).ReleaseLeftovers();
    }

    // What can't be put right now must not keep everything else from being done: the next command tries again.
    private async Task TryAsync(string operation, string subject, Func<Task> recover)
    {
        try
        {
            await recover();
        }
        catch (Exception error) when (error is PublicError or IOException)
        {
            LogNotRecovered(instance.Logger, operation, subject, error);
        }
    }

    // Forward for a removal, else back. A row that somebody else deals with meanwhile is his. What has begun here isn't
    // cancelled: it would only be begun again.
    private Task RecoverAsync(JournalRow row) =>
        row.Operation switch
        {
            Operation.Load => LoadAsync(row),
            Operation.Create or Operation.Run => new RollBackContainer(instance).MadeAsync(row),
            Operation.Start => new RollBackContainer(instance).StartedAsync(row, EndReason.StartFailed),
            Operation.Remove => new RemoveContainer(instance).FinishAsync(row),
            _ => throw new InvalidOperationException($"The journal has an operation {row.Operation}."),
        };

    private bool IsOrphan(JournalRow row)
    {
        using var held = instance.Locks.TryTake(row.Lock);
        return held is not null;
    }

    private async Task LoadAsync(JournalRow row)
    {
        using var held = instance.Locks.TryTake(row.Lock);
        if (held is null)
            return;
        if (instance.Database.Read(session => session.FindJournal(row.Id)) is not null)
            await new LoadBundle(instance).RollBackAsync(row);
        held.Unlink();
    }

    [LoggerMessage(
        EventId = 103,
        Level = LogLevel.Warning,
        Message = "What a {Operation} of {Subject} left can't be put right yet"
    )]
    private static partial void LogNotRecovered(ILogger logger, string operation, string subject, Exception error);
}
