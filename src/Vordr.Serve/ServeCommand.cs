using System.CommandLine;
using System.Runtime.InteropServices;
using Oci.Errors;
using Vordr.Cli;
using Vordr.Cli.Commands;
using Vordr.Server;

namespace Vordr.Serve;

/// <summary><c>vordr serve</c>: the same engine behind MCP.</summary>
internal static class ServeCommand
{
    private const string SocketScheme = "unix:";
    private const string NoSocket = "none";

    public static Command Create(Shell shell, Globals globals)
    {
        var listen = new Option<string?>("--listen")
        {
            Description = "unix:PATH, or none [default: unix:RUN_ROOT/mcp.sock]",
            HelpName = "ADDRESS",
        };
        var port = new Option<int?>("--port") { Description = "Also listen on this TCP port, behind a token" };
        var host = new Option<string>("--host")
        {
            Description = "Loopback address of the port",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var stdio = new Option<bool>("--stdio") { Description = "Serve one client over standard input and output" };
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "The port's token, made at the first start [default: CONFIG_DIR/mcp.token]",
            HelpName = "FILE",
        };
        var gateways = new Option<uint[]>("--gateway-uid")
        {
            Description = "A user whose word on the principal is believed, beside root",
            HelpName = "UID",
        };
        var readers = new Option<uint[]>("--secrets-uid")
        {
            Description = "A user that may see values of environment variables",
            HelpName = "UID",
        };
        var format = new Option<LogFormat>("--log-format")
        {
            Description = "text or json",
            DefaultValueFactory = _ => LogFormat.Text,
        };
        var command = new Command(ServeVerb.Name, ServeVerb.Description)
        {
            listen,
            port,
            host,
            stdio,
            tokenFile,
            gateways,
            readers,
            format,
        };
        ExamplesHelp.Attach(command, ServeVerb.Examples);
        command.SetAction(
            (parse, _) =>
                Failure.GuardAsync(
                    shell,
                    globals.Json(parse),
                    containerCodes: false,
                    () =>
                    {
                        var instance = globals.Instance(parse, shell);
                        var options = new ServeOptions
                        {
                            SocketPath = SocketPath(parse.GetValue(listen), instance),
                            OwnDirectory = instance.RunRoot,
                            Port = parse.GetValue(port),
                            Host = parse.GetRequiredValue(host),
                            TokenFile = parse.GetValue(tokenFile) ?? Path.Join(instance.ConfigDirectory, "mcp.token"),
                            GatewayUsers = parse.GetValue(gateways) ?? [],
                            SecretReaders = parse.GetValue(readers) ?? [],
                            LogFormat = parse.GetValue(format),
                            Time = shell.Time,
                        };
                        return ServeAsync(shell, instance, options, parse.GetValue(stdio));
                    }
                )
        );
        return command;
    }

    private static async Task<int> ServeAsync(Shell shell, InstanceOptions instance, ServeOptions options, bool stdio)
    {
        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var loggers = VordrServer.CreateLoggers(options);
        await using var engine = shell.Open(instance, loggers.CreateLogger("Vordr.Engine"));

        // What killed commands left half done is put right now, not when somebody happens to ask.
        await engine.ReconcileAsync(ending.Token);
        if (stdio)
            await VordrServer.ServeStandardInputAsync(engine, options, ending.Token);
        else
            await VordrServer.ServeAsync(engine, options, ending.Token);
        return 0;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }

    private static string? SocketPath(string? listen, InstanceOptions instance) =>
        listen switch
        {
            null => instance.SocketPath,
            NoSocket => null,
            _ when listen.StartsWith(SocketScheme, StringComparison.Ordinal) && listen.Length > SocketScheme.Length =>
                listen[SocketScheme.Length..],
            _ => throw new PublicError(
                ErrorId.Usage,
                $"'{listen}' is not an address to listen on.",
                "--listen unix:/run/vordr/mcp.sock",
                "--port 8080 for TCP"
            ),
        };
}
