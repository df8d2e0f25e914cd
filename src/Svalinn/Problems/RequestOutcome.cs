using Oci.Errors;

namespace Svalinn.Problems;

/// <summary>What became of a request, gathered on its way for audit, metrics and the log.</summary>
internal sealed class RequestOutcome
{
    /// <summary>The error that was answered.</summary>
    public ErrorId? Error { get; set; }

    /// <summary>The recorded decision.</summary>
    public string? Decision { get; set; }

    /// <summary>The verdict's code, where there was a verdict that refused.</summary>
    public string? VerdictCode { get; set; }

    /// <summary>Whether a byte of an uploaded body was asked for: then the sender was told to go on.</summary>
    public bool BodyWasBegun { get; set; }

    /// <summary>What was acted on: a container, or a digest.</summary>
    public string? Subject { get; set; }
}

/// <summary>Where the outcome of a request is kept.</summary>
internal static class RequestOutcomeExtensions
{
    /// <summary>The outcome of this request.</summary>
    public static RequestOutcome Outcome(this HttpContext context)
    {
        if (context.Features.Get<RequestOutcome>() is { } existing)
            return existing;
        var outcome = new RequestOutcome();
        context.Features.Set(outcome);
        return outcome;
    }
}
