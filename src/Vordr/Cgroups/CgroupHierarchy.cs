using System.Globalization;
using System.Text;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Cgroups;

/// <summary>How the host's control groups are laid out (cgroups(7)).</summary>
internal enum CgroupMode
{
    /// <summary>One tree of version 2.</summary>
    Unified,

    /// <summary>One tree a controller, version 1.</summary>
    Legacy,

    /// <summary>As <see cref="Legacy"/>, and a version-2 tree without controllers beside it.</summary>
    Hybrid,
}

/// <summary>The host's control-group trees, and groups in them. All operations are idempotent.</summary>
internal sealed class CgroupHierarchy
{
    // Trees by which a service manager ends what it started, and by which a starter's limits would reach conmon.
    private static readonly IReadOnlyList<string> ConmonControllers = ["name=systemd", "memory", "pids"];

    private CgroupHierarchy(IReadOnlyList<CgroupTree> trees)
    {
        Trees = trees;
        var hasUnified = trees.Any(tree => tree.IsUnified);
        var hasLegacy = trees.Any(tree => !tree.IsUnified);
        Mode = (hasUnified, hasLegacy) switch
        {
            (true, false) => CgroupMode.Unified,
            (true, true) => CgroupMode.Hybrid,
            _ => CgroupMode.Legacy,
        };
    }

    /// <summary>The layout.</summary>
    public CgroupMode Mode { get; }

    /// <summary>Every mounted tree.</summary>
    public IReadOnlyList<CgroupTree> Trees { get; }

    /// <summary>Whether the kernel accounts swap, without which a limit on memory and swap is refused.</summary>
    public bool AccountsSwap =>
        Trees.Any(tree =>
            tree.IsUnified
                ? Mode == CgroupMode.Unified && File.Exists("/proc/swaps")
                : tree.Controllers.Contains("memory")
                    && File.Exists(Path.Combine(tree.MountPoint, "memory.memsw.limit_in_bytes"))
        );

    /// <summary>Reads the layout from the mount table.</summary>
    public static CgroupHierarchy Detect() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>As <see cref="Detect"/>, from the text of a mount table.</summary>
    public static CgroupHierarchy Parse(string mountInfo) => new(CgroupTree.Parse(mountInfo));

    /// <summary>
    /// Makes a group in every tree, and puts a process into it in those that decide who is ended together. Standing in
    /// every tree it keeps the instance's own group there, so that no other command takes that away from under a
    /// runtime that is about to make the container's.
    /// </summary>
    /// <param name="path">Absolute, as <c>/vordr/conmon-id</c>.</param>
    /// <param name="pid">The process.</param>
    public void Enter(string path, int pid)
    {
        foreach (var tree in Trees)
        {
            var directory = tree.Directory(path);
            Make(directory);
            if (tree.IsUnified || ConmonControllers.Any(tree.Controllers.Contains))
                WriteProcess(directory, pid);
        }
    }

