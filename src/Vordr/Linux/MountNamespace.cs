using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>Mount namespaces: unshare(2), mount_namespaces(7).</summary>
internal static partial class MountNamespace
{
    private const int NewMounts = 0x00020000;
    private const ulong Recursive = 0x4000;
    private const ulong Private = 0x40000;
    private const int Detach = 2;

    /// <summary>
    /// Gives the calling thread a copy of the mount table. Only for a thread that then executes another program or ends:
    /// nobody else of this process sees what it sees.
    /// </summary>
    public static void Unshare() => LinuxError.Check(unshare(NewMounts), "unshare", "mount namespace");

    /// <summary>Keeps mounts and unmounts of this namespace from every other.</summary>
    public static void MakePrivate() =>
        LinuxError.Check(mount(null, "/", null, Recursive | Private, 0), "mount", "private");

    /// <summary>Takes a mount out of the namespace.</summary>
    public static void Unmount(string path) => LinuxError.Check(umount2(path, Detach), "umount2", path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string? source, string target, string? type, ulong flags, nint data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
