using Vordr.Bundles;
using Vordr.Containers;
using Vordr.Journals;
using Vordr.Networks;

namespace Vordr.Recovery;

/// <summary>
/// Finishes or undoes what killed processes left half done. A journal row is orphaned when its lock can be taken. Every
/// command does this first; with an empty journal it costs one read.
/// </summary>
internal sealed class Reconciler(Instance instance)
{
    /// <summary>Deals with every orphan.</summary>
    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        var recovered = false;
        foreach (var row in instance.Database.Read(session => session.Journal()))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsOrphan(row))
                continue;
            await RecoverAsync(row);
            recovered = true;
        }
        new ContainerNetworks(instance).ReleaseLeftovers();
        if (recovered)
            new StaleLocks(instance).Sweep();
    }

    /// <summary>
    /// Deals with one orphan: forward for a removal, else back. A row that somebody else deals with meanwhile is his.
    /// What has begun here isn't cancelled: it would only be begun again.
    /// </summary>
    public Task RecoverAsync(JournalRow row) =>
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
}
