using Oci.Errors;
using Oci.Runtime;

namespace Vordr.Specs;

/// <summary>The mounts of a container: the kernel's filesystems, the generated files of <c>/etc</c>, and what was asked for.</summary>
internal static class MountPlan
{
    private const long SharedMemory = 64 * 1024 * 1024;

    /// <summary>The mounts, in the order in which they must be made.</summary>
    public static IReadOnlyList<RuntimeMount> Mounts(SpecInput input)
    {
        var asked = input.Binds.Select(Bind).ToList();
        var taken = asked.Select(mount => mount.Destination).ToHashSet(StringComparer.Ordinal);
        if (taken.Count < asked.Count)
            throw new PublicError(ErrorId.Usage, "Two mounts have the same destination.");
        // A mount that was asked for takes the place of ours; a parent comes before what lies in it.
        return
        [
            .. Standard(input)
                .Concat(Etc(input))
                .Where(mount => !taken.Contains(mount.Destination))
                .Concat(asked)
                .Select((mount, index) => (mount, index))
                .OrderBy(entry => entry.mount.Destination.Count(character => character == '/'))
                .ThenBy(entry => entry.index)
                .Select(entry => entry.mount),
        ];
    }

    /// <summary>Whether <paramref name="path"/> is a mount's destination or lies below one.</summary>
    public static bool Covers(IReadOnlyList<RuntimeMount> mounts, string path) =>
        mounts.Any(mount =>
            mount.Destination == path || path.StartsWith(mount.Destination.TrimEnd('/') + "/", StringComparison.Ordinal)
        );

    /// <summary>An absolute path in the container without <c>.</c>, <c>..</c>, and doubled or trailing slashes.</summary>
    public static string Normalize(string path, string what)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw new PublicError(ErrorId.Usage, $"The {what} '{path}' is not an absolute path.");
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }
        return "/" + string.Join('/', parts);
    }

    private static IEnumerable<RuntimeMount> Standard(SpecInput input)
    {
        var writable = input.Privileged ? "rw" : "ro";
        yield return Kernel("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return Kernel("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return Kernel(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"
        );
        yield return input.HostIpc
            ? Rebind("/dev/shm", "rw")
            : Kernel("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", $"size={SharedMemory}");
        yield return input.HostIpc
            ? Rebind("/dev/mqueue", "rw")
            : Kernel("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        yield return Kernel("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", writable);
        yield return Kernel("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", writable);
    }

    private static IEnumerable<RuntimeMount> Etc(SpecInput input) =>
        EtcFiles.Destinations.Select(file => new RuntimeMount
        {
            Destination = file.Value,
            Type = "bind",
            Source = Path.Combine(input.ContainerDirectory, file.Key),
            Options = ["bind", "rprivate", "nosuid", "nodev", "noexec", input.ReadOnly ? "ro" : "rw"],
        });

    private static RuntimeMount Bind(BindMount bind)
    {
        var destination = Normalize(bind.Destination, "destination");
        if (destination == "/")
            throw new PublicError(ErrorId.Usage, "A mount can't take the place of the root filesystem.");
        var source = HostPath.Resolve(bind.Source);
        return new()
        {
            Destination = destination,
            Type = "bind",
            Source = source,
            Options = (bind.ReadOnly, Directory.Exists(source)) switch
            {
                (false, _) => ["rbind", "rprivate", "rw"],
                // Read-only includes what is mounted below the source; crun 1.8 asks that of directories only.
                (true, true) => ["rbind", "rprivate", "ro", "rro"],
                (true, false) => ["rbind", "rprivate", "ro"],
            },
        };
    }

    private static RuntimeMount Kernel(string destination, string type, string source, params string[] options) =>
        new()
        {
            Destination = destination,
            Type = type,
            Source = source,
            Options = options,
        };

    private static RuntimeMount Rebind(string path, string writable) =>
        new()
        {
            Destination = path,
            Type = "bind",
            Source = path,
            Options = ["rbind", "rprivate", "nosuid", "noexec", "nodev", writable],
        };
}
