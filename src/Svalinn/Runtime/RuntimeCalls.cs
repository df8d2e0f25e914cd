using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.Authentication;
using Svalinn.Limits;
using Svalinn.Tracing;
using Vordr.Client;
using Vordr.Client.Bundles;
using Vordr.Client.Tools;

namespace Svalinn.Runtime;

/// <summary>
/// The one way down to Vörðr. Reads may be repeated while it is away for a moment; what changes something is sent
/// once, needs an <see cref="Intent"/>, and is seen to its end even if its caller hangs up.
/// </summary>
internal sealed partial class RuntimeCalls(
    VordrClient client,
    RuntimeStatus status,
    GatewayLimits limits,
    TimeProvider time,
    ILogger<RuntimeCalls> logger
)
{
    private static readonly int[] BackOffMilliseconds = [100, 200, 400];

    /// <summary>Calls a tool that only reads.</summary>
    public async Task<JsonElement> ReadAsync<TRequest>(
        HttpContext context,
        VordrTool tool,
        TRequest request,
        JsonTypeInfo<TRequest> type,
        CancellationToken cancellationToken
    )
    {
        if (!tool.ReadOnly)
            throw new InvalidOperationException($"{tool.Name} changes state: it needs an intent.");
        // A Vörðr that was there a moment ago is worth waiting for. One known to be away isn't: its callers are told at
        // once, and the next call tries anew.
        var retries = status.IsDown ? 0 : BackOffMilliseconds.Length;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await CallAsync(context, tool, request, type, limits.CallTime, cancellationToken);
            }
            catch (PublicError error) when (error.Id == ErrorId.RuntimeUnreachable && attempt < retries)
            {
                var delay = BackOffMilliseconds[attempt];
                delay += RandomNumberGenerator.GetInt32(delay / 2);
                await Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken);
            }
        }
    }

    /// <summary>Calls a tool that changes something: once.</summary>
    /// <param name="intent">Proof that the audit log knows of it.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="request">Its arguments.</param>
    /// <param name="type">Their metadata.</param>
    /// <param name="extraTime">Time that the work itself asks for, beyond that of any call.</param>
    public Task<JsonElement> ChangeAsync<TRequest>(
        Intent intent,
        VordrTool tool,
        TRequest request,
        JsonTypeInfo<TRequest> type,
        TimeSpan extraTime = default
    ) => CallAsync(intent.Context, tool, request, type, limits.CallTime + extraTime, CancellationToken.None);

    /// <summary>Passes a bundle through to <c>PUT /bundles</c>: once.</summary>
    public async Task<BundleAnswer> UploadAsync(
        Intent intent,
        Stream content,
        long? length,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await client.UploadAsync(
                content,
                length,
                ContextOf(intent.Context, timeout: null),
                cancellationToken
            );
            Note(answered: true);
            return answer;
        }
        catch (PublicError error)
        {
            Note(error.Id != ErrorId.RuntimeUnreachable);
            throw;
        }
    }

    /// <summary>Asks Vörðr whether it works, within <paramref name="patience"/>.</summary>
    public async Task<bool> ProbeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await client.HealthAsync(CallContext.None with { Timeout = patience }, cancellationToken);
            Note(answered: true);
            return true;
        }
        catch (PublicError error)
        {
            // Whatever else it says, a Vörðr that says something is there.
            var answered = error.Id != ErrorId.RuntimeUnreachable && error.Id != ErrorId.Deadline;
            Note(answered);
            return answered;
        }
    }

    private async Task<JsonElement> CallAsync<TRequest>(
        HttpContext context,
        VordrTool tool,
        TRequest request,
        JsonTypeInfo<TRequest> type,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        try
        {
            var answer = await client.CallRawAsync(tool, request, type, ContextOf(context, timeout), cancellationToken);
            Note(answered: true);
            LogCall(tool.Name, "ok", time.GetElapsedTime(began).TotalMilliseconds, context.TraceId());
            return answer.Content;
        }
        catch (PublicError error)
        {
            Note(error.Id != ErrorId.RuntimeUnreachable);
            LogCall(tool.Name, error.Id.Name, time.GetElapsedTime(began).TotalMilliseconds, context.TraceId());
            throw;
        }
    }

    private static CallContext ContextOf(HttpContext context, TimeSpan? timeout) =>
        new()
        {
            Principal = context.Principal()?.Id,
            TraceParent = context.Trace().TraceParent,
            Timeout = timeout,
        };

    private void Note(bool answered)
    {
        if (!status.Report(answered))
            return;
        if (answered)
            LogUp();
        else
            LogDown();
    }

    [LoggerMessage(30, LogLevel.Debug, "{Tool} {Outcome} in {Milliseconds:0.0} ms trace {TraceId}")]
    private partial void LogCall(string tool, string outcome, double milliseconds, string traceId);

    [LoggerMessage(31, LogLevel.Information, "Vörðr answers")]
    private partial void LogUp();

    [LoggerMessage(32, LogLevel.Warning, "Vörðr does not answer: MCP server unreachable")]
    private partial void LogDown();
}
