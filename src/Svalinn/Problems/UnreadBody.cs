using Svalinn.Limits;

namespace Svalinn.Problems;

/// <summary>
/// What is left of a body when its request was refused early. A sender that only reads once it has sent everything
/// would meet a closed connection instead of the answer, so the rest is read on for a while, and thrown away.
/// </summary>
internal static class UnreadBody
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Announces that the connection ends with this answer, if there may be more of the body to come.</summary>
    /// <returns>Whether <see cref="DrainAsync"/> has something to do.</returns>
    public static bool Announce(HttpContext context)
    {
        var request = context.Request;
        var mayFollow = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        if (!mayFollow || request.Body is null)
            return false;
        context.Response.Headers.Connection = "close";
        // A sender that asked first and was never told to go on has sent nothing (RFC 9110, 10.1.1).
        return request.Headers.Expect.Count == 0 || context.Outcome().BodyWasBegun;
    }

    /// <summary>Reads on, up to the limits; the answer must be complete.</summary>
    public static async Task DrainAsync(HttpContext context, GatewayLimits limits)
    {
        await context.Response.CompleteAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(limits.DrainTime);
        var body = context.Request.Body is LimitedBody limited ? limited.Source : context.Request.Body;
        var buffer = new byte[BufferSize];
        try
        {
            for (long total = 0; total < limits.DrainBytes; )
            {
                var read = await body.ReadAsync(buffer, deadline.Token);
                if (read == 0)
                    return;
                total += read;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Too slow, or gone.
        }
        // The answer was given, and there was time to read it; the server's own patience would only begin now.
        context.Abort();
    }
}
