using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Processes;

/// <summary>
/// Tells any number of waiters that something appeared in a directory, through one inotify instance: their number is
/// limited by the kernel (<c>fs.inotify.max_user_instances</c>).
/// </summary>
internal sealed class DirectoryWatch : IDisposable
{
    private readonly string directory;
    private readonly ProcessWatcher watcher;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private TaskCompletionSource change = New();
    private Task? loop;

    public DirectoryWatch(string directory, ProcessWatcher watcher)
    {
        this.directory = directory;
        this.watcher = watcher;
    }

    /// <summary>
    /// A task that completes at the next change. Take it, then look at the directory, then wait: so nothing is missed.
    /// </summary>
    public Task NextChange()
    {
        lock (gate)
        {
            loop ??= RunAsync(Inotify.Watch(directory));
            return change.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(SafeFileHandle inotify)
    {
        var stopping = stop.Token;
        using (inotify)
        {
            try
            {
                while (true)
                {
                    await watcher.WaitReadableAsync(inotify, stopping);
                    Inotify.Drain(inotify);
                    Announce();
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                // Whoever still waits has a token of its own, and looks once more.
                Announce();
            }
        }
    }

    private void Announce()
    {
        TaskCompletionSource announced;
        lock (gate)
        {
            announced = change;
            change = New();
        }
        announced.TrySetResult();
    }
}
