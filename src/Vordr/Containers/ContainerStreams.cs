namespace Vordr.Containers;

/// <summary>
/// The streams of a foreground run or exec. The engine reads and writes them, and disposes of none. Frames of one
/// stream arrive in order; between standard output and standard error the kernel's order is kept as conmon saw it.
/// </summary>
/// <param name="Input">Handed to the process as standard input until it ends, or null for none.</param>
/// <param name="Output">Receives standard output.</param>
/// <param name="Error">Receives standard error.</param>
public sealed record ContainerStreams(Stream? Input, Stream Output, Stream Error)
{
    /// <summary>Called once when the process runs, with the container's id: from here on signals may be forwarded.</summary>
    public Action<ContainerId>? Started { get; init; }
}
