using System.Globalization;
using System.Text;

namespace Vordr.Linux;

/// <summary>One mount of this mount namespace.</summary>
/// <param name="Id">Mount id.</param>
/// <param name="Parent">Id of the mount that it is mounted on.</param>
/// <param name="Target">Where it is mounted, absolute.</param>
/// <param name="Type">File system type.</param>
/// <param name="Source">What the file system was made from, as its mounter said.</param>
/// <param name="Options">Options of the file system.</param>
internal sealed record MountEntry(int Id, int Parent, string Target, string Type, string Source, string Options);

/// <summary><c>/proc/self/mountinfo</c>, proc_pid_mountinfo(5).</summary>
internal static class MountTable
{
    /// <summary>All mounts, in the kernel's order: a later one at the same target lies on top.</summary>
    public static IReadOnlyList<MountEntry> Read() => Parse(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>Reads the lines; one that isn't as documented is passed over.</summary>
    public static IReadOnlyList<MountEntry> Parse(IEnumerable<string> lines)
    {
        var entries = new List<MountEntry>();
        foreach (var line in lines)
        {
            // Optional fields stand before a lone hyphen; file system type, source and options after it.
            var fields = line.Split(' ');
            var hyphen = Array.IndexOf(fields, "-", 0);
            if (
                hyphen >= 6
                && fields.Length > hyphen + 3
                && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            )
            {
                entries.Add(
                    new MountEntry(
                        id,
                        parent,
                        Unescape(fields[4]),
                        fields[hyphen + 1],
                        Unescape(fields[hyphen + 2]),
                        fields[hyphen + 3]
                    )
                );
            }
        }
        return entries;
    }

    // Blank, tab, newline and backslash are written as three octal digits; other bytes are UTF-8 or nobody's of ours.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && !field.AsSpan(i + 1, 3).ContainsAnyExceptInRange('0', '7'))
            {
                text.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }
        return text.ToString();
    }
}
