using Microsoft.Extensions.Logging;
using Oci.Errors;
using Vordr.Calls;
using Vordr.Containers;
using Vordr.Journals;
using Vordr.Networks;
using Vordr.Processes;

namespace Vordr.Recovery;

/// <summary>
/// Takes back what a create, run or start made that didn't come to its end: at once when it failed, by the next command
/// when its process was killed. Its locks have been let go of before, since they must be taken in order again.
/// </summary>
internal sealed partial class RollBackContainer(Instance instance)
{
    /// <summary>Rolls back after a failure that is told; one in the rolling back is only logged, for the next command.</summary>
    public async Task TryAsync(Func<RollBackContainer, Task> rollBack)
    {
        try
        {
            await rollBack(this);
        }
        catch (Exception error) when (error is PublicError or IOException)
        {
            LogLeft(instance.Logger, error);
        }
    }

    /// <summary>The container was being made: nothing of it stays.</summary>
    public async Task MadeAsync(JournalRow journal)
    {
        var id = ContainerId.Parse(journal.Subject);
        using var hold = await HoldAsync(id);
        if (!IsOpen(journal))
        {
            hold.UnlinkUnlessKnown(instance.Database, id);
            return;
        }
        if (instance.Database.Read(session => session.FindContainer(id)) is { } container)
        {
            await StrayProcesses.KillAsync(id, instance.Watcher);
            await new TakeDown(instance).ExecuteAsync(container);
            instance.Rootfs.Remove(instance.Paths.Container(id));
            instance.Database.Write(session => session.Delete(id));
            new TakeDown(instance).Forget(id);
            new ContainerNetworks(instance).ReleaseIdle();
        }
        Close(journal);
        hold.Unlink();
    }

    /// <summary>The container was being started: it is stopped, for this reason.</summary>
    public async Task StartedAsync(JournalRow journal, EndReason reason)
    {
        var id = ContainerId.Parse(journal.Subject);
        using var hold = await HoldAsync(id);
        if (!IsOpen(journal))
        {
            hold.UnlinkUnlessKnown(instance.Database, id);
            return;
        }
        if (instance.Database.Read(session => session.FindContainer(id)) is { } container)
        {
            await StrayProcesses.KillAsync(id, instance.Watcher);
            await new TakeDown(instance).ExecuteAsync(container);
            var end = new ContainerEnd(ContainerEnd.NeverRan, reason, instance.Time.GetUtcNow());
            instance.Database.Write(session => session.SetNotStarted(id, end));
            new TakeDown(instance).Forget(id);
            new ContainerNetworks(instance).ReleaseIdle();
        }
        Close(journal);
    }

    private Task<ContainerHold> HoldAsync(ContainerId id) =>
        ContainerHold.TakeAsync(instance.Locks, id, withNetwork: true, CancellationToken.None);

    private bool IsOpen(JournalRow journal) =>
        instance.Database.Read(session => session.FindJournal(journal.Id)) is not null;

    private void Close(JournalRow journal) =>
        instance.Database.Write(session =>
        {
            session.ForgetCallsOf(journal);
            session.CloseJournal(journal);
        });

    [LoggerMessage(
        EventId = 104,
        Level = LogLevel.Warning,
        Message = "What a failed start left can't be removed yet; the next command tries again"
    )]
    private static partial void LogLeft(ILogger logger, Exception error);
}
