using System.Text.Json.Nodes;

namespace Oci.Errors;

/// <summary>
/// The one exception whose message may leave the process: it carries a registered <see cref="ErrorId"/>, a sentence
/// made for people (what is wrong, where, why) and up to three things to do next. Every other exception is a bug:
/// logged whole, and reported as <see cref="ErrorId.Internal"/> with a trace id only.
/// </summary>
public sealed class PublicError(ErrorId id, string message, params IReadOnlyList<string> suggestions)
    : Exception(message)
{
    /// <summary>As the primary constructor, keeping the exception that led here for the log.</summary>
    public PublicError(ErrorId id, string message, Exception cause, params IReadOnlyList<string> suggestions)
        : this(id, message, suggestions) => Cause = cause;

    /// <summary>The registered id.</summary>
    public ErrorId Id { get; } = id;

    /// <summary>Up to three things to do next, most useful first; commands are written so that they can be pasted.</summary>
    public IReadOnlyList<string> Suggestions { get; } = suggestions;

    /// <summary>What led here, for logs; its message never leaves the process.</summary>
    public Exception? Cause { get; }

    /// <summary>The verdict (JSON form) that refused, for <see cref="ErrorId.PolicyDenied"/> and its kin.</summary>
    public JsonNode? Verdict { get; init; }

    /// <summary>JSON pointer of the member at fault (RFC 6901), for <see cref="ErrorId.Usage"/>.</summary>
    public string? Pointer { get; init; }

    /// <summary>
    /// Exit code of <c>run</c> and <c>exec</c> in place of 125: 126 for a command that can't be executed, 127 for one that
    /// isn't there.
    /// </summary>
    public int? ExitCode { get; init; }
}
