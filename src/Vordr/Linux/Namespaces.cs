using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>What a thread stops sharing with the rest of its process (unshare(2)).</summary>
[Flags]
internal enum Unshared
{
    /// <summary>CLONE_FS: working directory, root, mode mask.</summary>
    FileSystemState = 0x200,

    /// <summary>CLONE_NEWNS: the mount table.</summary>
    Mounts = 0x20000,

    /// <summary>CLONE_NEWNET: the network.</summary>
    Network = 0x40000000,
}

/// <summary>
/// unshare(2). Only for a thread that ends there, or executes another program: a thread of the pool would carry what it
/// has into somebody else's work.
/// </summary>
internal static partial class Namespaces
{
    /// <summary>Gives the calling thread its own copy.</summary>
    public static void Unshare(Unshared what) => LinuxError.Check(UnshareOf((int)what), "unshare", what.ToString());

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int UnshareOf(int flags);
}
