using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>The last step of everything that grows in the staging area: one rename, and the directory that got the name synced.</summary>
internal static class Published
{
    /// <summary>Renames a file into place; the same content may already be there, and is replaced.</summary>
    public static void Rename(string staged, string destination)
    {
        var errno = FileSystem.TryRename(FileSystem.WorkingDirectory, staged, FileSystem.WorkingDirectory, destination);
        if (errno != 0)
            LinuxError.Throw("renameat2", destination, errno);
        SyncParent(destination);
    }

    /// <summary>Renames a directory into place; false when the name is taken.</summary>
    public static bool TryRenameNew(string staged, string destination)
    {
        var errno = FileSystem.TryRenameNew(
            FileSystem.WorkingDirectory,
            staged,
            FileSystem.WorkingDirectory,
            destination
        );
        if (errno == Errno.EEXIST)
            return false;
        if (errno != 0)
            LinuxError.Throw("renameat2", destination, errno);
        SyncParent(destination);
        return true;
    }

    /// <summary>Swaps a staged directory with the one in place, in one step; the old one is then at the staged path.</summary>
    public static void Exchange(string staged, string destination)
    {
        var errno = FileSystem.TryExchange(
            FileSystem.WorkingDirectory,
            staged,
            FileSystem.WorkingDirectory,
            destination
        );
        if (errno != 0)
            LinuxError.Throw("renameat2", destination, errno);
        SyncParent(destination);
    }

    private static void SyncParent(string path)
    {
        using var parent = FileSystem.OpenDirectory(Path.GetDirectoryName(path)!);
        FileSystem.Sync(parent);
    }
}
