using System.Diagnostics;
using Svalinn.Authentication;
using Svalinn.Metrics;
using Svalinn.Problems;

namespace Svalinn.Tracing;

/// <summary>
/// Outermost: gives the request its trace, says it in <c>traceresponse</c> (W3C Trace Context, level 2), and writes one
/// log line and one measurement at the end.
/// </summary>
internal sealed partial class TraceMiddleware(
    RequestDelegate next,
    RequestMetrics metrics,
    TimeProvider time,
    ILogger<TraceMiddleware> logger
)
{
    /// <summary>Runs the pipeline within a trace.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        var trace = RequestTrace.Continue(context.Request.Headers.TraceParent);
        context.Features.Set(trace);
        context.Response.Headers["traceresponse"] = trace.TraceParent;
        // The activity is what the MCP client writes into _meta, and what loggers may attach.
        using var activity = StartActivity(trace);
        try
        {
            await next(context);
        }
        finally
        {
            var elapsed = time.GetElapsedTime(began);
            var route = RouteOf(context);
            metrics.Observe(context.Request.Method, route, context.Response.StatusCode, elapsed);
            var level = route is "/health" or "/ready" or "/metrics" ? LogLevel.Debug : LogLevel.Information;
            if (logger.IsEnabled(level))
            {
                var outcome = context.Outcome();
                var principal = context.PrincipalName();
                LogRequest(
                    level,
                    context.Request.Method,
                    route,
                    context.Response.StatusCode,
                    elapsed.TotalMilliseconds,
                    principal,
                    outcome.Subject,
                    outcome.Error?.Name,
                    trace.Id
                );
            }
        }
    }

    private static Activity StartActivity(RequestTrace trace)
    {
        var activity = new Activity("svalinn.request");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.SetParentId(
            trace.TraceId,
            trace.SpanId,
            trace.Sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None
        );
        return activity.Start();
    }

    /// <summary>The pattern, never the path: paths are the caller's text, and unbounded.</summary>
    internal static string RouteOf(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } ? pattern : "(none)";

    [LoggerMessage(
        EventId = 1,
        EventName = "Request",
        Message = "{Method} {Route} {Status} in {Milliseconds:0.0} ms by {Principal} on {Subject} {ErrorId} trace {TraceId}"
    )]
    private partial void LogRequest(
        LogLevel level,
        string method,
        string route,
        int status,
        double milliseconds,
        string principal,
        string? subject,
        string? errorId,
        string traceId
    );
}
