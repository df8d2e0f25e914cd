using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Vordr.Server.Logging;

/// <summary>Logs go to standard error: standard output belongs to MCP and to data.</summary>
internal static class ServeLogging
{
    public static void Configure(ILoggingBuilder logging, ServeOptions options)
    {
        var format = options.LogFormat;
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It logs a caller's mistakes (an unknown tool) as failures of ours; ours are logged in CallLog.
        logging.AddFilter("ModelContextProtocol", LogLevel.Critical);
        if (options.LogProvider is { } provider)
        {
            logging.AddProvider(provider);
            return;
        }
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName =
                format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                json.JsonWriterOptions = new JsonWriterOptions
                {
                    Indented = false,
                    // A log is no web page: names may keep their letters.
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                };
            });
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.UseUtcTimestamp = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
                text.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
    }
}
