using System.Text.Json;
using Oci.Errors;
using Svalinn.Hosting;
using Svalinn.Problems;

namespace Svalinn.Decisions;

/// <summary>Body of <c>GET /decisions/{id}</c>.</summary>
internal sealed record DecisionAnswer
{
    /// <summary>Unique; sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The request's trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>Who asked.</summary>
    public required string Principal { get; init; }

    /// <summary>For what.</summary>
    public required string Operation { get; init; }

    /// <summary>What was judged.</summary>
    public required string Subject { get; init; }

    /// <summary>Digest of its root.</summary>
    public string? Root { get; init; }

    /// <summary>What was decided.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why not.</summary>
    public string? Code { get; init; }

    /// <summary>The whole verdict.</summary>
    public required JsonElement Verdict { get; init; }
}

/// <summary>What was decided, for auditors.</summary>
internal static class DecisionEndpoints
{
    /// <summary><c>GET /decisions/{id}</c>.</summary>
    public static async Task GetAsync(string id, HttpContext context, DecisionLog decisions)
    {
        context.Outcome().Subject = "decision";
        var decision =
            decisions.Find(id)
            ?? throw new PublicError(ErrorId.NotFound, "No decision of this id was made by this gateway.");
        var answer = new DecisionAnswer
        {
            Id = decision.Id,
            At = decision.At,
            TraceId = decision.TraceId,
            Principal = decision.Principal,
            Operation = decision.Operation,
            Subject = decision.Subject,
            Root = decision.Root,
            Allowed = decision.Allowed,
            Code = decision.Code,
            Verdict = JsonElement.Parse(decision.Verdict),
        };
        await JsonAnswer.WriteAsync(context, answer, SvalinnJson.Default.DecisionAnswer);
    }
}
