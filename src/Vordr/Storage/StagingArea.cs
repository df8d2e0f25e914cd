using System.Globalization;
using System.Security.Cryptography;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Storage;

/// <summary>
/// <c>tmp/</c> beneath the state directory: where content grows before it is renamed to its place. Each entry's name
/// says which process it belongs to (pid, start time, boot), so that a leftover of a killed one is known for what it
/// is, and a running one's is let be.
/// </summary>
internal sealed class StagingArea
{
    private readonly string _directory;

    /// <summary>Opens, and makes where missing, the staging area of a state directory.</summary>
    public StagingArea(string root)
    {
        _directory = Path.Combine(root, "tmp");
        PrivateDirectory.Create(_directory);
    }

    /// <summary>A path for something new; nothing is there yet.</summary>
    /// <param name="kind">One word that tells people what it was going to be.</param>
    public string NewPath(string kind)
    {
        var (pid, started, boot) = ProcessIdentity.Current;
        var unique = RandomNumberGenerator.GetHexString(16, lowercase: true);
        return Path.Combine(
            _directory,
            string.Create(CultureInfo.InvariantCulture, $"{kind}-{unique}.{pid}.{started}.{boot}")
        );
    }

    /// <summary>Removes what processes that are no more have left; returns how many entries that were.</summary>
    public int Sweep()
    {
        using var directory = FileSystem.OpenDirectory(_directory);
        var removed = 0;
        foreach (var path in Directory.EnumerateFileSystemEntries(_directory).ToList())
        {
            var name = Path.GetFileName(path);
            if (OwnerOf(name) is not { } owner || owner.IsAlive())
                continue;
            FileTree.Remove(directory, name);
            removed++;
        }
        return removed;
    }

    private static ProcessIdentity? OwnerOf(string name) =>
        name.Split('.') is [_, var pid, var started, var boot]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && ulong.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(id, start, boot)
            : null;
}
