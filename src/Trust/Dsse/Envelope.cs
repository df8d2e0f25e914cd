using System.Text.Json.Nodes;
using Oci;
using Oci.Json;
using Trust.Keys;

namespace Trust.Dsse;

/// <summary>One signature of an envelope.</summary>
/// <param name="KeyId">The key that says it made it.</param>
/// <param name="Signature">The raw signature.</param>
public sealed record EnvelopeSignature(KeyId KeyId, ReadOnlyMemory<byte> Signature);

/// <summary>
/// A DSSE v1 envelope with one signer: one signature, or the two halves of a hybrid key's under its one id. A second
/// signer makes a second envelope over the same payload bytes.
/// </summary>
public sealed class Envelope
{
    /// <summary>The one payload type that is taken: an in-toto statement.</summary>
    public const string InTotoPayloadType = "application/vnd.in-toto+json";

    /// <summary>Most signatures in an envelope: the halves of a hybrid key.</summary>
    public const int MaxSignatures = 2;

    private Digest? _digest;

    /// <summary>An envelope of these parts.</summary>
    /// <exception cref="FormatException">Not one signer: no signature, more than two, or two ids.</exception>
    public Envelope(string payloadType, ReadOnlyMemory<byte> payload, IReadOnlyList<EnvelopeSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(payloadType);
        ArgumentNullException.ThrowIfNull(signatures);
        if (signatures.Count is 0 or > MaxSignatures)
            throw new FormatException("an envelope has one signature, or the two halves of a hybrid key's");
        if (signatures.Any(s => s.KeyId != signatures[0].KeyId))
            throw new FormatException("an envelope has one signer; a second one adds an envelope of its own");
        PayloadType = payloadType;
        Payload = payload;
        Signatures = signatures;
        PayloadDigest = Digest.Of(payload.Span);
    }

    /// <summary>Media type of the payload, covered by the signature.</summary>
    public string PayloadType { get; }

    /// <summary>The signed bytes, decoded.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>SHA-256 of the payload: envelopes over one statement share it.</summary>
    public Digest PayloadDigest { get; }

    /// <summary>One signature, or two with the same id.</summary>
    public IReadOnlyList<EnvelopeSignature> Signatures { get; }

    /// <summary>The signer that the envelope claims.</summary>
    public KeyId KeyId => Signatures[0].KeyId;

    /// <summary>SHA-256 of the envelope in RFC 8785 form; log entries name it.</summary>
    public Digest Digest => _digest ??= Digest.Of(ToBytes());

    /// <summary>Signs a payload.</summary>
    public static Envelope Sign(string payloadType, ReadOnlyMemory<byte> payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.Sign(Pae.Encode(payloadType, payload.Span));
        return new Envelope(payloadType, payload, [new EnvelopeSignature(key.Id, signature)]);
    }

    /// <summary>Signs an in-toto statement's bytes.</summary>
    public static Envelope SignStatement(ReadOnlyMemory<byte> statement, SigningKey key) =>
        Sign(InTotoPayloadType, statement, key);

    /// <summary>The bytes that the signature covers.</summary>
    public byte[] PreAuthenticationEncoding() => Pae.Encode(PayloadType, Payload.Span);

    /// <summary>
    /// Whether this envelope is <paramref name="key"/>'s: one signature with its id, which verifies. Halves of a
    /// hybrid signature never count alone.
    /// </summary>
    public bool IsSignedBy(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Signatures.Count == 1
            && KeyId == key.Id
            && key.Verify(PreAuthenticationEncoding(), Signatures[0].Signature.Span);
    }

    /// <summary>The envelope in RFC 8785 form.</summary>
    public byte[] ToBytes() => CanonicalJson.Write(ToJson());

    internal JsonObject ToJson()
    {
        var signatures = new JsonArray();
        foreach (var signature in Signatures)
        {
            signatures.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["keyid"] = signature.KeyId.ToString(),
                        ["sig"] = Convert.ToBase64String(signature.Signature.Span),
                    }
            );
        }
        return new JsonObject
        {
            ["payload"] = Convert.ToBase64String(Payload.Span),
            ["payloadType"] = PayloadType,
            ["signatures"] = signatures,
        };
    }
}
