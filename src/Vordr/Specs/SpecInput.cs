using Oci.Image;
using Oci.Runtime;

namespace Vordr.Specs;

/// <summary>
/// What a container was asked to be, and what the host gave it: all that <see cref="SpecBuilder"/> needs. Requests that
/// weaken confinement are members like any other: they are put into the spec as asked, and rules judge the finished
/// spec.
/// </summary>
internal sealed record SpecInput
{
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The instance, which names control groups.</summary>
    public required string Instance { get; init; }

    /// <summary>The mounted root filesystem, absolute.</summary>
    public required string RootfsPath { get; init; }

    /// <summary>A directory of this container, where the generated files of <c>/etc</c> are written.</summary>
    public required string ContainerDirectory { get; init; }

    /// <summary>Whether the root filesystem is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What the image says of execution, or null.</summary>
    public ExecutionConfig? Image { get; init; }

    /// <summary>Takes the place of the image's entry point, and drops its command; empty for none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Takes the place of the image's command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Environment over the image's, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary><c>uid|name[:gid|group]</c> over the image's, or null.</summary>
    public string? User { get; init; }

    /// <summary>Working directory over the image's, or null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Host name; null is the first 12 characters of the id.</summary>
    public string? Hostname { get; init; }

    /// <summary>Whether a pseudo-terminal is wanted.</summary>
    public bool Terminal { get; init; }

    /// <summary>Host paths and volumes to show in the container.</summary>
    public IReadOnlyList<BindMount> Binds { get; init; } = [];

    /// <summary>The network.</summary>
    public NetworkInput Network { get; init; } = new();

    /// <summary>Memory limit in bytes, or null for none.</summary>
    public long? Memory { get; init; }

    /// <summary>Most processes and threads; null is the default of 2048, 0 or less is no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Processor limits, or null.</summary>
    public CpuResources? Cpu { get; init; }

    /// <summary>All capabilities, all devices, no filter, no masked path.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities on top of the default ones; <c>ALL</c> is all.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities to leave out; <c>ALL</c> is all.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>Host devices, <c>host[:container[:rwm]]</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Resource limits asked for.</summary>
    public IReadOnlyList<ProcessRlimit> Rlimits { get; init; } = [];

    /// <summary>Whether the container shares the host's process ids.</summary>
    public bool HostPid { get; init; }

    /// <summary>Whether the container shares the host's System V IPC and message queues.</summary>
    public bool HostIpc { get; init; }

    /// <summary>Whether the container shares the host's name.</summary>
    public bool HostUts { get; init; }

    /// <summary>Whether system calls go unfiltered.</summary>
    public bool SeccompUnconfined { get; init; }

    /// <summary>Whether <c>execve</c> may grant more (set-user-id programs).</summary>
    public bool AllowNewPrivileges { get; init; }

    /// <summary>Annotations of the spec.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}

/// <summary>A host path shown in the container.</summary>
/// <param name="Source">Path on the host, absolute.</param>
/// <param name="Destination">Path in the container, absolute.</param>
/// <param name="ReadOnly">Whether it can't be written.</param>
/// <param name="IsVolume">Whether the source is a volume that the engine owns, not a path that somebody named.</param>
internal sealed record BindMount(string Source, string Destination, bool ReadOnly = false, bool IsVolume = false);

/// <summary>What a container's network is.</summary>
internal enum NetworkMode
{
    /// <summary>A namespace of its own with nothing but loopback.</summary>
    None,

    /// <summary>A pinned namespace that the network stack has connected.</summary>
    Bridge,

    /// <summary>The host's own.</summary>
    Host,
}

/// <summary>The network as the spec needs it.</summary>
internal sealed record NetworkInput
{
    /// <summary>The mode.</summary>
    public NetworkMode Mode { get; init; } = NetworkMode.None;

    /// <summary>The pinned namespace to join; null with <see cref="NetworkMode.None"/> lets the runtime make one.</summary>
    public string? NamespacePath { get; init; }

    /// <summary>The container's own addresses, for <c>/etc/hosts</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Further names for <c>/etc/hosts</c>: name → address.</summary>
    public IReadOnlyDictionary<string, string> ExtraHosts { get; init; } = new Dictionary<string, string>();

    /// <summary>Name servers in place of the host's, or null.</summary>
    public IReadOnlyList<string>? NameServers { get; init; }
}

/// <summary>The finished spec, and what people should know about it.</summary>
/// <param name="Spec">The spec, ready to be judged and written as <c>config.json</c>.</param>
/// <param name="Notes">What was clipped or left out, a sentence each.</param>
internal sealed record SpecResult(RuntimeSpec Spec, IReadOnlyList<string> Notes);

/// <summary>A place in the root filesystem that a mount needs: a read-only root must have it beforehand.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="IsDirectory">Whether a directory is mounted there, or a file.</param>
internal sealed record MountPoint(string Path, bool IsDirectory);
