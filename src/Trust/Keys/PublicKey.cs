using System.Security.Cryptography;
using NSec.Cryptography;
using NSecPublicKey = NSec.Cryptography.PublicKey;

namespace Trust.Keys;

/// <summary>
/// An Ed25519 public key (RFC 8032) that signatures are verified with. Its form is the DER SubjectPublicKeyInfo of
/// RFC 8410. Immutable and safe to share between threads.
/// </summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Length of an Ed25519 signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>The name of the algorithm in trust stores.</summary>
    public const string AlgorithmName = "ed25519";

    private const string PemLabel = "PUBLIC KEY";

    private readonly NSecPublicKey _key;
    private readonly byte[] _info;

    internal PublicKey(NSecPublicKey key)
    {
        _key = key;
        _info = key.Export(KeyBlobFormat.PkixPublicKey);
        Id = KeyId.Of(_info);
    }

    /// <summary>SHA-256 over the SubjectPublicKeyInfo.</summary>
    public KeyId Id { get; }

    /// <summary>The SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => _info;

    /// <summary>Reads a DER SubjectPublicKeyInfo.</summary>
    /// <exception cref="FormatException">It isn't one of an Ed25519 key.</exception>
    public static PublicKey ImportInfo(ReadOnlySpan<byte> subjectPublicKeyInfo) =>
        NSecPublicKey.TryImport(
            SignatureAlgorithm.Ed25519,
            subjectPublicKeyInfo,
            KeyBlobFormat.PkixPublicKey,
            out var key
        )
            ? new PublicKey(key!)
            : throw new FormatException("Not the SubjectPublicKeyInfo of an Ed25519 key.");

    /// <summary>Reads the 32 bytes of RFC 8032.</summary>
    /// <exception cref="FormatException">They aren't 32.</exception>
    public static PublicKey ImportRaw(ReadOnlySpan<byte> raw) =>
        NSecPublicKey.TryImport(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey, out var key)
            ? new PublicKey(key!)
            : throw new FormatException("An Ed25519 public key has 32 bytes.");

    /// <summary>Reads a PEM file with one <c>PUBLIC KEY</c> (RFC 7468).</summary>
    /// <exception cref="FormatException">There is none, or it isn't an Ed25519 key.</exception>
    public static PublicKey ImportPem(string pem) => ImportInfo(Pem.Decode(pem, PemLabel).Data);

    /// <summary>The key as a PEM file.</summary>
    public string ToPem() => PemEncoding.WriteString(PemLabel, _info) + "\n";

    /// <summary>Whether <paramref name="signature"/> over <paramref name="message"/> was made by this key.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength && SignatureAlgorithm.Ed25519.Verify(_key, message, signature);

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
