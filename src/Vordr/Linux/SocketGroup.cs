using System.Globalization;
using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>
/// Gives a socket's path to a group: lchown(2). Public since the server that binds sockets lives in an assembly of
/// its own, and kernel calls live here.
/// </summary>
public static partial class SocketGroup
{
    private const string GroupFile = "/etc/group";

    /// <summary>The id of the local group <paramref name="name"/>, or null where there is none (group(5)).</summary>
    public static uint? Find(string name)
    {
        if (!File.Exists(GroupFile))
            return null;
        foreach (var line in File.ReadLines(GroupFile))
        {
            var fields = line.Split(':');
            if (
                fields.Length >= 3
                && fields[0] == name
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            )
                return id;
        }
        return null;
    }

    /// <summary>Makes <paramref name="group"/> the group of <paramref name="path"/>; its owner stays.</summary>
    public static void Give(string path, uint group) =>
        LinuxError.Check(LChown(path, uint.MaxValue, group), "lchown", path);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint owner, uint group);
}
