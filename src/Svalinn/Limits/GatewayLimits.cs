namespace Svalinn.Limits;

/// <summary>Every limit of the gateway, with its default.</summary>
internal sealed record GatewayLimits
{
    /// <summary>Requests of one address; null is unlimited.</summary>
    public Rate? ByAddress { get; init; } = new(100, 200);

    /// <summary>Requests of one principal; null is unlimited.</summary>
    public Rate? ByPrincipal { get; init; } = new(100, 200);

    /// <summary>Failed logins of one address.</summary>
    public Rate FailedLogins { get; init; } = new(0.2, 10);

    /// <summary>Bytes of a JSON body.</summary>
    public long BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of an uploaded bundle.</summary>
    public long UploadBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Bytes a second below which an upload is cut off.</summary>
    public double UploadBytesPerSecond { get; init; } = 64 * 1024;

    /// <summary>How long an upload may stay below that.</summary>
    public TimeSpan UploadGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of a refused upload that are read on, so that its sender comes to read the answer.</summary>
    public long DrainBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long they are read on.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one call to Vörðr may take.</summary>
    public TimeSpan CallTime { get; init; } = TimeSpan.FromSeconds(30);
}
