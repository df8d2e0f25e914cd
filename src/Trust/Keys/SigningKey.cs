using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using NSec.Cryptography;
using Oci.Errors;
using NSecKey = NSec.Cryptography.Key;

namespace Trust.Keys;

/// <summary>
/// An Ed25519 private key. It is kept in memory that the crypto library guards and wipes; dispose of it when done.
/// On disk it is PKCS#8 in PEM (RFC 8410, RFC 5958), encrypted with PBES2 where there is a password, so that OpenSSL
/// reads it.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const string Ed25519 = "1.3.101.112"; // id-Ed25519, RFC 8410
    private const string PlainLabel = "PRIVATE KEY";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    // OWASP's figure for PBKDF2 with SHA-256.
    private static readonly PbeParameters Encryption = new(
        PbeEncryptionAlgorithm.Aes256Cbc,
        HashAlgorithmName.SHA256,
        iterationCount: 600_000
    );

    private readonly NSecKey _key;

    private SigningKey(NSecKey key)
    {
        _key = key;
        PublicKey = new PublicKey(key.PublicKey);
    }

    /// <summary>The public half.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The key's id.</summary>
    public KeyId Id => PublicKey.Id;

    /// <summary>The public half as a PEM file.</summary>
    public string PublicKeyPem => PublicKey.ToPem();

    /// <summary>A new key from the system's random numbers.</summary>
    public static SigningKey Generate() => new(NSecKey.Create(SignatureAlgorithm.Ed25519, Exportable()));

    /// <summary>The key with this 32-byte seed (RFC 8032, section 5.1.5).</summary>
    /// <exception cref="FormatException">The seed isn't 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed) =>
        NSecKey.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, Exportable())
            ? new SigningKey(key!)
            : throw new FormatException("An Ed25519 seed has 32 bytes.");

    /// <summary>Whether a private key's PEM file is encrypted.</summary>
    /// <exception cref="FormatException">It isn't a private key's PEM file.</exception>
    public static bool IsEncrypted(string pem) =>
        string.Equals(Pem.Decode(pem, PlainLabel, EncryptedLabel).Label, EncryptedLabel, StringComparison.Ordinal);

    /// <summary>Reads a PKCS#8 PEM file.</summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="password">The password; null or unused where the key isn't encrypted.</param>
    /// <exception cref="FormatException">It isn't an Ed25519 key in PKCS#8.</exception>
    /// <exception cref="PublicError">A password is missing or wrong.</exception>
    public static SigningKey ImportPem(string pem, string? password)
    {
        var (label, data) = Pem.Decode(pem, PlainLabel, EncryptedLabel);
        try
        {
            var encrypted = string.Equals(label, EncryptedLabel, StringComparison.Ordinal);
            var info = encrypted ? Decrypt(data, password) : DecodePlain(data);
            if (!string.Equals(info.AlgorithmId.Value, Ed25519, StringComparison.Ordinal))
                throw new FormatException("The private key is not an Ed25519 key.");
            var seed = AsnDecoder.ReadOctetString(info.PrivateKeyBytes.Span, AsnEncodingRules.DER, out var read);
            try
            {
                if (read != info.PrivateKeyBytes.Length)
                    throw new FormatException("Bytes follow the private key.");
                return FromSeed(seed);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(seed);
            }
        }
        catch (AsnContentException e)
        {
            throw new FormatException("The private key is not PKCS#8.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    /// <summary>The key as a PKCS#8 PEM file.</summary>
    /// <param name="password">Encrypts it (PBES2, AES-256-CBC, PBKDF2 with SHA-256); null leaves it readable.</param>
    /// <exception cref="ArgumentException">The password is empty, which would protect nothing.</exception>
    public string ExportPem(string? password)
    {
        var plain = _key.Export(KeyBlobFormat.PkixPrivateKey);
        try
        {
            if (password is null)
                return PemEncoding.WriteString(PlainLabel, plain) + "\n";
            ArgumentException.ThrowIfNullOrEmpty(password);
            var encrypted = Pkcs8PrivateKeyInfo.Decode(plain, out _).Encrypt(password, Encryption);
            return PemEncoding.WriteString(EncryptedLabel, encrypted) + "\n";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The signature, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static Pkcs8PrivateKeyInfo DecodePlain(byte[] data)
    {
        try
        {
            var info = Pkcs8PrivateKeyInfo.Decode(data, out var read, skipCopy: true);
            return read == data.Length ? info : throw new FormatException("Bytes follow the private key.");
        }
        catch (CryptographicException e)
        {
            throw new FormatException("The private key is not PKCS#8.", e);
        }
    }

    private static Pkcs8PrivateKeyInfo Decrypt(byte[] data, string? password)
    {
        if (string.IsNullOrEmpty(password))
            throw new PublicError(ErrorId.Usage, "The private key is encrypted, and no password was given.");
        try
        {
            var info = Pkcs8PrivateKeyInfo.DecryptAndDecode(password, data, out var read);
            return read == data.Length ? info : throw new FormatException("Bytes follow the private key.");
        }
        catch (CryptographicException e)
        {
            throw new PublicError(
                ErrorId.Usage,
                "The private key can't be decrypted: the password is wrong, or the file is damaged.",
                e
            );
        }
    }

    private static KeyCreationParameters Exportable() =>
        new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}
