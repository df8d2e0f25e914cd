namespace Oci.Runtime;

/// <summary>
/// The runtime configuration (OCI runtime-spec, "Configuration"): what an OCI runtime reads as <c>config.json</c>. Null
/// members are left out when written. Only members that this stack sets or judges are here.
/// </summary>
public sealed record RuntimeSpec
{
    /// <summary>Version of the runtime-spec that the document keeps.</summary>
    public required string OciVersion { get; init; }

    /// <summary>The root filesystem.</summary>
    public required RuntimeRoot Root { get; init; }

    /// <summary>The container's process.</summary>
    public required RuntimeProcess Process { get; init; }

    /// <summary>Host name inside the UTS namespace, or null.</summary>
    public string? Hostname { get; init; }

    /// <summary>Mounts, made in this order.</summary>
    public IReadOnlyList<RuntimeMount> Mounts { get; init; } = [];

    /// <summary>Annotations, or null.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Hooks that the runtime executes on the host; this stack sets none, and rules refuse any.</summary>
    public RuntimeHooks? Hooks { get; init; }

    /// <summary>What is particular to Linux.</summary>
    public required LinuxSection Linux { get; init; }
}

/// <summary>The root filesystem (runtime-spec, <c>root</c>).</summary>
/// <param name="Path">Directory on the host, absolute or relative to the runtime bundle.</param>
/// <param name="Readonly">Whether the container may not write to it.</param>
public sealed record RuntimeRoot(string Path, bool Readonly = false);

/// <summary>A mount (runtime-spec, <c>mounts</c>).</summary>
public sealed record RuntimeMount
{
    /// <summary>Where it is mounted, absolute, inside the container.</summary>
    public required string Destination { get; init; }

    /// <summary>Filesystem type; <c>bind</c> for bind mounts.</summary>
    public string? Type { get; init; }

    /// <summary>Source: a device, a host path for binds, or a name.</summary>
    public string? Source { get; init; }

    /// <summary>Options, or null.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Whether this mount shows a host path: its type is <c>bind</c> or its options say so.</summary>
    public bool IsBind() => Type == "bind" || (Options?.Any(option => option is "bind" or "rbind") ?? false);
}

/// <summary>Hooks (runtime-spec, "POSIX-platform Hooks").</summary>
public sealed record RuntimeHooks
{
    /// <summary>Deprecated form of <see cref="CreateRuntime"/>.</summary>
    public IReadOnlyList<RuntimeHook>? Prestart { get; init; }

    /// <summary>Run in the runtime's namespace after the container's are made.</summary>
    public IReadOnlyList<RuntimeHook>? CreateRuntime { get; init; }

    /// <summary>Run in the container's namespace before the root is pivoted.</summary>
    public IReadOnlyList<RuntimeHook>? CreateContainer { get; init; }

    /// <summary>Run in the container's namespace before its process starts.</summary>
    public IReadOnlyList<RuntimeHook>? StartContainer { get; init; }

    /// <summary>Run after the process started.</summary>
    public IReadOnlyList<RuntimeHook>? Poststart { get; init; }

    /// <summary>Run after the container was deleted.</summary>
    public IReadOnlyList<RuntimeHook>? Poststop { get; init; }
}

/// <summary>One hook.</summary>
/// <param name="Path">Absolute path of the program on the host.</param>
/// <param name="Args">Arguments, the first being the name.</param>
/// <param name="Env">Environment.</param>
/// <param name="Timeout">Seconds until it is killed.</param>
public sealed record RuntimeHook(
    string Path,
    IReadOnlyList<string>? Args = null,
    IReadOnlyList<string>? Env = null,
    int? Timeout = null
);
