using Microsoft.Extensions.Logging;

namespace Vordr.Server;

/// <summary>How logs are written to standard error.</summary>
public enum LogFormat
{
    /// <summary>A line of text for people.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Json,
}

/// <summary>Settings of <c>vordr serve</c>.</summary>
public sealed record ServeOptions
{
    /// <summary>Path of the unix socket to listen on, or null.</summary>
    public string? SocketPath { get; init; }

    /// <summary>
    /// A directory that is ours alone: when the socket stands in it, it is closed to all but root and the group. Others
    /// keep the mode that their owner gave them.
    /// </summary>
    public string? OwnDirectory { get; init; }

    /// <summary>TCP port to listen on, or null; 0 takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The loopback address of <see cref="Port"/>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>File of the bearer token of <see cref="Port"/>; made at the first start.</summary>
    public required string TokenFile { get; init; }

    /// <summary>
    /// Users whose word on the principal is believed, beside root: gateways that authenticate callers themselves.
    /// </summary>
    public IReadOnlyList<uint> GatewayUsers { get; init; } = [];

    /// <summary>Peers that may see the values of environment variables, by user; root may not unless listed.</summary>
    public IReadOnlyList<uint> SecretReaders { get; init; } = [];

    /// <summary>How logs look.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Where logs go instead of standard error; for tests.</summary>
    internal ILoggerProvider? LogProvider { get; init; }

    /// <summary>The largest bundle that is taken.</summary>
    public long UploadLimit { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Group that may connect to the socket; it is equal to root.</summary>
    public string SocketGroup { get; init; } = "vordr";
}
