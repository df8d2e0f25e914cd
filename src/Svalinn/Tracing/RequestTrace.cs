using System.Diagnostics;

namespace Svalinn.Tracing;

/// <summary>W3C trace context of a request: the caller's trace where it sent one, else a new one.</summary>
internal sealed record RequestTrace(ActivityTraceId TraceId, ActivitySpanId SpanId, bool Sampled)
{
    /// <summary>The 32 hex digits that name the request in every log.</summary>
    public string Id { get; } = TraceId.ToHexString();

    /// <summary>The header value handed on, with our own span as the parent.</summary>
    public string TraceParent => $"00-{Id}-{SpanId.ToHexString()}-{(Sampled ? "01" : "00")}";

    /// <summary>Continues <paramref name="traceParent"/> if it is well-formed (W3C Trace Context, 3.2), else begins anew.</summary>
    public static RequestTrace Continue(string? traceParent)
    {
        var span = ActivitySpanId.CreateRandom();
        return ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var caller)
            ? new RequestTrace(caller.TraceId, span, caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            : new RequestTrace(ActivityTraceId.CreateRandom(), span, Sampled: false);
    }
}

/// <summary>Where the trace of a request is kept.</summary>
internal static class RequestTraceExtensions
{
    /// <summary>The trace of this request.</summary>
    public static RequestTrace Trace(this HttpContext context) =>
        context.Features.Get<RequestTrace>() ?? throw new InvalidOperationException("TraceMiddleware comes first.");

    /// <summary>The trace id of this request.</summary>
    public static string TraceId(this HttpContext context) => context.Trace().Id;
}
