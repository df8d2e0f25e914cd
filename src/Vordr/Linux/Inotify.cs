using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Changes in a directory: inotify(7). Readable when something appeared or was renamed into it.</summary>
internal static partial class Inotify
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const uint Modified = 0x2;
    private const uint CloseWrite = 0x8;
    private const uint MovedTo = 0x80;
    private const uint Created = 0x100;

    /// <summary>Watches a directory; the events are read with <see cref="Drain"/>.</summary>
    public static SafeFileHandle Watch(string directory) => Watch(directory, CloseWrite | MovedTo | Created);

    /// <summary>Watches what is written to a file.</summary>
    public static SafeFileHandle WatchFile(string path) => Watch(path, Modified);

    private static SafeFileHandle Watch(string path, uint events)
    {
        var handle = new SafeFileHandle(
            LinuxError.Check(inotify_init1(CloseOnExec | NonBlocking), "inotify_init1"),
            ownsHandle: true
        );
        try
        {
            LinuxError.Check(inotify_add_watch(handle, path, events), "inotify_add_watch", path);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes all events that are there. What they say doesn't matter: the directory itself is the truth.</summary>
    public static void Drain(SafeFileHandle handle)
    {
        Span<byte> events = stackalloc byte[4096];
        while (Descriptors.TryRead(handle, events) is > 0)
        {
            // Another buffer may be waiting.
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(SafeFileHandle handle, string path, uint mask);
}
