using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Oci.Errors;

namespace Svalinn.Problems;

/// <summary>The answer to what can't be done: RFC 9457, with the members of our own that every error carries.</summary>
internal sealed record Problem
{
    /// <summary>The media type it is sent as.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Where the error is explained; stable, and not meant to be fetched by programs.</summary>
    public required string Type { get; init; }

    /// <summary>What went wrong, in general.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong in this case.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>The registered id, <c>ERR_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Up to three things to do next.</summary>
    public required IReadOnlyList<string> Suggestions { get; init; }

    /// <summary>Names this request in the logs of Svalinn and Vörðr.</summary>
    public required string TraceId { get; init; }

    /// <summary>JSON pointer of the member at fault.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pointer { get; init; }

    /// <summary>The recorded decision, for <c>GET /decisions/{id}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Decision { get; init; }

    /// <summary>The verdict that refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Verdict { get; init; }

    /// <summary>The problem that <paramref name="error"/> is, for the request <paramref name="traceId"/>.</summary>
    public static Problem From(PublicError error, string traceId, string? instance, string? decision) =>
        new()
        {
            Type = $"https://verified-container.org/errors/{error.Id.Name}",
            Title = error.Id.Title,
            Status = error.Id.HttpStatus,
            Detail = error.Message,
            Instance = instance,
            Id = error.Id.Name,
            Suggestions = [.. error.Suggestions.Take(3)],
            TraceId = traceId,
            Pointer = error.Pointer,
            Decision = decision,
            Verdict = error.Verdict,
        };
}
