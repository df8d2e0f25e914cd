using System.Text.Json;
using System.Text.Json.Serialization;
using Trust.Keys;

namespace Trust.Policies;

/// <summary><c>policy.json</c> as it is written; <see cref="PolicyReader"/> gives it its meaning.</summary>
internal sealed record PolicyDocument
{
    public required int Version { get; init; }
    public string? Mode { get; init; }
    public IReadOnlyList<string>? RequiredPredicates { get; init; }
    public IReadOnlyList<KeyId>? AllowedSigners { get; init; }
    public string? Threshold { get; init; }
    public int? LogQuorum { get; init; }
    public IReadOnlyList<string>? Suites { get; init; }
    public PatternsDocument? Registries { get; init; }
    public PatternsDocument? Images { get; init; }
    public RunDocument? Run { get; init; }

    // What a policy may say and nothing judges yet: bound, so that it is refused by name.
    public JsonElement? Identities { get; init; }
    public JsonElement? Provenance { get; init; }
    public JsonElement? Sbom { get; init; }
    public JsonElement? MaxAge { get; init; }
}

internal sealed record PatternsDocument
{
    public IReadOnlyList<string>? Allowed { get; init; }
    public IReadOnlyList<string>? Blocked { get; init; }
    public JsonElement? Pins { get; init; }
}

internal sealed record RunDocument
{
    public bool? Privileged { get; init; }
    public IReadOnlyList<string>? Capabilities { get; init; }
    public bool? HostNetwork { get; init; }
    public IReadOnlyList<string>? HostPaths { get; init; }
    public IReadOnlyList<string>? Devices { get; init; }
    public string? User { get; init; }
    public bool? ReadOnlyRootfs { get; init; }
    public string? Memory { get; init; }
    public long? Pids { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    MaxDepth = 64
)]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(RunDocument))]
internal sealed partial class PolicyJson : JsonSerializerContext;
