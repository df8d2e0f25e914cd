namespace Vordr.Client.Health;

/// <summary>Arguments of <c>vordr_health</c>: none.</summary>
public sealed record HealthRequest;

/// <summary>Result of <c>vordr_health</c>; the first three members are the body of <c>GET /health</c>.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Version">Version of Vörðr.</param>
/// <param name="Service"><c>vordr</c>.</param>
/// <param name="Runtime">The OCI runtime, its version, and why it was chosen.</param>
public sealed record HealthAnswer(string Status, string Version, string Service, string? Runtime = null);
