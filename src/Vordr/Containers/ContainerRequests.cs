using Oci;
using Trust.Policies;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>What a container is made of and how it shall run. Null and empty mean: not asked for.</summary>
public sealed record ContainerOptions
{
    /// <summary>A name, <c>[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}</c>; drawn when null.</summary>
    public string? Name { get; init; }

    /// <summary>Replaces the image's <c>Cmd</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Replaces the image's <c>Entrypoint</c>; null keeps it, empty removes it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Environment, <c>NAME=value</c>, over the image's.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Mounts of host paths.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Published ports.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary><c>bridge</c> (default), <c>none</c>, <c>host</c>, or a network's name.</summary>
    public string? Network { get; init; }

    /// <summary>User, <c>uid|name[:gid|group]</c>, over the image's.</summary>
    public string? User { get; init; }

    /// <summary>Working directory, over the image's.</summary>
    public string? WorkDir { get; init; }

    /// <summary>Host name; the short id when null.</summary>
    public string? Hostname { get; init; }

    /// <summary>A root filesystem that can't be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Memory limit in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Limit on processes; 2048 when null.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Every capability, every device, no confinement. Refused unless the policy's <c>run</c> allows it.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities on top of the default set, without <c>CAP_</c>.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities taken from the default set; <c>ALL</c> empties it first.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>Devices of the host, by path.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The container removes itself when it ends.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Keeps standard input open (<c>-i</c>).</summary>
    public bool Interactive { get; init; }
}

/// <summary>Asks for a container, not started.</summary>
public sealed record CreateRequest
{
    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>
    /// What to run: a bundle digest, an image (root) digest, <c>name:version</c>, or <c>name…@sha256:…</c>.
    /// By digest exactly that runs, or nothing does.
    /// </summary>
    public required string Image { get; init; }

    /// <summary>How it shall run.</summary>
    public ContainerOptions Options { get; init; } = new();

    /// <summary>Run rules handed down by a gateway, enforced beside our own.</summary>
    public RunRules? Constraints { get; init; }

    /// <summary>A policy given at the command line. It narrows: the operator's policy must allow too.</summary>
    public Policy? Narrowing { get; init; }

    /// <summary>Makes a repetition of this call the same call, for 24 hours (runtime.md, "Idempotency").</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }
}

/// <summary>An idempotency key and what it binds.</summary>
/// <param name="Key">1–128 visible ASCII characters, scoped to principal and operation.</param>
/// <param name="Arguments">SHA-256 of the call's arguments in RFC 8785 form.</param>
public sealed record IdempotencyKey(string Key, Digest Arguments);

/// <summary>Asks for a container that runs: create and start, rolled back when the start fails.</summary>
public sealed record RunRequest
{
    /// <summary>What to create.</summary>
    public required CreateRequest Create { get; init; }

    /// <summary>Streams of a foreground run; null detaches.</summary>
    public ContainerStreams? Streams { get; init; }
}

/// <summary>Asks for a container to be started.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
public sealed record StartRequest(Caller Caller, string Container)
{
    /// <summary>Streams of a foreground start; null detaches.</summary>
    public ContainerStreams? Streams { get; init; }

    /// <summary>Run rules handed down by a gateway.</summary>
    public RunRules? Constraints { get; init; }

    /// <summary>See <see cref="CreateRequest.IdempotencyKey"/>.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }
}

/// <summary>Asks for a container to be stopped: its stop signal, and SIGKILL when the time is over.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
/// <param name="Timeout">How long the container may take; 10 s when null.</param>
public sealed record StopRequest(Caller Caller, string Container, TimeSpan? Timeout = null)
{
    /// <summary>See <see cref="CreateRequest.IdempotencyKey"/>.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }
}

/// <summary>Asks for a signal to be sent.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
/// <param name="Signal">Name (with or without <c>SIG</c>) or number.</param>
public sealed record KillRequest(Caller Caller, string Container, string Signal = "KILL");

/// <summary>Asks for a container to be removed.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
/// <param name="Force">Kill it first when it runs.</param>
public sealed record RemoveRequest(Caller Caller, string Container, bool Force = false);

/// <summary>Asks for the end of a container.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
public sealed record WaitRequest(Caller Caller, string Container);

/// <summary>Asks which containers there are. Filters that are null don't filter.</summary>
/// <param name="Caller">Who asks.</param>
public sealed record ListRequest(Caller Caller)
{
    /// <summary>Also those that don't run.</summary>
    public bool All { get; init; }

    /// <summary>Only those in one of these states (the words of <see cref="ContainerStateText"/>).</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>Only those whose name holds this text.</summary>
    public string? Name { get; init; }

    /// <summary>Only those with all of these labels, <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>At most this many, newest first.</summary>
    public int? Limit { get; init; }
}

/// <summary>Asks for all there is to know of a container.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
public sealed record InspectRequest(Caller Caller, string Container);

/// <summary>Asks for a process in a running container.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
/// <param name="Command">What to execute, at least one word.</param>
public sealed record ExecRequest(Caller Caller, string Container, IReadOnlyList<string> Command)
{
    /// <summary>Environment, <c>NAME=value</c>, over the container's.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Working directory, over the container's.</summary>
    public string? WorkDir { get; init; }

    /// <summary>User, over the container's.</summary>
    public string? User { get; init; }

    /// <summary>The process is killed when this is over.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Hands this process' own three streams over; nothing is captured then.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>With <see cref="InheritStreams"/>: whether input goes along, or is empty.</summary>
    public bool InheritInput { get; init; }

    /// <summary>Written to its standard input; not with <see cref="InheritStreams"/>.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Run rules handed down by a gateway.</summary>
    public RunRules? Constraints { get; init; }

    /// <summary>See <see cref="CreateRequest.IdempotencyKey"/>.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }
}
