using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// Directories of the state that only we may enter: what lies beneath keeps its owners and setuid bits, and must not
/// be reachable for the host's users.
/// </summary>
internal static class PrivateDirectory
{
    private const int OwnerOnly = 0x1c0; // 0700

    /// <summary>Makes it, with parents, where missing; an existing one is closed to others.</summary>
    public static void Create(string path)
    {
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
            Directory.CreateDirectory(parent);
        var errno = FileSystem.TryMakeDirectory(FileSystem.WorkingDirectory, path, OwnerOnly);
        if (errno is not (0 or Errno.EEXIST))
            LinuxError.Throw("mkdir", path, errno);
        if (errno == Errno.EEXIST && FileSystem.TryStat(path)?.Mode != OwnerOnly)
            FileSystem.ChangeMode(FileSystem.WorkingDirectory, path, OwnerOnly);
    }
}
