using System.ComponentModel;
using Trust.Policies;

namespace Vordr.Client.Containers;

/// <summary>
/// Run rules that a caller hands down: Vörðr enforces them over the finished container beside its own, and both must
/// allow. A member left out has its value of <see cref="RunRules.BuiltIn"/>.
/// </summary>
[Description("Rules that the finished container must satisfy beside Vörðr's own; a member left out is strict.")]
public sealed record RunConstraints
{
    /// <summary>A privileged container may run.</summary>
    [Description("Whether a privileged container may run.")]
    public bool? Privileged { get; init; }

    /// <summary>The capabilities that it may have, without <c>CAP_</c>.</summary>
    [Description("The capabilities that it may have, without CAP_.")]
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>It may be in the host's network namespace.</summary>
    [Description("Whether it may be in the host's network namespace.")]
    public bool? HostNetwork { get; init; }

    /// <summary>Patterns of host paths that may be mounted.</summary>
    [Description("Patterns of host paths that may be mounted.")]
    public IReadOnlyList<string>? HostPaths { get; init; }

    /// <summary>Patterns of host devices that may be handed in.</summary>
    [Description("Patterns of host devices that may be handed in.")]
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Its first process must not be root.</summary>
    [Description("Whether its first process must have another user id than 0.")]
    public bool? NonRoot { get; init; }

    /// <summary>Its root filesystem must be read-only.</summary>
    [Description("Whether its root filesystem must be read-only.")]
    public bool? ReadOnlyRootfs { get; init; }

    /// <summary>The memory limit in bytes that it must have, or one below.</summary>
    [Description("The memory limit in bytes that it must have, or one below.")]
    public long? Memory { get; init; }

    /// <summary>The process limit that it must have, or one below.</summary>
    [Description("The process limit that it must have, or one below.")]
    public long? Pids { get; init; }

    /// <summary>The rules, as a caller hands them down.</summary>
    public static RunConstraints From(RunRules rules) =>
        new()
        {
            Privileged = rules.Privileged,
            Capabilities = rules.Capabilities,
            HostNetwork = rules.HostNetwork,
            HostPaths = rules.HostPaths,
            Devices = rules.Devices,
            NonRoot = rules.NonRoot,
            ReadOnlyRootfs = rules.ReadOnlyRootfs,
            Memory = rules.Memory,
            Pids = rules.Pids,
        };

    /// <summary>The rules, as they are judged by.</summary>
    public RunRules ToRules() =>
        new()
        {
            Privileged = Privileged ?? RunRules.BuiltIn.Privileged,
            Capabilities = Capabilities ?? RunRules.BuiltIn.Capabilities,
            HostNetwork = HostNetwork ?? RunRules.BuiltIn.HostNetwork,
            HostPaths = HostPaths ?? RunRules.BuiltIn.HostPaths,
            Devices = Devices ?? RunRules.BuiltIn.Devices,
            NonRoot = NonRoot ?? RunRules.BuiltIn.NonRoot,
            ReadOnlyRootfs = ReadOnlyRootfs ?? RunRules.BuiltIn.ReadOnlyRootfs,
            Memory = Memory ?? RunRules.BuiltIn.Memory,
            Pids = Pids ?? RunRules.BuiltIn.Pids,
        };
}
