using Vordr.Processes;

namespace Vordr.Conmon;

/// <summary>A container to be created under conmon's watch.</summary>
internal sealed record ConmonStart
{
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's name, for conmon's logs.</summary>
    public required string Name { get; init; }

    /// <summary>The runtime bundle: the directory that holds <c>config.json</c>; attach socket and control pipes appear in it.</summary>
    public required string BundleDirectory { get; init; }

    /// <summary>The log, in conmon's k8s-file format.</summary>
    public required string LogPath { get; init; }

    /// <summary>Existing directory in which a file named as the container will hold its exit code.</summary>
    public required string ExitDirectory { get; init; }

    /// <summary>Existing directory of this container, where <c>oom</c> appears when the kernel killed for memory.</summary>
    public required string PersistDirectory { get; init; }

    /// <summary>The instance; conmon's own control group is <c>/instance/conmon-id</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Whether the container's input stays open for an attached client.</summary>
    public bool StandardInput { get; init; }

    /// <summary>Whether it gets a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>What conmon executes once the container has ended: program and arguments; empty is nothing.</summary>
    public IReadOnlyList<string> ExitCommand { get; init; } = [];
}

/// <summary>A created container's two processes.</summary>
/// <param name="Init">The container's init: created, not yet started.</param>
/// <param name="Conmon">Its monitor.</param>
internal sealed record ContainerProcess(ProcessIdentity Init, ProcessIdentity Conmon);
