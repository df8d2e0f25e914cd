using System.ComponentModel;

namespace Vordr.Client.Containers;

/// <summary>Arguments of <c>vordr_create</c> and <c>vordr_run</c>: exactly one of bundle and image.</summary>
public sealed record CreateRequest
{
    /// <summary>A stored bundle: its digest, or <c>name:version</c>.</summary>
    [Description("A stored bundle: its digest (sha256:…) or name:version. Either this or image.")]
    public string? Bundle { get; init; }

    /// <summary>A stored image: reference, digest, or reference with digest.</summary>
    [Description("A stored image: reference, digest, or reference@digest. Either this or bundle.")]
    public string? Image { get; init; }

    /// <summary>Name of the new container; without one a name is made.</summary>
    [Description("Name of the new container; without one a name is made.")]
    public string? Name { get; init; }

    /// <summary>Command and arguments, in place of the image's.</summary>
    [Description("Command and arguments, in place of the image's.")]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>How it shall run.</summary>
    public ContainerConfig? Config { get; init; }

    /// <summary>
    /// The <c>run</c> rules of the caller's own policy (<c>policy.v1</c>), enforced beside Vörðr's: both must allow.
    /// </summary>
    public RunConstraints? Constraints { get; init; }
}

/// <summary>Arguments of <c>vordr_start</c>.</summary>
public sealed record StartRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }

    /// <summary>As <see cref="CreateRequest.Constraints"/>.</summary>
    public RunConstraints? Constraints { get; init; }
}

/// <summary>Arguments of <c>vordr_stop</c>.</summary>
public sealed record StopRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }

    /// <summary>Seconds between the stop signal and the kill.</summary>
    [Description("Seconds between the stop signal and the kill; default 10.")]
    public int? Timeout { get; init; }
}

/// <summary>Arguments of <c>vordr_rm</c>.</summary>
public sealed record RemoveRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }

    /// <summary>Kill it first if it runs.</summary>
    [Description("Kill it first if it runs.")]
    public bool? Force { get; init; }
}

/// <summary>Arguments of <c>vordr_ps</c>.</summary>
public sealed record ListRequest
{
    /// <summary>Also created and exited ones.</summary>
    [Description("Also list created and exited containers.")]
    public bool? All { get; init; }

    /// <summary>Only those in this state; implies <see cref="All"/>.</summary>
    [Description("Only containers in this state: created, running, paused or exited.")]
    public string? Status { get; init; }

    /// <summary>Only those whose name contains this.</summary>
    [Description("Only containers whose name contains this.")]
    public string? Name { get; init; }

    /// <summary>The newest so many.</summary>
    [Description("Only the newest so many.")]
    public int? Limit { get; init; }
}

/// <summary>Arguments of <c>vordr_inspect</c>.</summary>
public sealed record InspectRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }
}

/// <summary>Arguments of <c>vordr_logs</c>.</summary>
public sealed record LogsRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }

    /// <summary>The last so many lines.</summary>
    [Description("Only the last so many lines; default 1000, at most 10000.")]
    public int? Tail { get; init; }

    /// <summary>Only lines written after this.</summary>
    [Description("Only lines written after this time (RFC 3339).")]
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Arguments of <c>vordr_exec</c>.</summary>
public sealed record ExecRequest
{
    /// <summary>Name or id.</summary>
    [Description("Name or id of the container.")]
    public required string Container { get; init; }

    /// <summary>Command and arguments.</summary>
    [Description("Command and arguments.")]
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables, added to those of the container.</summary>
    [Description("Environment variables by name, added to those of the container.")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Working directory.</summary>
    [Description("Working directory; default is the container's.")]
    public string? Workdir { get; init; }

    /// <summary><c>user[:group]</c>.</summary>
    [Description("user[:group]; default is the container's.")]
    public string? User { get; init; }

    /// <summary>Seconds after which the command is killed.</summary>
    [Description("Seconds after which the command is killed; default 25.")]
    public int? Timeout { get; init; }

    /// <summary>As <see cref="CreateRequest.Constraints"/>.</summary>
    public RunConstraints? Constraints { get; init; }
}
