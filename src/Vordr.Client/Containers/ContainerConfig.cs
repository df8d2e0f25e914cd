using System.ComponentModel;

namespace Vordr.Client.Containers;

/// <summary>
/// How a container shall run. Every member is optional and falsy values (<c>false</c>, <c>null</c>, <c>[]</c>,
/// <c>""</c>) ask for nothing. What asks for power over the host is here so that policy can refuse it by name.
/// </summary>
[Description("How the container shall run; every member is optional.")]
public sealed record ContainerConfig
{
    /// <summary>Environment variables, added to those of the image.</summary>
    [Description("Environment variables by name, added to those of the image.")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Published ports, <c>[ip:]hostPort:containerPort[/protocol]</c>.</summary>
    [Description("Published ports, each [ip:]hostPort:containerPort[/tcp|udp].")]
    public IReadOnlyList<string>? Ports { get; init; }

    /// <summary>Host directories to mount, <c>/host:/container[:ro]</c>. The built-in rules refuse them to remote callers.</summary>
    [Description(
        "Mounts of host paths, each /host:/container[:ro]; refused unless the operator's policy allows the path."
    )]
    public IReadOnlyList<string>? Volumes { get; init; }

    /// <summary><c>bridge</c> (default), <c>none</c>, <c>host</c>, or the name of a network.</summary>
    [Description("bridge (default), none, host, or the name of a network.")]
    public string? Network { get; init; }

    /// <summary>User and group inside the container, <c>user[:group]</c> by name or number.</summary>
    [Description("user[:group], by name or number; default is the image's.")]
    public string? User { get; init; }

    /// <summary>Working directory inside the container.</summary>
    [Description("Working directory inside the container; default is the image's.")]
    public string? Workdir { get; init; }

    /// <summary>The root filesystem is read-only.</summary>
    [Description("Make the root filesystem read-only.")]
    public bool? ReadOnly { get; init; }

    /// <summary>Memory limit in bytes.</summary>
    [Description("Memory limit in bytes.")]
    public long? Memory { get; init; }

    /// <summary>The most processes and threads the container may have.</summary>
    [Description("The most processes and threads the container may have.")]
    public long? PidsLimit { get; init; }

    /// <summary>Remove the container when it has exited.</summary>
    [Description("Remove the container when it has exited.")]
    public bool? AutoRemove { get; init; }

    /// <summary>All power over the host. The built-in rules refuse it.</summary>
    [Description("All power over the host; refused unless the operator's policy allows it.")]
    public bool? Privileged { get; init; }

    /// <summary>Capabilities beyond the default set. The built-in rules refuse them.</summary>
    [Description("Capabilities beyond the default set; refused unless the operator's policy allows them.")]
    public IReadOnlyList<string>? CapAdd { get; init; }

    /// <summary>Capabilities to take from the default set; <c>ALL</c> takes every one.</summary>
    [Description("Capabilities to take from the default set; ALL takes every one.")]
    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>Host devices. The built-in rules refuse them.</summary>
    [Description("Host devices; refused unless the operator's policy allows them.")]
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Security options such as <c>seccomp=unconfined</c>. The built-in rules refuse what weakens confinement.</summary>
    [Description("Security options; what weakens confinement is refused unless the operator's policy allows it.")]
    public IReadOnlyList<string>? SecurityOpt { get; init; }

    /// <summary>PID namespace: <c>host</c> is refused by the built-in rules.</summary>
    [Description("PID namespace: private (default) or host; host is refused unless the operator's policy allows it.")]
    public string? Pid { get; init; }

    /// <summary>IPC namespace: <c>host</c> is refused by the built-in rules.</summary>
    [Description("IPC namespace: private (default) or host; host is refused unless the operator's policy allows it.")]
    public string? Ipc { get; init; }

    /// <summary>UTS namespace: <c>host</c> is refused by the built-in rules.</summary>
    [Description("UTS namespace: private (default) or host; host is refused unless the operator's policy allows it.")]
    public string? Uts { get; init; }
}
