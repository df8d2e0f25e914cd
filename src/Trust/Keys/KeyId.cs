using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Oci;

namespace Trust.Keys;

/// <summary>
/// Names a key: <c>sha256:</c> and the SHA-256, in hex, of its SubjectPublicKeyInfo in DER. A key can't have two ids,
/// nor an id two keys.
/// </summary>
[JsonConverter(typeof(KeyIdJsonConverter))]
public readonly record struct KeyId : IComparable<KeyId>
{
    private readonly Digest _digest;

    private KeyId(Digest digest) => _digest = digest;

    /// <summary>The id of the key with this SubjectPublicKeyInfo.</summary>
    public static KeyId Of(ReadOnlySpan<byte> subjectPublicKeyInfo) => new(Digest.Of(subjectPublicKeyInfo));

    /// <summary>Reads <c>sha256:</c> and 64 lower-case hex digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id)
    {
        var isDigest = Digest.TryParse(text, out var digest);
        id = new KeyId(digest);
        return isDigest;
    }

    /// <summary>As <see cref="TryParse"/>, for text that must be a key id.</summary>
    /// <exception cref="FormatException">The text isn't one.</exception>
    public static KeyId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"Not a key id: '{text}'.");

    /// <summary>The first twelve hex digits, for tables and sentences.</summary>
    public string Short => $"sha256:{_digest.Hex[..12]}…";

    /// <inheritdoc/>
    public int CompareTo(KeyId other) => _digest.CompareTo(other._digest);

    /// <summary>The id as it is written everywhere: <c>sha256:…</c>.</summary>
    public override string ToString() => _digest.ToString();

    /// <summary>Orders by hex text.</summary>
    public static bool operator <(KeyId left, KeyId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator >(KeyId left, KeyId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator <=(KeyId left, KeyId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator >=(KeyId left, KeyId right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes a <see cref="KeyId"/> as its text; anything else in its place is a <see cref="JsonException"/>.</summary>
public sealed class KeyIdJsonConverter : JsonConverter<KeyId>
{
    /// <inheritdoc/>
    public override KeyId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && KeyId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("expected a key id, sha256: and 64 lower-case hex digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, KeyId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
