using System.Text.Json.Serialization;

namespace Oci.Runtime;

/// <summary>Documents that pass between this stack and an OCI runtime: camel case, null members left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64
)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(RuntimeProcess))]
[JsonSerializable(typeof(RuntimeState))]
[JsonSerializable(typeof(SeccompProfile))]
public sealed partial class RuntimeJson : JsonSerializerContext;

/// <summary>A container's state as an OCI runtime tells it (runtime-spec, "State").</summary>
public sealed record RuntimeState
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>creating</c>, <c>created</c>, <c>running</c>, <c>stopped</c>, or a runtime's own word (<c>paused</c>).</summary>
    public required string Status { get; init; }

    /// <summary>Process id of the container's init on the host; 0 when there is none.</summary>
    public int Pid { get; init; }

    /// <summary>The runtime bundle's directory.</summary>
    public string? Bundle { get; init; }
}
