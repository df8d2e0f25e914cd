using System.Text.Json;
using System.Text.Json.Nodes;
using Oci.Errors;
using Oci.Json;

namespace Trust.Policies;

/// <summary>
/// What a finished OCI runtime spec may ask of the host: the <c>run</c> member of a policy. A member that a policy
/// leaves out has the value of <see cref="BuiltIn"/>, never "anything goes".
/// </summary>
public sealed record RunRules
{
    /// <summary>The capabilities that a container has when nobody asks for others (<c>runtime.md</c>, "OCI spec").</summary>
    public static IReadOnlyList<string> DefaultCapabilities { get; } =
    [
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ];

    /// <summary>
    /// The rules for what comes over MCP or REST where the operator's policy has no <c>run</c>: not privileged, no
    /// capability outside of the default set, no host namespaces, devices or host paths, seccomp and LSM on, at most
    /// 2048 processes.
    /// </summary>
    public static RunRules BuiltIn { get; } = new();

    /// <summary>Whether a privileged container may run.</summary>
    public bool Privileged { get; init; }

    /// <summary>Names of the capabilities that a container may have, without <c>CAP_</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = DefaultCapabilities;

    /// <summary>Whether a container may be in the host's network namespace.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Patterns of host paths that may be mounted; <c>**</c> crosses slashes.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Patterns of host devices that may be handed in.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Whether the container's first process must have another user id than 0.</summary>
    public bool NonRoot { get; init; }

    /// <summary>Whether the root filesystem must be read-only.</summary>
    public bool ReadOnlyRootfs { get; init; }

    /// <summary>The memory limit that a container must have, or one below; null demands none.</summary>
    public long? Memory { get; init; }

    /// <summary>The process limit that a container must have, or one below.</summary>
    public long Pids { get; init; } = 2048;

    /// <summary>
    /// The rules that judge a run under <paramref name="policy"/>: the policy's own; without them the built-in ones for
    /// what came from elsewhere, and none for root at the command line.
    /// </summary>
    public static RunRules? For(Policy policy, RunOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Run ?? (origin == RunOrigin.Remote ? BuiltIn : null);
    }

    /// <summary>Reads rules as a policy writes them.</summary>
    /// <exception cref="PublicError">They aren't valid; the message says where.</exception>
    public static RunRules Parse(JsonElement run)
    {
        try
        {
            return PolicyReader.ReadRun(StrictJson.Deserialize(run, PolicyJson.Default.RunDocument, "run rules"), "");
        }
        catch (FormatException e)
        {
            throw new PublicError(ErrorId.Config, $"The run rules are not valid: {e.Message}.", e);
        }
        catch (DocumentFault e)
        {
            throw e.ToError("run rules");
        }
    }

    /// <summary>The rules as a policy writes them, every member said.</summary>
    public JsonNode ToJson() =>
        JsonSerializer.SerializeToNode(
            new RunDocument
            {
                Privileged = Privileged,
                Capabilities = Capabilities,
                HostNetwork = HostNetwork,
                HostPaths = HostPaths,
                Devices = Devices,
                User = NonRoot ? "nonroot" : null,
                ReadOnlyRootfs = ReadOnlyRootfs,
                Memory = Memory is { } bytes ? ByteSize.Format(bytes) : null,
                Pids = Pids,
            },
            PolicyJson.Default.RunDocument
        )!;
}

/// <summary>Where the wish to run something came from.</summary>
public enum RunOrigin
{
    /// <summary>MCP or REST. The zero value: an origin that nobody set is the less trusted one.</summary>
    Remote,

    /// <summary>The command line, by root.</summary>
    CommandLine,
}

/// <summary>What was asked for and a finished spec doesn't show. Left out means not asked for.</summary>
public sealed record RunFacts
{
    /// <summary>Whether a privileged container was asked for.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether AppArmor or SELinux was asked to be off.</summary>
    public bool SecurityModuleOff { get; init; }

    /// <summary>Host paths that were asked for, absolute, links resolved.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Host devices that were asked for, absolute, links resolved.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>
    /// Paths that the engine made for this container (its directory, named volumes, namespace pins). A bind mount or a
    /// namespace from one of them, or from beneath one, is no host path; everything else is.
    /// </summary>
    public IReadOnlyList<string> OwnPaths { get; init; } = [];
}

/// <summary>A rule that a run breaks.</summary>
/// <param name="Path">The rule's path in the policy: <c>run.capabilities</c>.</param>
/// <param name="Reason">What is asked and what is allowed.</param>
public sealed record RuleViolation(string Path, string Reason);
