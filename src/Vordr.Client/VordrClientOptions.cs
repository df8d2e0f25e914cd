namespace Vordr.Client;

/// <summary>Settings of a <see cref="VordrClient"/>.</summary>
public sealed record VordrClientOptions
{
    /// <summary>Where Vörðr listens.</summary>
    public required VordrEndpoint Endpoint { get; init; }

    /// <summary>The time a call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time a connection may take: a Vörðr that is away must be known to be away in under two seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What this client calls itself.</summary>
    public string Name { get; init; } = "vordr-client";

    /// <summary>The clock of timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
