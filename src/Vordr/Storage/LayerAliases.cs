using Oci;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// <c>l/&lt;12 hex&gt;</c> → <c>../layers/&lt;chain id&gt;</c>: overlayfs takes all lower layers in one page of mount
/// data, and 127 full names don't fit. Twelve digits can be made to collide on purpose, so an alias counts only when
/// it points to the very layer; else the next twelve digits of the chain id are tried.
/// </summary>
internal sealed class LayerAliases
{
    private const int Length = 12;
    private readonly string _directory;

    /// <summary>Opens, and makes where missing, <c>l/</c> beneath <paramref name="root"/>.</summary>
    public LayerAliases(string root)
    {
        _directory = Path.Combine(root, "l");
        PrivateDirectory.Create(_directory);
    }

    /// <summary>The layer's alias; made when it is missing.</summary>
    public string Ensure(Digest chainId)
    {
        using var directory = FileSystem.OpenDirectory(_directory);
        UnixPath target = Target(chainId);
        foreach (var alias in Candidates(chainId))
        {
            var errno = FileSystem.TryMakeSymlink(directory, alias, target);
            if (errno is not (0 or Errno.EEXIST))
                LinuxError.Throw("symlinkat", alias, errno);
            if (errno == 0 || PointsTo(directory, alias, target))
                return alias;
        }
        throw new InvalidOperationException($"Every alias of the layer {chainId} is taken.");
    }

    /// <summary>Removes the layer's alias; absent is fine.</summary>
    public void Remove(Digest chainId)
    {
        using var directory = FileSystem.OpenDirectory(_directory);
        foreach (var alias in Candidates(chainId))
        {
            if (PointsTo(directory, alias, Target(chainId)))
                FileSystem.TryUnlink(directory, alias);
        }
    }

    private static bool PointsTo(Microsoft.Win32.SafeHandles.SafeFileHandle directory, string alias, UnixPath target) =>
        FileSystem.TryReadLink(directory, alias) is { } found && found.Bytes.SequenceEqual(target.Bytes);

    private static string Target(Digest chainId) => $"../layers/{chainId.Hex}";

    private static IEnumerable<string> Candidates(Digest chainId)
    {
        for (var start = 0; start + Length <= chainId.Hex.Length; start += Length)
            yield return chainId.Hex.Substring(start, Length);
    }
}
