using System.Text.Json;
using System.Text.Json.Serialization;
using Trust.Keys;

namespace Trust.Stores;

/// <summary><c>trust-store.json</c> as it is written; <see cref="TrustStoreReader"/> gives it its meaning.</summary>
internal sealed record TrustStoreDocument
{
    public required long Version { get; init; }
    public required string Id { get; init; }

    [JsonConverter(typeof(Rfc3339))]
    public required DateTimeOffset Updated { get; init; }

    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? Expires { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<KeyDocument>> Keys { get; init; }
    public IReadOnlyDictionary<string, ThresholdDocument> Thresholds { get; init; } =
        new Dictionary<string, ThresholdDocument>(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, LogDocument> Logs { get; init; } =
        new Dictionary<string, LogDocument>(StringComparer.Ordinal);

    /// <summary>Sigstore identities: nothing verifies them yet, so they are refused by name.</summary>
    public JsonElement? Identities { get; init; }
}

internal sealed record KeyDocument
{
    public required KeyId Id { get; init; }
    public required string Algorithm { get; init; }

    /// <summary>SubjectPublicKeyInfo in DER, base64.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }

    [JsonConverter(typeof(Rfc3339))]
    public required DateTimeOffset ValidFrom { get; init; }

    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? ValidUntil { get; init; }

    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? RevokedAt { get; init; }

    public IReadOnlyList<string>? Names { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

internal sealed record ThresholdDocument
{
    public required int K { get; init; }
    public required IReadOnlyList<KeyId> Members { get; init; }
    public IReadOnlyList<string>? Names { get; init; }
}

internal sealed record LogDocument
{
    public required string Operator { get; init; }
    public required string PublicKey { get; init; }
    public string? Url { get; init; }

    [JsonConverter(typeof(Rfc3339))]
    public required DateTimeOffset ValidFrom { get; init; }

    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? ValidUntil { get; init; }

    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? RevokedAt { get; init; }
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
[JsonSerializable(typeof(TrustStoreDocument))]
internal sealed partial class TrustStoreJson : JsonSerializerContext;
