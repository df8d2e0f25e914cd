using System.Text;
using Microsoft.Win32.SafeHandles;
using Oci;
using Vordr.Linux;

namespace Vordr.Tests.Storage;

/// <summary>What is in a directory, one line for each name, so that two trees can be compared and a test can read them.</summary>
internal static class Tree
{
    /// <summary>Names, kinds, modes, owners, targets, content and attributes; times where asked for.</summary>
    public static string Describe(string directory, bool times = false)
    {
        var lines = new List<string>();
        using var root = FileSystem.OpenDirectory(directory);
        Visit(root, ".", ".", times, lines);
        return string.Join('\n', lines);
    }

    /// <summary>Only the names, with kinds: short enough to be written out in a test.</summary>
    public static IReadOnlyList<string> Names(string directory)
    {
        var lines = new List<string>();
        using var root = FileSystem.OpenDirectory(directory);
        Visit(root, ".", ".", times: false, lines);
        return [.. lines.Select(line => string.Join(' ', line.Split(' ').Take(2))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Status of a path whose links aren't followed at the end.</summary>
    public static FileStatus Status(string path) =>
        FileSystem.TryStat(path) ?? throw new FileNotFoundException("nothing is there", path);

    private static void Visit(SafeFileHandle parent, UnixPath name, string shown, bool times, List<string> lines)
    {
        var status = FileSystem.TryStat(parent, name)!.Value;
        var line = new StringBuilder(
            $"{status.Kind} {shown} {Convert.ToString(status.Mode, 8)} {status.UserId}:{status.GroupId}"
        );
        if (times)
            line.Append($" @{status.Modified.Seconds}.{status.Modified.Nanoseconds:d9}");
        switch (status.Kind)
        {
            case FileKind.SymbolicLink:
                line.Append($" -> {FileSystem.TryReadLink(parent, name)}");
                break;
            case FileKind.CharacterDevice or FileKind.BlockDevice:
                line.Append($" {status.Represents}");
                break;
            case FileKind.Regular:
                using (var file = OpenAt2.Open(parent, name, OpenFlags.NoFollow, ResolveFlags.NoSymlinks))
                using (var stream = new FileStream(file, FileAccess.Read))
                {
                    var content = new byte[stream.Length];
                    stream.ReadExactly(content);
                    line.Append($" {status.Links} {Digest.Of(content).Hex[..16]}");
                }
                break;
        }
        foreach (var attribute in Xattr.List(parent, name).Order(StringComparer.Ordinal))
            line.Append($" {attribute}={Convert.ToHexString(Xattr.Get(parent, name, attribute)!)}");
        lines.Add(line.ToString());
        if (status.Kind != FileKind.Directory)
            return;
        using var directory = OpenAt2.Open(parent, name, OpenFlags.Directory, ResolveFlags.NoSymlinks);
        var children = new List<UnixPath>();
        while (DirectoryEntries.Next(directory) is { Count: > 0 } names)
            children.AddRange(names);
        foreach (var child in children.OrderBy(child => child.ToString(), StringComparer.Ordinal))
            Visit(directory, child, shown == "." ? child.ToString() : $"{shown}/{child}", times, lines);
    }
}
