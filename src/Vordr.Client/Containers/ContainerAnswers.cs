using System.ComponentModel;
using Oci;

namespace Vordr.Client.Containers;

/// <summary>A published port.</summary>
/// <param name="HostIp">Address on the host; <c>0.0.0.0</c> is every one.</param>
/// <param name="HostPort">Port on the host.</param>
/// <param name="ContainerPort">Port in the container.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record PublishedPort(string HostIp, int HostPort, int ContainerPort, string Protocol);

/// <summary>One container in a list.</summary>
public sealed record ContainerSummary
{
    /// <summary>64 hex digits.</summary>
    [Description("Id, 64 hex digits.")]
    public required string Id { get; init; }

    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it was made from, as people call it: <c>name:version</c> or a reference.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>Digest of the bundle that vouches for the image.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>What runs in it.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c> or <c>exited</c>.</summary>
    [Description("created, running, paused or exited.")]
    public required string State { get; init; }

    /// <summary>The state in words: <c>Up 3 minutes</c>, <c>Exited (0) 2 hours ago</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Exit code of an exited one; −1 where nobody saw it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Published ports.</summary>
    public required IReadOnlyList<PublishedPort> Ports { get; init; }

    /// <summary>Evidence was missing and the operator's mode let it pass.</summary>
    [Description("Evidence was missing, and the operator's mode let it pass.")]
    public required bool Unverified { get; init; }
}

/// <summary>Result of <c>vordr_ps</c>.</summary>
/// <param name="Containers">Newest first.</param>
public sealed record ContainerList(IReadOnlyList<ContainerSummary> Containers);

/// <summary>Result of <c>vordr_inspect</c>.</summary>
public sealed record ContainerDetails
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it was made from, as people call it.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>Digest of the bundle that vouches for the image.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>What runs in it.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c> or <c>exited</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in this state, where there is more to say: <c>oom_killed</c>, <c>policy_denied</c>, <c>monitor_lost</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Exit code of an exited one; −1 where nobody saw it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Pid on the host of a running one.</summary>
    public int? Pid { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>What was asked for; environment values are redacted unless the caller may see secrets.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>Its network.</summary>
    public required string Network { get; init; }

    /// <summary>Its address there.</summary>
    public string? Address { get; init; }

    /// <summary>Published ports.</summary>
    public required IReadOnlyList<PublishedPort> Ports { get; init; }

    /// <summary>Evidence was missing and the operator's mode let it pass.</summary>
    public required bool Unverified { get; init; }

    /// <summary>User of its process, <c>uid:gid</c>.</summary>
    public required string User { get; init; }

    /// <summary>Working directory of its process.</summary>
    public required string Workdir { get; init; }

    /// <summary>Environment of its process; values are redacted unless the caller may see secrets.</summary>
    [Description("Environment of its process; values are redacted unless the caller may see secrets.")]
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>Capabilities of its process.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>The OCI runtime that made it.</summary>
    public required string Runtime { get; init; }

    /// <summary>The kernel killed it for memory.</summary>
    public required bool OomKilled { get; init; }

    /// <summary>The decision that let it run, for <c>vordr explain</c>.</summary>
    public long? Decision { get; init; }

    /// <summary>What was changed to fit the host: clipped capabilities and limits.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Result of <c>vordr_create</c> and <c>vordr_run</c>.</summary>
public sealed record CreateAnswer
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it was made from, as people call it.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary><c>created</c> or <c>running</c>.</summary>
    public required string State { get; init; }

    /// <summary>Evidence was missing and the operator's mode let it pass.</summary>
    public required bool Unverified { get; init; }

    /// <summary>The recorded decision.</summary>
    public long? Decision { get; init; }

    /// <summary>What was changed to fit the host.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Result of <c>vordr_start</c> and <c>vordr_stop</c>.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="Name">Its unique name.</param>
/// <param name="State">The state it is in now.</param>
/// <param name="ExitCode">Exit code, if it has exited.</param>
public sealed record ContainerState(string Id, string Name, string State, int? ExitCode = null);

/// <summary>Result of <c>vordr_rm</c>.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="Name">The name, now free.</param>
public sealed record RemoveAnswer(string Id, string Name);

/// <summary>One line of output.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(DateTimeOffset Time, string Stream, string Text);

/// <summary>Result of <c>vordr_logs</c>.</summary>
/// <param name="Lines">Oldest first.</param>
/// <param name="Truncated">There were more lines than asked for.</param>
public sealed record LogsAnswer(IReadOnlyList<LogLine> Lines, bool Truncated);

/// <summary>Result of <c>vordr_exec</c>.</summary>
/// <param name="ExitCode">Exit code of the command.</param>
/// <param name="Stdout">What it wrote to standard output (UTF-8; other bytes replaced).</param>
/// <param name="Stderr">What it wrote to standard error.</param>
/// <param name="Truncated">There was more output than is kept.</param>
/// <param name="TimedOut">The command was killed when its time was over.</param>
public sealed record ExecAnswer(int ExitCode, string Stdout, string Stderr, bool Truncated, bool TimedOut);
