using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Processes;

/// <summary>What to start, with everything it will have.</summary>
internal sealed record Launch
{
    /// <summary>Absolute path of the program.</summary>
    public required string Path { get; init; }

    /// <summary>Arguments after the name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment on top of <see cref="BaseEnvironment"/>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Number in the child → descriptor here; 0 to 2 are <c>/dev/null</c> when not named.</summary>
    public IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>Working directory.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>
    /// The closed environment of every child: a fixed search path, and none of the caller's variables, which could load
    /// a library or turn a log on.
    /// </summary>
    public static IReadOnlyList<string> BaseEnvironment { get; } =
    ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"];
}

/// <summary>A program that this process started and must collect.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly SafeFileHandle pidfd;
    private ChildExit? exit;

    private ChildProcess(int pid, SafeFileHandle pidfd)
    {
        Pid = pid;
        this.pidfd = pidfd;
    }

    /// <summary>Process id; it stays the child's until the child is collected.</summary>
    public int Pid { get; }

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(Launch launch)
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var descriptors = new Dictionary<int, SafeHandle>
        {
            [0] = nothing,
            [1] = nothing,
            [2] = nothing,
        };
        foreach (var (number, descriptor) in launch.Descriptors)
            descriptors[number] = descriptor;
        var pid = Spawn.Start(
            launch.Path,
            [Path.GetFileName(launch.Path), .. launch.Arguments],
            [.. Launch.BaseEnvironment, .. launch.Environment],
            descriptors,
            launch.WorkingDirectory
        );
        // Not collected yet, so the pid can't have been given to another.
        return new(pid, PidFd.TryOpen(pid) ?? throw new InvalidOperationException("A child was collected by another"));
    }

    /// <summary>Sends a signal; false when it has ended.</summary>
    public bool Signal(int signal) => PidFd.Send(pidfd, signal);

    /// <summary>Waits for its end and collects it. Cancelling kills it: a child is never left behind.</summary>
    public async Task<ChildExit> WaitAsync(ProcessWatcher watcher, CancellationToken cancellationToken)
    {
        if (exit is { } known)
            return known;
        try
        {
            await watcher.WaitReadableAsync(pidfd, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signal(Signals.Kill);
            await watcher.WaitReadableAsync(pidfd, CancellationToken.None);
            exit = PidFd.TryReap(pidfd);
            throw;
        }
        exit = PidFd.TryReap(pidfd);
        return exit ?? throw new InvalidOperationException("A pidfd was readable before its process ended");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Only after a failure between start and wait: what was killed ends at once.
        if (exit is null)
        {
            Signal(Signals.Kill);
            PidFd.Reap(pidfd);
        }
        pidfd.Dispose();
    }
}
