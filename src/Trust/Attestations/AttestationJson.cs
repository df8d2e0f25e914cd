using System.Text.Json.Serialization;
using Trust.Keys;

namespace Trust.Attestations;

/// <summary><c>attestations.json</c> as it is written; <see cref="AttestationSet"/> gives it its meaning.</summary>
internal sealed record AttestationSetDocument
{
    public required string MediaType { get; init; }
    public required IReadOnlyList<AttestationDocument> Attestations { get; init; }
    public required IReadOnlyList<LogEntry> LogEntries { get; init; }
}

/// <summary>An envelope, or a Sigstore bundle: exactly one of the two.</summary>
internal sealed record AttestationDocument
{
    public string? PayloadType { get; init; }
    public byte[]? Payload { get; init; }
    public IReadOnlyList<SignatureDocument>? Signatures { get; init; }
    public byte[]? SigstoreBundle { get; init; }
}

internal sealed record SignatureDocument
{
    [JsonPropertyName("keyid")]
    public required KeyId KeyId { get; init; }

    [JsonPropertyName("sig")]
    public required byte[] Signature { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 64
)]
[JsonSerializable(typeof(AttestationSetDocument))]
internal sealed partial class AttestationJson : JsonSerializerContext;
