using Oci.Errors;
using Svalinn.Limits;
using Svalinn.Tracing;

namespace Svalinn.Problems;

/// <summary>
/// The leak rule: the message of a <see cref="PublicError"/> may leave; anything else is a bug, logged whole and told
/// as a trace id. Also gives a body to what routing refuses by itself (404, 405).
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next,
    GatewayLimits limits,
    ILogger<ProblemMiddleware> logger
)
{
    /// <summary>Runs the rest of the pipeline and tells what it throws.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        PublicError error;
        int? status = null;
        try
        {
            await next(context);
            if (context.Response.HasStarted || !IsUnanswered(context))
                return;
            (error, status) = FromRouting(context);
        }
        catch (PublicError thrown)
        {
            error = thrown;
            // A Vörðr that is away is told once, when it goes; what callers get wrong is told to them.
            if (thrown.Cause is { } cause && thrown.Id.HttpStatus >= 500 && thrown.Id != ErrorId.RuntimeUnreachable)
                LogCause(thrown.Id.Name, context.TraceId(), cause);
        }
        catch (BadHttpRequestException bad)
        {
            error = FromKestrel(bad);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception bug)
        {
            LogBug(context.Request.Method, TraceMiddleware.RouteOf(context), context.TraceId(), bug);
            error = new PublicError(
                ErrorId.Internal,
                "Something went wrong here that should not have. It was logged.",
                $"Ask the operator to look for trace {context.TraceId()} in the log."
            );
        }
        if (context.Response.HasStarted)
        {
            // Half an answer went out already; a cut connection is the one honest end.
            context.Outcome().Error = error.Id;
            context.Abort();
            return;
        }
        ClearBody(context);
        var more = UnreadBody.Announce(context);
        await ProblemResponse.WriteAsync(context, error, status);
        if (more)
            await UnreadBody.DrainAsync(context, limits);
    }

    private static bool IsUnanswered(HttpContext context) =>
        context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
        && context.Response.ContentLength is null
        && context.Response.ContentType is null;

    private static (PublicError Error, int? Status) FromRouting(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status404NotFound)
            return (new PublicError(ErrorId.NotFound, "Nothing is served at this path."), null);
        var allowed = context.Response.Headers.Allow.ToString();
        return (
            new PublicError(ErrorId.Usage, $"{context.Request.Method} is not served at this path; {allowed} is."),
            StatusCodes.Status405MethodNotAllowed
        );
    }

    private static PublicError FromKestrel(BadHttpRequestException bad) =>
        bad.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => new PublicError(ErrorId.TooLarge, "The request body is too large."),
            StatusCodes.Status408RequestTimeout => new PublicError(
                ErrorId.Usage,
                "The request body came too slowly: at least 64 KiB/s are expected."
            ),
            _ => new PublicError(
                ErrorId.Usage,
                "The request body could not be read: it ends early or is badly framed."
            ),
        };

    /// <summary>Forgets headers that described the answer that never was; security headers and Allow stay.</summary>
    private static void ClearBody(HttpContext context)
    {
        context.Response.ContentLength = null;
        context.Response.Headers.Location = default;
    }

    [LoggerMessage(20, LogLevel.Warning, "{ErrorId} (trace {TraceId}): what led to it")]
    private partial void LogCause(string errorId, string traceId, Exception exception);

    [LoggerMessage(21, LogLevel.Error, "A bug of ours: {Method} {Route} failed (trace {TraceId})")]
    private partial void LogBug(string method, string route, string traceId, Exception exception);
}
