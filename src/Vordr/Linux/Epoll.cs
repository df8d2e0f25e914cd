using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Readiness of descriptors: epoll(7), eventfd(2).</summary>
internal static partial class Epoll
{
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const uint In = 0x001;
    private const uint OneShot = 1u << 30;

    // struct epoll_event is packed on x86-64 and only there, so it is laid out by hand.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    /// <summary>A new epoll instance.</summary>
    public static SafeFileHandle Create() =>
        new(LinuxError.Check(epoll_create1(CloseOnExec), "epoll_create1"), ownsHandle: true);

    /// <summary>A new eventfd, for waking a waiting thread.</summary>
    public static SafeFileHandle CreateEvent() =>
        new(LinuxError.Check(eventfd(0, CloseOnExec), "eventfd"), ownsHandle: true);

    /// <summary>Makes an eventfd readable.</summary>
    public static void Signal(SafeFileHandle handle) => LinuxError.Check(eventfd_write(handle, 1), "eventfd_write");

    /// <summary>Watches <paramref name="descriptor"/> for input, once.</summary>
    public static void Add(SafeFileHandle epoll, SafeHandle descriptor, ulong token)
    {
        Span<byte> change = stackalloc byte[EventSize];
        BinaryPrimitives.WriteUInt32LittleEndian(change, In | OneShot);
        BinaryPrimitives.WriteUInt64LittleEndian(change[DataOffset..], token);
        LinuxError.Check(epoll_ctl(epoll, ControlAdd, descriptor, change), "epoll_ctl");
    }

    /// <summary>Stops watching; a descriptor that isn't watched is left alone.</summary>
    public static void Remove(SafeFileHandle epoll, SafeHandle descriptor)
    {
        Span<byte> unused = stackalloc byte[EventSize];
        _ = epoll_ctl(epoll, ControlDelete, descriptor, unused);
    }

    /// <summary>Waits until something is ready; fills in tokens and returns how many.</summary>
    public static int Wait(SafeFileHandle epoll, Span<ulong> tokens)
    {
        Span<byte> events = stackalloc byte[EventSize * tokens.Length];
        int count;
        while ((count = epoll_wait(epoll, events, tokens.Length, -1)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                LinuxError.Throw("epoll_wait");
        }
        for (var index = 0; index < count; index++)
            tokens[index] = BinaryPrimitives.ReadUInt64LittleEndian(events[(index * EventSize + DataOffset)..]);
        return count;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeHandle descriptor, Span<byte> change);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, Span<byte> events, int count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd_write(SafeFileHandle handle, ulong value);
}
