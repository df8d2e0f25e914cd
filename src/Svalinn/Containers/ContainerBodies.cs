using System.ComponentModel;
using Oci;
using Vordr.Client.Containers;

namespace Svalinn.Containers;

/// <summary>Body of <c>POST /containers/create</c> and <c>POST /run</c>: exactly one of bundle and image.</summary>
/// <remarks>No member takes a policy: what comes over REST is judged by the operator's.</remarks>
internal sealed record CreateBody
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
}

/// <summary>Body of <c>POST /containers/{id}/stop</c>; may be left out.</summary>
internal sealed record StopBody
{
    /// <summary>Seconds between the stop signal and the kill.</summary>
    [Description("Seconds between the stop signal and the kill; default 10.")]
    public int? Timeout { get; init; }
}

/// <summary>Body of <c>POST /containers/{id}/exec</c>.</summary>
internal sealed record ExecBody
{
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
}

/// <summary>Answer of <c>POST /containers/create</c> and <c>POST /run</c>.</summary>
internal sealed record CreatedContainer
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

    /// <summary>The decision recorded by the gateway, for <c>GET /decisions/{id}</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>What was changed to fit the host.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Vörðr's answer, under the decision of the gateway.</summary>
    public static CreatedContainer From(CreateAnswer answer, string decision) =>
        new()
        {
            Id = answer.Id,
            Name = answer.Name,
            Image = answer.Image,
            ImageDigest = answer.ImageDigest,
            State = answer.State,
            Unverified = answer.Unverified,
            Decision = decision,
            Notes = answer.Notes,
        };
}
