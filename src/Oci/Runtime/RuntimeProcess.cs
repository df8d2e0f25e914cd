namespace Oci.Runtime;

/// <summary>
/// A process (runtime-spec, <c>process</c>): the container's own, or one that <c>exec</c> adds to it.
/// </summary>
public sealed record RuntimeProcess
{
    /// <summary>Whether it gets a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Who it runs as.</summary>
    public required ProcessUser User { get; init; }

    /// <summary>What is executed, and its arguments.</summary>
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>Environment, <c>NAME=value</c>; a name is held once.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Working directory, absolute, inside the container.</summary>
    public required string Cwd { get; init; }

    /// <summary>Capability sets; null means that the runtime leaves what it has, so this stack always sets it.</summary>
    public ProcessCapabilities? Capabilities { get; init; }

    /// <summary>Resource limits.</summary>
    public IReadOnlyList<ProcessRlimit>? Rlimits { get; init; }

    /// <summary>Whether <c>execve</c> can grant nothing more (PR_SET_NO_NEW_PRIVS).</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>AppArmor profile, where AppArmor is active.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>SELinux label, where SELinux is active.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>Adjustment of the OOM killer's choice; null inherits.</summary>
    public int? OomScoreAdj { get; init; }
}

/// <summary>User and groups of a process, as numbers inside the container.</summary>
public sealed record ProcessUser
{
    /// <summary>User id.</summary>
    public required uint Uid { get; init; }

    /// <summary>Primary group id.</summary>
    public required uint Gid { get; init; }

    /// <summary>Mode mask, or null for the runtime's own (022).</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups, or null.</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}

/// <summary>Capability sets by name (<c>CAP_…</c>), see capabilities(7).</summary>
public sealed record ProcessCapabilities
{
    /// <summary>Upper bound of what can ever be gained.</summary>
    public IReadOnlyList<string> Bounding { get; init; } = [];

    /// <summary>In force.</summary>
    public IReadOnlyList<string> Effective { get; init; } = [];

    /// <summary>Kept across execve of files that allow it.</summary>
    public IReadOnlyList<string> Inheritable { get; init; } = [];

    /// <summary>May be put in force.</summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary>Kept across execve of any file.</summary>
    public IReadOnlyList<string> Ambient { get; init; } = [];

    /// <summary>Every capability named in any set, once, in order of name.</summary>
    public IReadOnlyList<string> All() =>
        [
            .. Bounding
                .Concat(Effective)
                .Concat(Inheritable)
                .Concat(Permitted)
                .Concat(Ambient)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}

/// <summary>A resource limit (runtime-spec, <c>rlimits</c>; getrlimit(2)).</summary>
/// <param name="Type">Name, <c>RLIMIT_…</c>.</param>
/// <param name="Hard">Ceiling; <see cref="ulong.MaxValue"/> is infinity.</param>
/// <param name="Soft">What is enforced.</param>
public sealed record ProcessRlimit(string Type, ulong Hard, ulong Soft);
