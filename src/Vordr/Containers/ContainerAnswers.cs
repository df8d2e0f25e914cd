using Oci;
using Trust.Verdicts;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>A container at a glance.</summary>
public sealed record ContainerSummary
{
    /// <summary>Its id.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The image by name, <c>name:version</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The image's root digest.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>The bundle that vouches for the image.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>What it executes, in words.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Its state, as the kernel says.</summary>
    public required ContainerState State { get; init; }

    /// <summary>Time of creation.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Time of the last start, or null.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Time of the last end, or null.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Exit code of the last end; −1 when it isn't known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it ended, or null.</summary>
    public EndReason? Reason { get; init; }

    /// <summary>Published ports, with the host ports that were drawn.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Labels: the image's under the container's own.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Evidence was missing and the policy's mode let it pass.</summary>
    public bool Unverified { get; init; }
}

/// <summary>All there is to know of a container.</summary>
public sealed record ContainerDetails
{
    /// <summary>At a glance.</summary>
    public required ContainerSummary Summary { get; init; }

    /// <summary>How it was asked to run.</summary>
    public required ContainerOptions Options { get; init; }

    /// <summary>Pid of its first process in the host's namespace; null unless it runs.</summary>
    public int? Pid { get; init; }

    /// <summary>Pid of its conmon; null unless it runs.</summary>
    public int? ConmonPid { get; init; }

    /// <summary>The kernel killed it for memory.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Network it is attached to, <c>none</c> or <c>host</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Its IPv4 address with prefix length, or null.</summary>
    public string? Address { get; init; }

    /// <summary>Its gateway, or null.</summary>
    public string? Gateway { get; init; }

    /// <summary>User that its process was given, <c>uid:gid</c>.</summary>
    public required string User { get; init; }

    /// <summary>Environment of its process.</summary>
    public required IReadOnlyList<string> Env { get; init; }

    /// <summary>Working directory of its process.</summary>
    public required string WorkDir { get; init; }

    /// <summary>Capabilities of its process.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>OCI runtime that made it.</summary>
    public required string Runtime { get; init; }

    /// <summary>The decision that let it in.</summary>
    public required long Decision { get; init; }

    /// <summary>What was clipped to the host's limits, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Its log file.</summary>
    public required string LogPath { get; init; }

    /// <summary>Its runtime bundle's directory.</summary>
    public required string BundlePath { get; init; }
}

/// <summary>A container that was created.</summary>
/// <param name="Container">It.</param>
/// <param name="Verdict">What let it in.</param>
/// <param name="Decision">The recorded decision.</param>
/// <param name="Notes">What was clipped to the host's limits, in words.</param>
public sealed record CreateResult(
    ContainerSummary Container,
    Verdict Verdict,
    long Decision,
    IReadOnlyList<string> Notes
);

/// <summary>A container that was started.</summary>
/// <param name="Container">It; of a foreground run, as it ended.</param>
/// <param name="Verdict">What let it run.</param>
/// <param name="Decision">The recorded decision.</param>
/// <param name="ExitCode">Exit code of a foreground run, else null.</param>
/// <param name="Notes">What was clipped to the host's limits, in words.</param>
public sealed record StartResult(
    ContainerSummary Container,
    Verdict Verdict,
    long Decision,
    int? ExitCode,
    IReadOnlyList<string> Notes
);

/// <summary>How a container ended.</summary>
/// <param name="Container">Its id.</param>
/// <param name="ExitCode">Its exit code; −1 when it isn't known.</param>
/// <param name="Reason">Why.</param>
public sealed record EndResult(ContainerId Container, int ExitCode, EndReason Reason);

/// <summary>How an exec ended.</summary>
/// <param name="ExitCode">The process' exit code.</param>
/// <param name="Output">Captured standard output; empty when streams were inherited.</param>
/// <param name="Error">Captured standard error; empty when streams were inherited.</param>
/// <param name="Truncated">More was written than is captured (1 MiB a stream).</param>
/// <param name="TimedOut">The process was killed at its time limit.</param>
public sealed record ExecResult(
    int ExitCode,
    ReadOnlyMemory<byte> Output,
    ReadOnlyMemory<byte> Error,
    bool Truncated,
    bool TimedOut
);
