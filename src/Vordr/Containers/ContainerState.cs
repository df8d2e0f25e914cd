namespace Vordr.Containers;

/// <summary>Where a container stands in its life (runtime.md, "Lifecycle").</summary>
public enum ContainerState
{
    /// <summary>Made, not started: its process waits before the program's first instruction.</summary>
    Created,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its process has ended.</summary>
    Stopped,

    /// <summary>Gone; only the row of a removal under way has it.</summary>
    Removed,
}

/// <summary>What the operator wants of a container; set before any signal, so that a restart knows.</summary>
public enum DesiredState
{
    /// <summary>It should run.</summary>
    Running,

    /// <summary>It should not.</summary>
    Stopped,
}

/// <summary>Why a container ended as it did; its word in <see cref="ContainerStateText"/> is stable.</summary>
public enum EndReason
{
    /// <summary>Its process ended by itself, or by a signal that nobody here sent.</summary>
    Exited,

    /// <summary>Stopped or killed on request.</summary>
    Stopped,

    /// <summary>The kernel killed it for memory.</summary>
    OutOfMemory,

    /// <summary>conmon was killed: how the process ended is not known.</summary>
    MonitorLost,

    /// <summary>The machine went down under it.</summary>
    Rebooted,

    /// <summary>The verdict at start refused.</summary>
    PolicyDenied,

    /// <summary>The runtime could not start it.</summary>
    StartFailed,
}

/// <summary>Stable words for states and reasons: what the database, the wire and people see.</summary>
public static class ContainerStateText
{
    /// <summary>The state's word: <c>created running paused exited removed</c>.</summary>
    public static string Text(this ContainerState state) =>
        state switch
        {
            ContainerState.Created => "created",
            ContainerState.Running => "running",
            ContainerState.Paused => "paused",
            ContainerState.Stopped => "exited",
            ContainerState.Removed => "removed",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    /// <summary>The reason's word.</summary>
    public static string Text(this EndReason reason) =>
        reason switch
        {
            EndReason.Exited => "exited",
            EndReason.Stopped => "stopped",
            EndReason.OutOfMemory => "oom_killed",
            EndReason.MonitorLost => "monitor_lost",
            EndReason.Rebooted => "rebooted",
            EndReason.PolicyDenied => "policy_denied",
            EndReason.StartFailed => "start_failed",
            _ => throw new ArgumentOutOfRangeException(nameof(reason)),
        };
}
