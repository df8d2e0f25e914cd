using Vordr.Journals;
using Vordr.Locks;
using Vordr.Networks;
using Vordr.Recovery;

namespace Vordr.Containers;

/// <summary>
/// Removes a container and everything that was made for it. From the journal row on there is only forward: killed on
/// the way, the next command goes on.
/// </summary>
internal sealed class RemoveContainer(Instance instance)
{
    public async Task<ContainerId> ExecuteAsync(RemoveRequest request, CancellationToken cancellation)
    {
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State is ContainerState.Running or ContainerState.Paused)
        {
            if (!request.Force)
                throw Lifecycle.Running(container.Name);
            await new StopContainer(instance).KillAsync(container, cancellation);
        }
        var journal = await OpenAsync(container, cancellation);
        if (journal is not null)
            await FinishAsync(journal);
        new StaleLocks(instance).Sweep();
        return container.Id;
    }

    /// <summary>Finishes a removal whose journal row is open. Twice is once.</summary>
    public async Task FinishAsync(JournalRow journal)
    {
        var id = ContainerId.Parse(journal.Subject);
        using var hold = await ContainerHold.TakeAsync(instance.Locks, id, withNetwork: true, CancellationToken.None);
        if (instance.Database.Read(session => session.FindJournal(journal.Id)) is null)
        {
            hold.UnlinkUnlessKnown(instance.Database, id);
            return;
        }
        if (instance.Database.Read(session => session.FindContainer(id)) is { } container)
        {
            await new TakeDown(instance).ExecuteAsync(container);
            instance.Rootfs.Remove(instance.Paths.Container(id));
        }
        instance.Database.Write(session =>
        {
            session.Delete(id);
            session.CloseJournal(journal);
        });
        new TakeDown(instance).Forget(id);
        new ContainerNetworks(instance).ReleaseIdle();
        hold.Unlink();
    }

    // Null: it is gone already, removed by itself or by another.
    private async Task<JournalRow?> OpenAsync(ContainerRow container, CancellationToken cancellation)
    {
        using var hold = await ContainerHold.TakeAsync(instance.Locks, container.Id, withNetwork: false, cancellation);
        hold.UnlinkUnlessKnown(instance.Database, container.Id);
        return instance.Database.Write(session =>
        {
            if (session.FindContainer(container.Id) is not { } current)
                return null;
            if (current.State is ContainerState.Running or ContainerState.Paused && !SettleContainer.HasEnded(current))
                throw Lifecycle.Running(current.Name);
            return session.OpenJournal(
                Operation.Remove,
                container.Id.ToString(),
                LockNames.Container(container.Id),
                instance.Time.GetUtcNow()
            );
        });
    }
}
