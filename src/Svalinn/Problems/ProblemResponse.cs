using System.Text.Encodings.Web;
using System.Text.Json;
using Oci.Errors;
using Svalinn.Tracing;

namespace Svalinn.Problems;

/// <summary>Writes a <see cref="PublicError"/> as the answer, and leaves its id for audit and metrics.</summary>
internal static class ProblemResponse
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Letters stay as they are: the answer is JSON, never part of a page.</summary>
    private static readonly ProblemJson s_readable = new(
        new JsonSerializerOptions(ProblemJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    /// <summary>Writes <paramref name="error"/> as problem+json.</summary>
    /// <param name="context">The request; its response must not have started.</param>
    /// <param name="error">What to say.</param>
    /// <param name="status">A status other than the registered one: HTTP has finer ones (405) than the registry.</param>
    public static async Task WriteAsync(HttpContext context, PublicError error, int? status = null)
    {
        var outcome = context.Outcome();
        outcome.Error = error.Id;
        var problem = Problem.From(error, context.TraceId(), context.Request.Path.Value, outcome.Decision);
        if (status is { } finer)
            problem = problem with { Status = finer };
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = Problem.ContentType;
        if (problem.Status is StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = RetryAfterSeconds;
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, s_readable.Problem);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
