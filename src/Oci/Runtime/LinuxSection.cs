namespace Oci.Runtime;

/// <summary>What is particular to Linux (runtime-spec, "Linux Container Configuration").</summary>
public sealed record LinuxSection
{
    /// <summary>User-id mappings of a user namespace, or null.</summary>
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Group-id mappings of a user namespace, or null.</summary>
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    /// <summary>Kernel parameters set inside the container's namespaces.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>Limits and the device list.</summary>
    public LinuxResources? Resources { get; init; }

    /// <summary>The control group, absolute (<c>/vordr/id</c>), or <c>slice:prefix:id</c> for systemd.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Namespaces that the container has; one that isn't listed is the host's.</summary>
    public IReadOnlyList<LinuxNamespace> Namespaces { get; init; } = [];

    /// <summary>Devices made in the container's <c>/dev</c> besides the standard ones.</summary>
    public IReadOnlyList<LinuxDevice>? Devices { get; init; }

    /// <summary>Filter of system calls; null is no filter.</summary>
    public SeccompProfile? Seccomp { get; init; }

    /// <summary>Propagation of the root mount, or null for the runtime's own.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>Paths that can't be read.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that can't be written.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>The namespace of <paramref name="type"/>, or null where the host's is used.</summary>
    public LinuxNamespace? FindNamespace(string type) => Namespaces.FirstOrDefault(space => space.Type == type);
}

/// <summary>A namespace (runtime-spec, <c>namespaces</c>).</summary>
/// <param name="Type">One of <see cref="NamespaceTypes"/>.</param>
/// <param name="Path">An existing one to join, or null for a new one.</param>
public sealed record LinuxNamespace(string Type, string? Path = null);

/// <summary>Names of namespace types in the runtime-spec.</summary>
public static class NamespaceTypes
{
    /// <summary>Processes.</summary>
    public const string Pid = "pid";

    /// <summary>Network devices, addresses, ports.</summary>
    public const string Network = "network";

    /// <summary>Mounts.</summary>
    public const string Mount = "mount";

    /// <summary>System V IPC and POSIX message queues.</summary>
    public const string Ipc = "ipc";

    /// <summary>Host name.</summary>
    public const string Uts = "uts";

    /// <summary>Users, groups, capabilities.</summary>
    public const string User = "user";

    /// <summary>Root of the control-group tree.</summary>
    public const string Cgroup = "cgroup";
}

/// <summary>A range of a user namespace's mapping.</summary>
/// <param name="ContainerId">First id inside.</param>
/// <param name="HostId">First id outside.</param>
/// <param name="Size">How many.</param>
public sealed record IdMapping(
    [property: System.Text.Json.Serialization.JsonPropertyName("containerID")] uint ContainerId,
    [property: System.Text.Json.Serialization.JsonPropertyName("hostID")] uint HostId,
    uint Size
);

/// <summary>A device (runtime-spec, <c>devices</c>).</summary>
public sealed record LinuxDevice
{
    /// <summary>Absolute path inside the container.</summary>
    public required string Path { get; init; }

    /// <summary><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits, or null for the runtime's own (0666).</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner inside the container, or null.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group inside the container, or null.</summary>
    public uint? Gid { get; init; }
}

/// <summary>Limits and the device list (runtime-spec, <c>resources</c>).</summary>
public sealed record LinuxResources
{
    /// <summary>Rules of access to devices, the last that matches wins.</summary>
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Memory limits, or null for none.</summary>
    public MemoryResources? Memory { get; init; }

    /// <summary>Processor shares and quotas, or null for none.</summary>
    public CpuResources? Cpu { get; init; }

    /// <summary>Number of processes and threads, or null for no limit.</summary>
    public PidsResources? Pids { get; init; }
}

/// <summary>A rule of access to devices.</summary>
public sealed record DeviceRule
{
    /// <summary>Whether access is given.</summary>
    public required bool Allow { get; init; }

    /// <summary><c>a</c> all, <c>c</c>, <c>b</c>; null is all.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; null is any.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; null is any.</summary>
    public long? Minor { get; init; }

    /// <summary>Some of <c>r</c>, <c>w</c>, <c>m</c>.</summary>
    public string? Access { get; init; }
}

/// <summary>Memory limits in bytes; −1 is none.</summary>
public sealed record MemoryResources
{
    /// <summary>Hard limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? Swap { get; init; }
}

/// <summary>Processor shares and quotas.</summary>
public sealed record CpuResources
{
    /// <summary>Relative weight.</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds of run time a period.</summary>
    public long? Quota { get; init; }

    /// <summary>Length of the period in microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>Processors that may be used, as a list (<c>0-3,7</c>).</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes that may be used, as a list.</summary>
    public string? Mems { get; init; }
}

/// <summary>Number of processes and threads.</summary>
/// <param name="Limit">The most there may be; 0 or less is no limit.</param>
public sealed record PidsResources(long Limit);
