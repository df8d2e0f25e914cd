using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Oci;

/// <summary>
/// A SHA-256 content digest, <c>sha256:</c> followed by 64 lower-case hex digits
/// (OCI image-spec, "Digests"). Other algorithms are refused by name: this stack trusts one.
/// Immutable and safe to share between threads; the default value equals no computed digest.
/// </summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hex digits, without the algorithm.</summary>
    public string Hex => _hex ?? new string('0', 64);

    /// <summary>SHA-256 of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromHash(hash);
    }

    /// <summary>The digest whose 32 hash bytes are already computed.</summary>
    /// <exception cref="ArgumentException"><paramref name="hash"/> isn't 32 bytes.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes
            ? new Digest(Convert.ToHexStringLower(hash))
            : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));

    /// <summary>Reads <c>sha256:&lt;64 lower-case hex&gt;</c>; nothing else is a digest.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        return TryFromHex(text[Prefix.Length..], out digest);
    }

    /// <summary>Reads 64 lower-case hex digits.</summary>
    public static bool TryFromHex([NotNullWhen(true)] string? hex, out Digest digest)
    {
        digest = default;
        if (hex is not { Length: 64 })
            return false;
        foreach (var c in hex)
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }
        digest = new Digest(hex);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for text that must be a digest.</summary>
    /// <exception cref="FormatException">The text isn't one.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"Not a sha256 digest: '{text}'.");

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(Hex, other.Hex);

    /// <summary>The digest as it is written everywhere: <c>sha256:…</c>.</summary>
    public override string ToString() => Prefix + Hex;

    /// <summary>Orders by hex text.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by hex text.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes a <see cref="Digest"/> as its text; anything else in its place is a <see cref="JsonException"/>.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("expected a digest, sha256: and 64 lower-case hex digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override Digest ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => Digest.TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException("expected a digest");

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
