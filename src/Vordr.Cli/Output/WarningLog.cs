using Microsoft.Extensions.Logging;

namespace Vordr.Cli.Output;

/// <summary>What the engine warns of, on standard error; a command needs no more of a logger.</summary>
internal sealed class WarningLog(TextWriter error) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
            error.WriteLine($"vordr: {formatter(state, exception)}");
    }
}
