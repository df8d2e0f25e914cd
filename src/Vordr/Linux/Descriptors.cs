using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Descriptors that come in no file's name: pipe2(2), memfd_create(2), socketpair(2), fcntl(2).</summary>
internal static partial class Descriptors
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int DuplicateCloseOnExec = 1030;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int MemfdCloseOnExec = 1;
    private const int Unix = 1;
    private const int Stream = 1;

    /// <summary>A pipe; both ends are O_CLOEXEC.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        Span<int> ends = stackalloc int[2];
        LinuxError.Check(pipe2(ends, CloseOnExec), "pipe2");
        return (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true));
    }

    /// <summary>Two connected stream sockets; both are O_CLOEXEC.</summary>
    public static (SafeFileHandle Ours, SafeFileHandle Theirs) SocketPair()
    {
        Span<int> ends = stackalloc int[2];
        LinuxError.Check(socketpair(Unix, Stream | CloseOnExec, 0, ends), "socketpair");
        return (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true));
    }

    /// <summary>A file in memory, without a name; O_CLOEXEC.</summary>
    public static SafeFileHandle MemoryFile(string name) =>
        new(LinuxError.Check(memfd_create(name, MemfdCloseOnExec), "memfd_create"), ownsHandle: true);

    /// <summary>What was written to a <see cref="MemoryFile"/>, up to 1 MiB, as text.</summary>
    public static string ReadText(SafeFileHandle memoryFile)
    {
        var content = new byte[Math.Min(RandomAccess.GetLength(memoryFile), 1024 * 1024)];
        var length = 0;
        while (length < content.Length)
        {
            var count = RandomAccess.Read(memoryFile, content.AsSpan(length), length);
            if (count == 0)
                break;
            length += count;
        }
        return Encoding.UTF8.GetString(content, 0, length);
    }

    /// <summary>A copy of the descriptor, numbered <paramref name="floor"/> or higher; O_CLOEXEC.</summary>
    public static SafeFileHandle Duplicate(SafeHandle descriptor, int floor = 0) =>
        new(LinuxError.Check(fcntl(descriptor, DuplicateCloseOnExec, floor), "fcntl"), ownsHandle: true);

    /// <summary>Makes reads and writes return EAGAIN in place of waiting.</summary>
    public static void SetNonBlocking(SafeHandle descriptor)
    {
        var flags = LinuxError.Check(fcntl(descriptor, GetFlags, 0), "fcntl");
        LinuxError.Check(fcntl(descriptor, SetFlags, flags | NonBlocking), "fcntl");
    }

    /// <summary>Reads from a non-blocking descriptor: the number of bytes, 0 at the end, null when nothing is there yet.</summary>
    public static int? TryRead(SafeHandle descriptor, Span<byte> buffer)
    {
        nint count;
        while ((count = read(descriptor, buffer, (nuint)buffer.Length)) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Errno.EAGAIN)
                return null;
            if (error != Errno.EINTR)
                LinuxError.Throw("read", errno: error);
        }
        return (int)count;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(Span<int> ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, Span<int> ends);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeHandle descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeHandle descriptor, Span<byte> buffer, nuint count);
}
