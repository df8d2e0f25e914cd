using System.CommandLine;
using System.Globalization;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Hosting;
using Svalinn.Limits;
using Svalinn.State;
using Vordr.Client;

namespace Svalinn.Commands;

/// <summary><c>svalinn serve</c>.</summary>
internal static partial class Serve
{
    private const string Off = "off";

    /// <summary>The verb.</summary>
    public static Command Command()
    {
        var options = new ServeOptions();
        var command = new Command("serve", "Serve REST in front of a 'vordr serve'");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(options.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(GatewayOptions options, CancellationToken cancellationToken)
    {
        var state = StateDirectory.Open(options.StateDirectory);
        await using var database = GatewayDatabase.Open(state.Location);
        var keys = ApiKeyStore.Open(state, database, options.Time);
        foreach (var path in options.Listen.Select(address => address.SocketPath).OfType<string>())
            PrepareSocket(path);
        await using var app = Gateway.Build(options, database, keys);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Svalinn");
        if (options.NoAuthentication)
            LogNoAuthentication(log);
        else if (await FirstKey.EnsureAsync(state, keys, cancellationToken) is { } path)
            LogFirstKey(log, path);
        foreach (var open in options.Listen.Where(address => !address.IsLocal))
            LogPlainText(log, open.ToString());
        if (!File.Exists(options.TrustStorePath))
            LogNoTrustStore(log, options.TrustStorePath);
        await app.StartAsync(cancellationToken);
        foreach (var url in app.Urls)
            LogListening(log, url, options.Runtime.ToString());
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>A socket file left by a gateway that was killed can't be bound again; one that answers is in use.</summary>
    private static void PrepareSocket(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        try
        {
            probe.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        }
        catch (System.Net.Sockets.SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new PublicError(ErrorId.Config, $"Another process serves on {path}.");
    }

    [LoggerMessage(100, LogLevel.Information, "Listening on {Address}; Vörðr at {Runtime}")]
    private static partial void LogListening(ILogger logger, string address, string runtime);

    [LoggerMessage(101, LogLevel.Warning, "First start: an admin key was made and written to {Path} (mode 0600)")]
    private static partial void LogFirstKey(ILogger logger, string path);

    [LoggerMessage(102, LogLevel.Warning, "--no-auth: everybody who can connect is admin")]
    private static partial void LogNoAuthentication(ILogger logger);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "{Address} can be reached from elsewhere, without TLS: keys travel in plain text"
    )]
    private static partial void LogPlainText(ILogger logger, string address);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "There is no trust store at {Path}: nobody is trusted, every bundle is refused"
    )]
    private static partial void LogNoTrustStore(ILogger logger, string path);

    /// <summary>The flags of <c>serve</c>, and what they come to.</summary>
    private sealed class ServeOptions
    {
        private readonly Option<string[]> _listen = new("--listen")
        {
            Description = "ADDRESS:PORT or unix:/path; may be repeated",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => ["127.0.0.1:3000"],
        };
        private readonly Option<string> _runtime = new("--runtime")
        {
            Description = "Where 'vordr serve' listens: unix:/path or http://127.0.0.1:8080",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => "unix:/run/vordr/mcp.sock",
        };
        private readonly Option<string?> _runtimeToken = new("--runtime-token-file")
        {
            Description = "File with the bearer token of a Vörðr on TCP",
            HelpName = "FILE",
        };
        private readonly Option<string> _state = CommonOptions.State();
        private readonly Option<string> _config = new("--config-dir")
        {
            Description = "Directory of trust-store.json and policy.json",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/etc/svalinn",
        };
        private readonly Option<string?> _trustStore = new("--trust-store")
        {
            Description = "Trust store, in place of the one in --config-dir",
            HelpName = "FILE",
        };
        private readonly Option<string?> _policy = new("--policy")
        {
            Description = "Policy, in place of the one in --config-dir; without a file the built-in strict one counts",
            HelpName = "FILE",
        };
        private readonly Option<bool> _noAuthentication = new("--no-auth")
        {
            Description = "Let everybody in; only on loopback or a unix socket",
        };
        private readonly Option<string?> _addressRate = new("--limit-address")
        {
            Description = "Requests a second of one address, as RATE[:BURST] or 'off' (default 100:200)",
            HelpName = "RATE",
        };
        private readonly Option<string?> _principalRate = new("--limit-principal")
        {
            Description = "Requests a second of one principal, as RATE[:BURST] or 'off' (default 100:200)",
            HelpName = "RATE",
        };
        private readonly Option<string> _logFormat = new("--log-format")
        {
            Description = "text or json",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "text",
        };

        public void AddTo(Command command)
        {
            _logFormat.AcceptOnlyFromAmong("text", "json");
            Option[] all =
            [
                _listen,
                _runtime,
                _runtimeToken,
                _state,
                _config,
                _trustStore,
                _policy,
                _noAuthentication,
                _addressRate,
                _principalRate,
                _logFormat,
            ];
            foreach (var option in all)
                command.Options.Add(option);
        }

        public GatewayOptions Read(ParseResult parsed)
        {
            var config = parsed.GetRequiredValue(_config);
            var limits = new GatewayLimits();
            return new GatewayOptions
            {
                Listen = [.. parsed.GetRequiredValue(_listen).Select(ListenAddress.Parse)],
                Runtime = VordrEndpoint.Parse(
                    parsed.GetRequiredValue(_runtime),
                    ReadToken(parsed.GetValue(_runtimeToken))
                ),
                StateDirectory = parsed.GetRequiredValue(_state),
                TrustStorePath = parsed.GetValue(_trustStore) ?? Path.Combine(config, "trust-store.json"),
                PolicyPath = parsed.GetValue(_policy) ?? Path.Combine(config, "policy.json"),
                NoAuthentication = parsed.GetValue(_noAuthentication),
                JsonLogs = parsed.GetRequiredValue(_logFormat) == "json",
                Limits = limits with
                {
                    ByAddress = ReadRate("--limit-address", parsed.GetValue(_addressRate), limits.ByAddress),
                    ByPrincipal = ReadRate("--limit-principal", parsed.GetValue(_principalRate), limits.ByPrincipal),
                },
            };
        }

        private static string? ReadToken(string? path)
        {
            if (path is null)
                return null;
            var token = File.ReadAllText(path).Trim();
            return token.Length > 0 ? token : throw new PublicError(ErrorId.Config, $"The token file {path} is empty.");
        }

        private static Rate? ReadRate(string option, string? text, Rate? otherwise)
        {
            if (text is null)
                return otherwise;
            if (text == Off)
                return null;
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var rateText = colon < 0 ? text : text[..colon];
            if (
                double.TryParse(rateText, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
                && rate is > 0 and <= 1_000_000
            )
            {
                if (colon < 0)
                    return new Rate(rate, (int)Math.Max(1, Math.Ceiling(rate * 2)));
                if (
                    int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var burst)
                    && burst > 0
                )
                {
                    return new Rate(rate, burst);
                }
            }
            throw new PublicError(ErrorId.Usage, $"{option} is RATE, RATE:BURST or 'off', like 100:200; not '{text}'.");
        }
    }
}
