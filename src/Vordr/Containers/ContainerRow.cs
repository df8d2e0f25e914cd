using Oci;
using Vordr.Processes;

namespace Vordr.Containers;

/// <summary>A container as the database has it: what was true when it was last looked at.</summary>
internal sealed record ContainerRow
{
    public required ContainerId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The bundle that vouches for the image.</summary>
    public required Digest Bundle { get; init; }

    /// <summary>The bundle's name, <c>name:version</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The image's root.</summary>
    public required Digest Root { get; init; }

    public required ContainerOptions Options { get; init; }

    /// <summary>Null while it is being made.</summary>
    public required ContainerState? State { get; init; }

    public required DesiredState Desired { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    public int? ExitCode { get; init; }

    public EndReason? Reason { get; init; }

    public bool OomKilled { get; init; }

    /// <summary>Its first process, from the runtime's create until its end is settled.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Its conmon, likewise.</summary>
    public ProcessIdentity? Conmon { get; init; }

    /// <summary>A network's name, <c>none</c> or <c>host</c>.</summary>
    public required string Network { get; init; }

    /// <summary>The OCI runtime that made it; empty while it is being made.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>What it executes; empty while it is being made.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool Unverified { get; init; }

    /// <summary>The decision that let it in; null while it is being made.</summary>
    public long? Decision { get; init; }
}
