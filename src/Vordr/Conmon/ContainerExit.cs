#pragma warning disable CS9113 // filled this evening
using Vordr.Processes;

namespace Vordr.Conmon;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Its exit code, 128 and the signal when one ended it, or −1 when nobody knows.</param>
/// <param name="At">When.</param>
/// <param name="OomKilled">Whether the kernel killed in it because its memory limit was reached.</param>
/// <param name="MonitorLost">Whether conmon was killed, so that the code is not known.</param>
internal sealed record ContainerExit(int ExitCode, DateTimeOffset At, bool OomKilled, bool MonitorLost);

/// <summary>Reads what conmon leaves behind when a container ends.</summary>
/// <param name="exitDirectory">Where exit files appear.</param>
/// <param name="watcher">Waits for conmon's end.</param>
/// <param name="clock">Time of an exit that left no file.</param>
internal sealed class ExitFiles(string exitDirectory, ProcessWatcher watcher, TimeProvider clock)
{
    /// <summary>The exit, when the file is there.</summary>
    public ContainerExit? TryRead(string containerId, string persistDirectory) => throw new NotImplementedException();

    /// <summary>Waits for the exit file, or for conmon's end without one; never polls.</summary>
    public Task<ContainerExit> WaitAsync(
        string containerId,
        string persistDirectory,
        ProcessIdentity conmon,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException();

    /// <summary>Removes the exit file. Twice is once.</summary>
    public void Remove(string containerId) => throw new NotImplementedException();
}
