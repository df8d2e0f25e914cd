using System.Globalization;

namespace Vordr.Processes;

/// <summary>
/// Which process is meant, beyond doubt: a pid alone may be given to another process, so its start time and the boot
/// that it belongs to go along.
/// </summary>
/// <param name="Pid">Process id on the host.</param>
/// <param name="StartTime">Start in clock ticks since boot (<c>/proc/pid/stat</c>, field 22).</param>
/// <param name="BootId">The kernel's random id of this boot.</param>
internal sealed record ProcessIdentity(int Pid, ulong StartTime, string BootId)
{
    /// <summary>This boot.</summary>
    public static string CurrentBootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } =
        Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc doesn't show this process");

    /// <summary>The process that has <paramref name="pid"/> now, or null when there is none, or only a zombie.</summary>
    public static ProcessIdentity? Of(int pid) =>
        Read(pid) is { State: not ('Z' or 'X') } stat ? new(pid, stat.StartTime, CurrentBootId) : null;

    /// <summary>
    /// Whether the process still runs. A zombie doesn't: it has ended, and only waits for a parent that may be slow.
    /// </summary>
    public bool IsAlive() =>
        BootId == CurrentBootId && Read(Pid) is { State: not ('Z' or 'X') } stat && stat.StartTime == StartTime;

    /// <summary>What /proc says of a pid now, or null.</summary>
    public static ProcessStat? Read(int pid)
    {
        if (pid <= 0)
            return null;
        try
        {
            return ProcessStat.Parse(
                File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"))
            );
        }
        // ESRCH while reading: the process went away between open and read.
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>What of <c>/proc/pid/stat</c> is used (proc_pid_stat(5)).</summary>
/// <param name="State">One letter; Z is a zombie.</param>
/// <param name="ParentPid">The process that will collect it.</param>
/// <param name="StartTime">Clock ticks since boot.</param>
internal sealed record ProcessStat(char State, int ParentPid, ulong StartTime)
{
    /// <summary>Reads one line; null when it isn't one. The name may hold blanks and parentheses: its end is the last one.</summary>
    public static ProcessStat? Parse(string line)
    {
        var end = line.LastIndexOf(')');
        if (end < 0)
            return null;
        var fields = line[(end + 1)..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
            fields.Length > 19
            && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && ulong.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new(fields[0][0], parent, start)
            : null;
    }
}
