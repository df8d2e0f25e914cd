using Vordr.Conmon;
using Vordr.Networks;
using Vordr.Processes;

namespace Vordr.Containers;

/// <summary>
/// Settles a container's exit, once, by whoever sees it first: a foreground run, conmon's exit command, or a read that
/// finds its process gone.
/// <list type="number">
/// <item>conmon's word is waited for, without a lock.</item>
/// <item>Under the locks: if the container still counts as running, everything that its start made is taken down.</item>
/// <item>The row says how it ended; a container that removes itself is gone with the same commit.</item>
/// <item>What conmon left behind is removed, and what all containers shared when this was the last.</item>
/// </list>
/// Killed on the way, it begins anew with the next look: the row changes last.
/// </summary>
internal sealed class SettleContainer(Instance instance)
{
    /// <summary>How the container ended, or null when it hasn't, or was never heard of.</summary>
    public async Task<ContainerEnd?> ExecuteAsync(ContainerId id, CancellationToken cancellation)
    {
        while (true)
        {
            var row = Find(id);
            if (row is null)
                return instance.Database.Read(session => session.FindEnd(id));
            if (row.State == ContainerState.Stopped)
                return Recorded(row);
            if (row.State is not null && !HasEnded(row))
                return null;
            if (row is { State: not null, Conmon: { } conmon } && Exit(id) is null)
                await instance.Exits.WaitAsync(id.ToString(), instance.Paths.Persist(id), conmon, cancellation);
            using var hold = await ContainerHold.TakeAsync(instance.Locks, id, HasNetwork(row), cancellation);
            // Whoever held the lock before may have settled it, or just have begun its life.
            var current = Find(id);
            if (current is null)
                // Its last holder took the file away, and taking the lock has made it anew.
                hold.Unlink();
            else if (current.State is null)
                return null;
            else if (HasEnded(current) && EndOf(current) is { } end)
                return await SettleAsync(current, end, hold);
        }
    }

    /// <summary>Whether a row counts as alive whose process isn't.</summary>
    public static bool HasEnded(ContainerRow row) =>
        row.State is ContainerState.Created or ContainerState.Running or ContainerState.Paused
        && row.Process?.IsAlive() != true;

    private async Task<ContainerEnd> SettleAsync(ContainerRow row, ContainerEnd end, ContainerHold hold)
    {
        await new TakeDown(instance).ExecuteAsync(row);
        if (row.Options.AutoRemove)
            instance.Rootfs.Remove(instance.Paths.Container(row.Id));
        instance.Database.Write(session =>
        {
            session.SetStopped(row.Id, end);
            if (!row.Options.AutoRemove)
                return;
            session.KeepEnd(row, end);
            session.Delete(row.Id);
        });
        new TakeDown(instance).Forget(row.Id);
        if (HasNetwork(row))
            new ContainerNetworks(instance).ReleaseIdle();
        if (row.Options.AutoRemove)
            hold.Unlink();
        return end;
    }

    private ContainerRow? Find(ContainerId id) => instance.Database.Read(session => session.FindContainer(id));

    private ContainerExit? Exit(ContainerId id) => instance.Exits.TryRead(id.ToString(), instance.Paths.Persist(id));

    // The kernel's own count, until the group is removed: conmon may have ended before it was told.
    private long OomKills(ContainerId id) =>
        instance.Cgroups.OomKills(instance.Runtime.ControlGroup(instance.Paths.Instance, id.ToString()));

    // Null: conmon lives and has not spoken yet.
    private ContainerEnd? EndOf(ContainerRow row)
    {
        if (Exit(row.Id) is { } exit)
        {
            var reason =
                exit.OomKilled || OomKills(row.Id) > 0 ? EndReason.OutOfMemory
                : row.Desired == DesiredState.Stopped ? EndReason.Stopped
                : EndReason.Exited;
            return new ContainerEnd(exit.ExitCode, reason, exit.At);
        }
        if (row.Conmon?.IsAlive() == true)
            return null;
        var rebooted = row.Process is { } process && process.BootId != ProcessIdentity.CurrentBootId;
        return new ContainerEnd(
            ContainerEnd.Unknown,
            rebooted ? EndReason.Rebooted : EndReason.MonitorLost,
            instance.Time.GetUtcNow()
        );
    }

    private static ContainerEnd Recorded(ContainerRow row) =>
        new(row.ExitCode ?? ContainerEnd.Unknown, row.Reason ?? EndReason.Exited, row.Finished ?? row.Created);

    private static bool HasNetwork(ContainerRow row) => NetworkNames.IsBridge(row.Network);
}
