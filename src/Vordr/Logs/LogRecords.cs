namespace Vordr.Logs;

/// <summary>Asks for what a container wrote.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Container">Id, unambiguous prefix of one, or name.</param>
public sealed record LogsRequest(Caller Caller, string Container)
{
    /// <summary>Only the last so many lines; null means all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Go on until the container ends.</summary>
    public bool Follow { get; init; }
}

/// <summary>Which output a line was written to.</summary>
#pragma warning disable CA1711 // It is one: standard output, or standard error.
public enum LogStream
#pragma warning restore CA1711
{
    /// <summary>Standard output.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}

/// <summary>A line of a container's log.</summary>
/// <param name="At">When conmon read it.</param>
/// <param name="Stream">Where it was written to.</param>
/// <param name="Text">Its bytes, without the line feed.</param>
/// <param name="Partial">No line feed followed: the rest comes in the next record of this stream.</param>
public sealed record LogLine(DateTimeOffset At, LogStream Stream, ReadOnlyMemory<byte> Text, bool Partial);
