using Oci.Runtime;

namespace Vordr.Runtimes;

/// <summary>Another process in a running container.</summary>
internal sealed record ExecRequest
{
    /// <summary>The container.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The process, made by <see cref="Specs.ExecProcess"/>: never more than the container's init has.</summary>
    public required RuntimeProcess Process { get; init; }

    /// <summary>Existing directory for the two small files that the runtime needs; they are removed.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Hand this process's own three streams over; nothing is captured then.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>With <see cref="InheritStreams"/>: whether input is handed over too, or is empty.</summary>
    public bool InheritInput { get; init; }

    /// <summary>What to write to its input, or null for none; not with <see cref="InheritStreams"/>.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Most bytes kept of each stream; what comes beyond is read and dropped.</summary>
    public int CaptureLimit { get; init; } = 1024 * 1024;

    /// <summary>It is killed after this; null is never.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How an executed process ended.</summary>
internal sealed record ExecResult
{
    /// <summary>Its exit code; 128 and the signal when one ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it wrote to its output, up to the limit.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>What it wrote to its error output, up to the limit.</summary>
    public ReadOnlyMemory<byte> Error { get; init; }

    /// <summary>Whether output went over the limit and was dropped.</summary>
    public bool Truncated { get; init; }

    /// <summary>Whether it was killed because its time was up.</summary>
    public bool TimedOut { get; init; }
}
