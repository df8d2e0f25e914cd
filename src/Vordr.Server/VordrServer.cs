using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Vordr.Client;
using Vordr.Server.Logging;
using Vordr.Server.Tools;

namespace Vordr.Server;

/// <summary>
/// <c>vordr serve</c>: the engine behind MCP. It holds nothing that a restart would lose, so it may be killed at any
/// instruction; containers don't notice.
/// </summary>
public static class VordrServer
{
    private const string Instructions =
        "Vörðr runs containers from signed bundles. Every container is judged by the operator's trust policy: a refusal "
        + "(ERR_POLICY_DENIED) carries the verdict and says what is missing, and can't be argued away by other arguments. "
        + "Bytes of a bundle come in by PUT /bundles.";

    /// <summary>Serves over HTTP until <paramref name="cancellation"/> ends it.</summary>
    /// <param name="engine">What does the work; stays the caller's.</param>
    /// <param name="options">Where to listen, whom to believe.</param>
    /// <param name="cancellation">Ends the server.</param>
    public static async Task ServeAsync(Engine engine, ServeOptions options, CancellationToken cancellation)
    {
        await using var server = await RunningServer.StartAsync(engine, options, cancellation);
        await server.WaitForEndAsync(cancellation);
    }

    /// <summary>Serves the one client at standard input and output.</summary>
    /// <param name="engine">What does the work; stays the caller's.</param>
    /// <param name="options">How to log; nothing is listened on.</param>
    /// <param name="cancellation">Ends the server; so does the end of standard input.</param>
    public static async Task ServeStandardInputAsync(
        Engine engine,
        ServeOptions options,
        CancellationToken cancellation
    )
    {
        using var loggers = CreateLoggers(options);
        var log = new CallLog(loggers.CreateLogger<CallLog>(), options.Time);
        var tools = EngineTools.Over(engine, new ToolHost(new CallerCheck(options), log));
        var settings = new McpServerOptions { ToolCollection = [.. tools] };
        Introduce(settings);
        await using var transport = new StdioServerTransport(settings, loggers);
        await using var server = McpServer.Create(transport, settings, loggers, serviceProvider: null);
        try
        {
            await server.RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    /// <summary>The loggers of a server, for what runs beside it in the process.</summary>
    public static ILoggerFactory CreateLoggers(ServeOptions options) =>
        LoggerFactory.Create(logging => ServeLogging.Configure(logging, options));

    /// <summary>What a client is told at its first contact.</summary>
    internal static void Introduce(McpServerOptions settings)
    {
        settings.ServerInfo = new Implementation
        {
            Name = "vordr",
            Title = "Vörðr, the verified container runtime",
            Version = VordrVersion.Text,
        };
        settings.ServerInstructions = Instructions;
    }
}
