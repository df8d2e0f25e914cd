using System.ComponentModel;
using System.Text.Json;
using Oci.Errors;

namespace Vordr.Client.Errors;

/// <summary>
/// The one form of an error on every face: the structured content of an MCP result with <c>isError</c>, the body of
/// <c>application/problem+json</c> (RFC 9457), and what <c>--json</c> prints.
/// </summary>
public sealed record ErrorObject
{
    /// <summary>The registered id, <c>ERR_…</c>.</summary>
    [Description("Stable id, ERR_…")]
    public required string Id { get; init; }

    /// <summary>What went wrong, in general.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status that goes with the id.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong in this case, where, and why.</summary>
    public required string Detail { get; init; }

    /// <summary>JSON pointer (RFC 6901) of the member at fault.</summary>
    public string? Pointer { get; init; }

    /// <summary>Up to three things to do next, most useful first.</summary>
    public required IReadOnlyList<string> Suggestions { get; init; }

    /// <summary>W3C trace id under which the logs tell more.</summary>
    public string? TraceId { get; init; }

    /// <summary>The verdict that refused.</summary>
    public JsonElement? Verdict { get; init; }

    /// <summary>
    /// The object for <paramref name="error"/>. Only a <see cref="PublicError"/> may speak: of anything else
    /// only the trace id leaves the process.
    /// </summary>
    public static ErrorObject From(Exception error, string? traceId)
    {
        if (error is not PublicError known)
        {
            return new ErrorObject
            {
                Id = ErrorId.Internal.Name,
                Title = ErrorId.Internal.Title,
                Status = ErrorId.Internal.HttpStatus,
                Detail = traceId is null
                    ? "An unexpected error occurred; the log has more."
                    : $"An unexpected error occurred; the log has more under trace id {traceId}.",
                Suggestions = [],
                TraceId = traceId,
            };
        }
        return new ErrorObject
        {
            Id = known.Id.Name,
            Title = known.Id.Title,
            Status = known.Id.HttpStatus,
            Detail = known.Message,
            Pointer = known.Pointer,
            Suggestions = known.Suggestions,
            TraceId = traceId,
            Verdict = known.Verdict is null ? null : JsonElement.Parse(known.Verdict.ToJsonString()),
        };
    }

    /// <summary>The error this object tells of, as if it had been thrown here.</summary>
    public PublicError ToPublicError() =>
        new(ErrorId.Find(Id) ?? ErrorId.Internal, Detail, Suggestions)
        {
            Pointer = Pointer,
            Verdict = Verdict is { ValueKind: JsonValueKind.Object } verdict
                ? System.Text.Json.Nodes.JsonObject.Create(verdict)
                : null,
        };
}
