using Svalinn.Authorization;
using Svalinn.Tracing;

namespace Svalinn.Audit;

/// <summary>Opens the audit of a request that changes state, and closes it on the way out.</summary>
internal sealed partial class AuditMiddleware(RequestDelegate next, AuditLog log, ILogger<AuditMiddleware> logger)
{
    /// <summary>Runs the rest of the pipeline within an audit scope.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.RouteRule() is not { ChangesState: true } rule)
        {
            await next(context);
            return;
        }
        var scope = new Intent.AuditScope(log, context, rule);
        context.Features.Set(scope);
        await next(context);
        try
        {
            await scope.CloseAsync();
        }
        catch (Exception exception)
        {
            // What happened has happened, and was announced in the intended row; the log line stands in for the outcome.
            LogOutcomeLost(rule.Operation, context.Response.StatusCode, context.TraceId(), exception);
        }
    }

    [LoggerMessage(
        10,
        LogLevel.Critical,
        "Audit: the outcome {Status} of {Operation} could not be written (trace {TraceId})"
    )]
    private partial void LogOutcomeLost(string operation, int status, string traceId, Exception exception);
}

/// <summary>Where the audit of a request is kept.</summary>
internal static class AuditScopeExtensions
{
    /// <summary>The audit of this request; only routes that declare a state change have one.</summary>
    public static Intent.AuditScope Audit(this HttpContext context) =>
        context.Features.Get<Intent.AuditScope>()
        ?? throw new InvalidOperationException("This route does not declare that it changes state.");
}
