using Vordr.Containers;
using Vordr.Journals;
using Vordr.Locks;

namespace Vordr.Recovery;

/// <summary>
/// Removes lock files that nobody will take again: their processes were killed between the file and the row that would
/// name it, or between the row and the removal of the file.
/// </summary>
internal sealed class StaleLocks(Instance instance)
{
    /// <summary>Removes them; one that is held, or named by a row, stays.</summary>
    public void Sweep()
    {
        List<string> files =
        [
            .. instance.Locks.Names(LockNames.LoadPrefix),
            .. instance.Locks.Names(LockNames.CallPrefix),
            .. instance.Locks.Names(LockNames.ContainerPrefix),
        ];
        if (files.Count == 0)
            return;
        var named = instance.Database.Read(session =>
            session
                .Query("SELECT id FROM containers", row => LockNames.ContainerPrefix + row.GetString(0))
                .Concat(session.Journal().Select(row => row.Lock))
                .ToHashSet()
        );
        foreach (var file in files.Where(file => !named.Contains(file)))
        {
            using var held = instance.Locks.TryTake(file);
            // Asked again under the lock: it may have got its row just now, and let go of its lock since.
            if (held is not null && !IsNamed(file))
                held.Unlink();
        }
    }

    private bool IsNamed(string file) =>
        instance.Database.Read(session =>
            session.Journal().Exists(row => row.Lock == file)
            || (
                file.StartsWith(LockNames.ContainerPrefix, StringComparison.Ordinal)
                && ContainerId.TryParse(file[LockNames.ContainerPrefix.Length..], out var id)
                && session.FindContainer(id) is not null
            )
        );
}
