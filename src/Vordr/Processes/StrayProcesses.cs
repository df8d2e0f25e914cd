using System.Globalization;
using Vordr.Containers;
using Vordr.Linux;

namespace Vordr.Processes;

/// <summary>
/// conmon and runtime of a container whose starter was killed before it knew them. conmon takes the end of its start
/// pipe for the word to go on, so it may be making the container just now, outside of the group that would name it.
/// </summary>
internal static class StrayProcesses
{
    /// <summary>Kills every process whose arguments name the container, and waits for their ends, until there is none.</summary>
    public static async Task KillAsync(ContainerId id, ProcessWatcher watcher)
    {
        while (Find(id) is { Count: > 0 } strays)
        {
            foreach (var stray in strays)
            {
                using var pidfd = PidFd.TryOpen(stray.Pid);
                if (pidfd is null || !stray.IsAlive())
                    continue;
                PidFd.Send(pidfd, Signals.Kill);
                await watcher.WaitReadableAsync(pidfd, CancellationToken.None);
            }
        }
    }

    private static List<ProcessIdentity> Find(ContainerId id)
    {
        var name = id.ToString();
        var found = new List<ProcessIdentity>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && Names(directory, name)
                && ProcessIdentity.Of(pid) is { } process
            )
            {
                found.Add(process);
            }
        }
        return found;
    }

    // conmon … -c ID --exit-dir …, and what it executes: runtime … create … ID. Others may name the container too, as
    // whoever reads its logs.
    private static bool Names(string directory, string id)
    {
        try
        {
            var words = File.ReadAllText(Path.Join(directory, "cmdline")).Split('\0');
            return words.Contains(id) && (words.Contains("--exit-dir") || words.Contains("create"));
        }
        catch (IOException)
        {
            return false;
        }
    }
}
