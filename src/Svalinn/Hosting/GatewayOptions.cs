using Svalinn.Limits;
using Vordr.Client;

namespace Svalinn.Hosting;

/// <summary>Everything that <c>svalinn serve</c> is told.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<ListenAddress> Listen { get; init; }

    /// <summary>Where Vörðr listens.</summary>
    public required VordrEndpoint Runtime { get; init; }

    /// <summary>The gateway's database and secrets.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The trust store.</summary>
    public required string TrustStorePath { get; init; }

    /// <summary>The policy; without such a file the built-in strict one counts.</summary>
    public required string PolicyPath { get; init; }

    /// <summary>Whether everybody is let in; only on loopback and unix sockets.</summary>
    public bool NoAuthentication { get; init; }

    /// <summary>Whether log lines are JSON.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Every limit.</summary>
    public GatewayLimits Limits { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
