using System.Text;

namespace Vordr.Cgroups;

/// <summary>One mounted tree of control groups.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">Version 1: its controllers, or <c>name=systemd</c>; empty for version 2.</param>
/// <param name="IsUnified">Whether it is version 2.</param>
internal sealed record CgroupTree(string MountPoint, IReadOnlySet<string> Controllers, bool IsUnified)
{
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    /// <summary>The trees of a mount table (<c>/proc/self/mountinfo</c>, proc_pid_mountinfo(5)), in its order.</summary>
    public static IReadOnlyList<CgroupTree> Parse(string mountInfo)
    {
        var trees = new List<CgroupTree>();
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // id parent major:minor root mount-point options optional… - type source super-options
            var halves = line.Split(" - ", 2);
            var left = halves[0].Split(' ');
            if (halves.Length < 2 || left.Length < 5)
                continue;
            var right = halves[1].Split(' ');
            var mountPoint = Unescape(left[4]);
            if (right[0] == "cgroup2")
                trees.Add(new(mountPoint, None, IsUnified: true));
            else if (right[0] == "cgroup" && right.Length > 2)
                trees.Add(new(mountPoint, ControllersOf(right[2]), IsUnified: false));
        }
        return trees;
    }

    /// <summary>The directory of a group in this tree.</summary>
    public string Directory(string path) => MountPoint.TrimEnd('/') + path;

    private static HashSet<string> ControllersOf(string options) =>
        [
            .. options
                .Split(',')
                .Where(option => option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix")),
        ];

    // Blanks, tabs, newlines and backslashes are written as octal.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 3 < text.Length)
            {
                result.Append((char)Convert.ToInt32(text.Substring(index + 1, 3), 8));
                index += 3;
            }
            else
            {
                result.Append(text[index]);
            }
        }
        return result.ToString();
    }
}
