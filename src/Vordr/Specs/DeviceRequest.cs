using Oci.Errors;
using Oci.Runtime;
using Vordr.Linux;

namespace Vordr.Specs;

/// <summary>Host devices given to a container.</summary>
/// <param name="Device">The node.</param>
/// <param name="Access">Some of <c>r</c>, <c>w</c>, <c>m</c>.</param>
internal sealed record DeviceRequest(LinuxDevice Device, string Access)
{
    /// <summary>Reads <c>host[:container[:rwm]]</c>.</summary>
    public static DeviceRequest Parse(string text)
    {
        var parts = text.Split(':');
        var destination = parts.Length > 1 && parts[1].StartsWith('/') ? parts[1] : parts[0];
        var access = parts.Length > 1 && parts[^1] != destination ? parts[^1] : "rwm";
        if (parts.Length > 3 || access.Length == 0 || access.Any(character => character is not ('r' or 'w' or 'm')))
            throw new PublicError(ErrorId.Usage, $"'{text}' is not host[:container[:rwm]].");
        return TryRead(HostPath.Resolve(parts[0]), MountPlan.Normalize(destination, "device")) is { } device
            ? new(device, access)
            : throw new PublicError(ErrorId.Usage, $"'{parts[0]}' is not a device.");
    }

    /// <summary>Every device of the host's <c>/dev</c>, for a privileged container.</summary>
    public static IReadOnlyList<LinuxDevice> All() =>
        [
            .. Directory
                .EnumerateFiles(
                    "/dev",
                    "*",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.ReparsePoint,
                    }
                )
                // Their own instances are mounted in the container.
                .Where(path =>
                    !path.StartsWith("/dev/pts/", StringComparison.Ordinal)
                    && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)
                    && !path.StartsWith("/dev/mqueue/", StringComparison.Ordinal)
                    && path is not ("/dev/console" or "/dev/ptmx" or "/dev/tty")
                )
                .Select(path => TryRead(path, path))
                .OfType<LinuxDevice>(),
        ];

    /// <summary>The rule that lets the container use the device.</summary>
    public DeviceRule ToRule() =>
        new()
        {
            Allow = true,
            Type = Device.Type,
            Major = Device.Major,
            Minor = Device.Minor,
            Access = Access,
        };

    private static LinuxDevice? TryRead(string path, string destination) =>
        FileSystem.TryStat(path) is { Kind: FileKind.CharacterDevice or FileKind.BlockDevice } status
            ? new()
            {
                Path = destination,
                Type = status.Kind == FileKind.CharacterDevice ? "c" : "b",
                Major = status.Represents.Major,
                Minor = status.Represents.Minor,
                FileMode = (uint)status.Mode,
                Uid = status.UserId,
                Gid = status.GroupId,
            }
            : null;
}
