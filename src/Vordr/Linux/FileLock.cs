using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// An advisory lock on a file, flock(2). The descriptor is O_CLOEXEC, since a child that inherits it would hold the
/// lock for its life; and after taking it the path is looked at again, since the last holder may have unlinked the
/// file while we waited, and a lock on a nameless inode excludes nobody.
/// </summary>
internal sealed partial class FileLock : IDisposable
{
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly bool _exclusive;

    private FileLock(SafeFileHandle handle, string path, bool exclusive)
    {
        _handle = handle;
        _path = path;
        _exclusive = exclusive;
    }

    /// <summary>Takes the lock now, or returns null when another holds it.</summary>
    public static FileLock? TryAcquire(string path, bool exclusive) => Acquire(path, exclusive, wait: false);

    /// <summary>Waits for the lock on this thread: for those held over a few system calls only.</summary>
    public static FileLock Acquire(string path, bool exclusive) => Acquire(path, exclusive, wait: true)!;

    /// <summary>
    /// Waits for the lock. flock has no time-out and no wake-up: the wait sits on a thread of its own, and a cancelled
    /// one lets go by itself as soon as it gets the lock.
    /// </summary>
    public static async Task<FileLock> AcquireAsync(string path, bool exclusive, CancellationToken cancellationToken)
    {
        if (TryAcquire(path, exclusive) is { } free)
            return free;
        var waiting = Task.Factory.StartNew(
            () => Acquire(path, exclusive, wait: true)!,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        try
        {
            return await waiting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = waiting.ContinueWith(
                static late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
            throw;
        }
    }

    /// <summary>Removes the file, for locks whose names would pile up; the lock is held until disposed.</summary>
    public void Unlink()
    {
        if (!_exclusive)
            throw new InvalidOperationException("Only the exclusive holder may remove a lock file.");
        File.Delete(_path);
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _handle.Dispose();

    private static FileLock? Acquire(string path, bool exclusive, bool wait)
    {
        var operation = (exclusive ? LockExclusive : LockShared) | (wait ? 0 : LockNonBlocking);
        while (true)
        {
            var handle = FileSystem.OpenPath(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, 0x180);
            var taken = false;
            try
            {
                if (!Lock(handle, operation, path))
                    return null;
                taken = FileSystem.Stat(handle).Same(FileSystem.TryStat(path));
                if (taken)
                    return new FileLock(handle, path, exclusive);
            }
            finally
            {
                if (!taken)
                    handle.Dispose();
            }
        }
    }

    private static bool Lock(SafeFileHandle handle, int operation, string path)
    {
        while (Flock(handle, operation) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.EINTR)
                continue;
            if (errno == Errno.EAGAIN)
                return false;
            LinuxError.Throw("flock", path, errno);
        }
        return true;
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle fd, int operation);
}
