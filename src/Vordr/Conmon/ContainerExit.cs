using System.Globalization;
using Vordr.Cgroups;
using Vordr.Processes;

namespace Vordr.Conmon;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Its exit code, 128 and the signal when one ended it, or −1 when nobody knows.</param>
/// <param name="At">When.</param>
/// <param name="OomKilled">Whether the kernel killed in it because its memory limit was reached.</param>
/// <param name="MonitorLost">Whether conmon was killed, so that the code is not known.</param>
internal sealed record ContainerExit(int ExitCode, DateTimeOffset At, bool OomKilled, bool MonitorLost);

/// <summary>Reads what conmon leaves behind when a container ends.</summary>
internal sealed class ExitFiles : IDisposable
{
    private readonly string exitDirectory;
    private readonly ProcessWatcher watcher;
    private readonly TimeProvider clock;
    private readonly DirectoryWatch changes;

    /// <summary>Watches over a directory of exit files.</summary>
    /// <param name="exitDirectory">Where exit files appear; it exists.</param>
    /// <param name="watcher">Waits for conmon's end.</param>
    /// <param name="clock">Time of an exit that left no file.</param>
    public ExitFiles(string exitDirectory, ProcessWatcher watcher, TimeProvider clock)
    {
        this.exitDirectory = exitDirectory;
        this.watcher = watcher;
        this.clock = clock;
        changes = new(exitDirectory, watcher);
    }

    /// <summary>
    /// The exit, when the file is there. An OOM kill is told by conmon's <c>oom</c> file; the kernel's own count, which
    /// conmon may not have been quick enough to see, is in <see cref="CgroupHierarchy.OomKills"/> until the group is
    /// removed.
    /// </summary>
    public ContainerExit? TryRead(string containerId, string persistDirectory)
    {
        var file = new FileInfo(Path.Combine(exitDirectory, containerId));
        string text;
        try
        {
            text = File.ReadAllText(file.FullName);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        // conmon renames a finished file into place, so what is there is whole.
        return int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
            ? new(
                code,
                new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
                File.Exists(Path.Combine(persistDirectory, "oom")),
                MonitorLost: false
            )
            : null;
    }

    /// <summary>Waits for the exit file, or for conmon's end without one; never polls.</summary>
    public async Task<ContainerExit> WaitAsync(
        string containerId,
        string persistDirectory,
        ProcessIdentity conmon,
        CancellationToken cancellationToken
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lost = watcher.WaitExitAsync(conmon, ended.Token);
        try
        {
            while (true)
            {
                var change = changes.NextChange();
                // Asked before the file is: conmon writes the file first, and ends then.
                var gone = lost.IsCompleted;
                if (TryRead(containerId, persistDirectory) is { } exit)
                    return exit;
                if (gone)
                {
                    await lost;
                    return new(-1, clock.GetUtcNow(), OomKilled: false, MonitorLost: true);
                }
                await Task.WhenAny(change, lost).WaitAsync(cancellationToken);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await lost.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Removes the exit file. Twice is once.</summary>
    public void Remove(string containerId) => File.Delete(Path.Combine(exitDirectory, containerId));

    /// <inheritdoc/>
    public void Dispose() => changes.Dispose();
}