    /// <summary>
    /// Begins what a start will wait for, beside its other work: on a machine at rest the first write to any
    /// <c>cgroup.procs</c> waits for a grace period of the kernel (about 8 ms), and those soon after it don't. Puts this
    /// process where it is already; what comes of it doesn't matter.
    /// </summary>
    public void Warm() =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static trees =>
            {
                try
                {
                    if (Own(trees) is { } directory)
                        WriteProcess(directory, Environment.ProcessId);
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                    // Then the start waits, as it would have.
                }
            },
            Trees,
            preferLocal: false
        );

    /// <summary>Processes in the group and below, in any tree.</summary>
    public IReadOnlySet<int> Processes(string path)
    {
        var processes = new HashSet<int>();
        foreach (var directory in Directories(path))
        {
            foreach (var line in TryReadLines(Path.Combine(directory, "cgroup.procs")))
            {
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                    processes.Add(pid);
            }
        }
        return processes;
    }

    /// <summary>Kills what is left in a group, waits for it, and removes the group from every tree.</summary>
    public async Task RemoveAsync(string path, ProcessWatcher watcher, CancellationToken cancellationToken)
    {
        while (Processes(path) is { Count: > 0 } left)
            await KillAsync(left, watcher, cancellationToken);
        // Deepest first. The kernel takes a process out of its group a moment after its pidfd says that it has ended,
        // and tells nobody: the one place where asking again is all there is.
        for (var attempt = 0; !TryRemoveAll(Directories(path).Reverse()); attempt++)
        {
            if (attempt == 10)
                LinuxError.Throw("rmdir", path, Errno.EBUSY);
            await Task.Delay(TimeSpan.FromMilliseconds(1 << attempt), cancellationToken);
        }
        // The last one out takes the instance's group along; while others are in it, the kernel refuses.
        if (Path.GetDirectoryName(path) is { Length: > 1 } instance)
            _ = TryRemoveAll(Trees.Select(tree => tree.Directory(instance)));
    }

    /// <summary>How many processes the kernel killed in the group for memory; 0 when it isn't there.</summary>
    public long OomKills(string path)
    {
        foreach (var tree in Trees)
        {
            var counted =
                tree.IsUnified ? "memory.events"
                : tree.Controllers.Contains("memory") ? "memory.oom_control"
                : null;
            if (counted is null)
                continue;
            foreach (var line in TryReadLines(Path.Combine(tree.Directory(path), counted)))
            {
                if (
                    line.StartsWith("oom_kill ", StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
                )
                    return kills;
            }
        }
        return 0;
    }

    /// <summary>This process's own group: in the tree of pids, or in the one tree that there is.</summary>
    private static string? Own(IReadOnlyList<CgroupTree> trees)
    {
        var legacy = trees.FirstOrDefault(tree => tree.Controllers.Contains("pids"));
        var tree = legacy ?? trees.FirstOrDefault(tree => tree.IsUnified);
        var middle = legacy is null ? "::" : ":pids:";
        // hierarchy:controllers:path (cgroups(7))
        var line = File.ReadLines("/proc/self/cgroup")
            .FirstOrDefault(line => line.Contains(middle, StringComparison.Ordinal));
        return tree is null || line is null
            ? null
            : tree.Directory(line[(line.IndexOf(middle, StringComparison.Ordinal) + middle.Length)..]);
    }

    private static async Task KillAsync(
        IReadOnlySet<int> processes,
        ProcessWatcher watcher,
        CancellationToken cancellationToken
    )
    {
        foreach (var pid in processes)
        {
            using var pidfd = PidFd.TryOpen(pid);
            // A zombie is listed as long as it has a parent that is slow; it can't be waited for here, and needn't be.
            if (pidfd is not null && PidFd.Send(pidfd, Signals.Kill))
                await watcher.WaitReadableAsync(pidfd, cancellationToken);
        }
    }

    // Parents before children, in every tree.
    private IEnumerable<string> Directories(string path) =>
        Trees.Select(tree => tree.Directory(path)).Where(Directory.Exists).SelectMany(WithChildren);

    private static IEnumerable<string> WithChildren(string directory) =>
        Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).Prepend(directory).ToList();

    private static bool TryRemoveAll(IEnumerable<string> directories)
    {
        var all = true;
        foreach (var directory in directories)
            all &= TryRemove(directory);
        return all;
    }

    // The instance's group may go between its making and the child's, when another command removes the last container.
    private static void Make(string directory)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(directory);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < 10)
            {
                // Made again from the top.
            }
        }
    }

    private static bool TryRemove(string directory)
    {
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[] TryReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        // ENODEV: the group was removed while it was read.
        catch (IOException)
        {
            return [];
        }
    }

    private static void WriteProcess(string directory, int pid)
    {
        using var file = File.OpenHandle(
            Path.Combine(directory, "cgroup.procs"),
            FileMode.Open,
            FileAccess.Write,
            FileShare.ReadWrite
        );
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0);
    }
}
