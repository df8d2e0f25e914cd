using Microsoft.Extensions.Logging;
using Oci.Errors;
using Vordr.Server.Tools;

namespace Vordr.Server.Logging;

/// <summary>One line a call: what, for whom, how it went, how long it took, under which trace id.</summary>
internal sealed partial class CallLog(ILogger<CallLog> logger, TimeProvider time)
{
    /// <summary>Opens the entry of a call; disposing it writes the line.</summary>
    public Entry Begin(string operation, ToolCall call) => new(this, operation, call);

    [LoggerMessage(
        3101,
        LogLevel.Information,
        "{Operation} for {Principal}: {Outcome} in {ElapsedMs:0.0} ms (trace {TraceId})"
    )]
    private static partial void LogCall(
        ILogger logger,
        string operation,
        string principal,
        string outcome,
        double elapsedMs,
        string traceId
    );

    [LoggerMessage(3102, LogLevel.Error, "{Operation} met an error of ours (trace {TraceId})")]
    private static partial void LogBug(ILogger logger, Exception error, string operation, string traceId);

    [LoggerMessage(3103, LogLevel.Debug, "What led to {ErrorId} in {Operation} (trace {TraceId})")]
    private static partial void LogCause(
        ILogger logger,
        Exception error,
        string errorId,
        string operation,
        string traceId
    );

    /// <summary>A call under way.</summary>
    internal sealed class Entry(CallLog log, string operation, ToolCall call) : IDisposable
    {
        private readonly long _began = log._time.GetTimestamp();
        private string _outcome = "cancelled";

        public void Succeeded() => _outcome = "ok";

        public void Failed(Exception error)
        {
            if (error is PublicError known)
            {
                _outcome = known.Id.Name;
                if (known.Cause is { } cause)
                    LogCause(log._logger, cause, known.Id.Name, operation, call.TraceId);
            }
            else
            {
                _outcome = ErrorId.Internal.Name;
                LogBug(log._logger, error, operation, call.TraceId);
            }
        }

        public void Dispose() =>
            LogCall(
                log._logger,
                operation,
                call.Caller.Principal,
                _outcome,
                log._time.GetElapsedTime(_began).TotalMilliseconds,
                call.TraceId
            );
    }

    private readonly ILogger _logger = logger;
    private readonly TimeProvider _time = time;
}
