using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// Network namespaces (network_namespaces(7)), kept alive by a bind mount: the pin. A thread that entered one ends
/// there: never a thread of the pool, which would carry the namespace into somebody else's work.
/// </summary>
internal static partial class NetworkNamespace
{
    /// <summary>
    /// Makes a namespace, pins it at <paramref name="pin"/>, and returns a handle to it and a route socket inside.
    /// A pin that holds a namespace is kept and used; what an interrupted attempt left is finished.
    /// </summary>
    public static (SafeFileHandle Namespace, RouteSocket Socket) CreateOrOpen(string pin)
    {
        if (TryOpen(pin) is { } existing)
            return (existing, InNamespace(existing, () => new RouteSocket()));
        Directory.CreateDirectory(Path.GetDirectoryName(pin)!);
        File.OpenHandle(pin, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        return OnOwnThread(() =>
        {
            Namespaces.Unshare(Unshared.Network);
            var socket = new RouteSocket();
            try
            {
                Mount.Bind(OwnNamespace, pin);
                return (TryOpen(pin) ?? throw LinuxError.Of("open", pin, Errno.ENOENT), socket);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        });
    }

    /// <summary>The namespace pinned at <paramref name="pin"/>, or null when there is none: no file, or an empty one.</summary>
    public static SafeFileHandle? TryOpen(string pin)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(pin, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        // Any file but a namespace's answers ENOTTY.
        if (ioctl(handle, GetNamespaceType) == NewNetwork)
            return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>Removes the pin; the kernel drops the namespace when its last process has ended. Done is done.</summary>
    public static void Unpin(string pin)
    {
        // An interrupted attempt may have mounted twice.
        while (Mount.TryUnmount(pin)) { }
        if (File.Exists(pin))
            File.Delete(pin);
    }

    /// <summary>Runs <paramref name="work"/> inside the namespace, on a thread of its own that ends with it.</summary>
    public static T InNamespace<T>(SafeFileHandle target, Func<T> work) =>
        OnOwnThread(() =>
        {
            LinuxError.Check(setns(target, NewNetwork), "setns", "network namespace");
            return work();
        });

    private static T OnOwnThread<T>(Func<T> work)
    {
        var (result, failure) = (default(T), default(ExceptionDispatchInfo));
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackSize
        )
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private const int StackSize = 256 * 1024;
    private const string OwnNamespace = "/proc/thread-self/ns/net";
    private const int NewNetwork = 0x40000000;
    private const nuint GetNamespaceType = 0xb703;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle target, int type);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request);
}
