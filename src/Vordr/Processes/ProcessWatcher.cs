using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Processes;

/// <summary>
/// Tells when descriptors become readable, pidfds above all: one thread in epoll_wait(2) for any number of waits, so
/// that no wait polls and none holds a thread of the pool.
/// </summary>
internal sealed class ProcessWatcher : IDisposable
{
    private readonly SafeFileHandle epoll = Epoll.Create();
    private readonly SafeFileHandle wake = Epoll.CreateEvent();
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> waits = new();
    private readonly Lock gate = new();
    private Thread? thread;
    private ulong lastToken;
    private bool disposed;

    /// <summary>
    /// Completes when <paramref name="descriptor"/> is readable or its other end is closed; for a pidfd, when the
    /// process has ended. One wait a descriptor at a time.
    /// </summary>
    public async Task WaitReadableAsync(SafeHandle descriptor, CancellationToken cancellationToken)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong token;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            token = ++lastToken;
            waits[token] = wait;
            if (thread is null)
            {
                Epoll.Add(epoll, wake, 0);
                thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "vordr-watcher" };
                thread.Start();
            }
        }
        var added = false;
        try
        {
            Epoll.Add(epoll, descriptor, token);
            added = true;
            await wait.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            waits.TryRemove(token, out _);
            if (added && !descriptor.IsClosed)
                Epoll.Remove(epoll, descriptor);
        }
    }

    /// <summary>Completes when the process has ended; at once when it isn't there any more.</summary>
    public async Task WaitExitAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        using var pidfd = PidFd.TryOpen(process.Pid);
        // Between the opening and here the pid may have been given away: the identity is asked again.
        if (pidfd is null || !process.IsAlive())
            return;
        await WaitReadableAsync(pidfd, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }
        if (thread is not null)
        {
            Epoll.Signal(wake);
            thread.Join();
        }
        epoll.Dispose();
        wake.Dispose();
    }

    private void Run()
    {
        Span<ulong> ready = stackalloc ulong[32];
        while (true)
        {
            var count = Epoll.Wait(epoll, ready);
            foreach (var token in ready[..count])
            {
                if (token == 0)
                {
                    foreach (var wait in waits.Values)
                        wait.TrySetException(new ObjectDisposedException(nameof(ProcessWatcher)));
                    return;
                }
                if (waits.TryRemove(token, out var completed))
                    completed.TrySetResult();
            }
        }
    }
}
