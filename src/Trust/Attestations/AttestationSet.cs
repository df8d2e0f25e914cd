using Oci;
using Oci.Json;
using Trust.Dsse;

namespace Trust.Attestations;

/// <summary>
/// <c>attestations.json</c>: the envelopes and log entries that come with a bundle (<c>trust.md</c>, "Attestation
/// set"). A set that was parsed is well-formed to the last byte: it has one byte form, every payload is an in-toto
/// statement, every release statement says exactly what one may. Whether any of it is true is the verdict's to say.
/// </summary>
public sealed class AttestationSet
{
    /// <summary>The document's media type.</summary>
    public const string MediaType = "application/vnd.verified-container.attestations.v1+json";

    /// <summary>Longest document.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Longest payload of one envelope.</summary>
    public const int MaxPayloadBytes = 32 << 20;

    private const string What = "attestations.json";

    private readonly AttestationSetDocument _document;
    private readonly Dictionary<Digest, Statement> _statements;
    private readonly Dictionary<Digest, ReleaseStatement> _releases;
    private byte[]? _bytes;

    private AttestationSet(AttestationSetDocument document, IReadOnlyList<Envelope> envelopes, byte[]? bytes)
    {
        _document = document;
        _bytes = bytes;
        Envelopes = envelopes;
        (_statements, _releases) = ReadStatements(envelopes);
        SigstoreBundles =
        [
            .. document
                .Attestations.Where(a => a.SigstoreBundle is not null)
                .Select(a => new ReadOnlyMemory<byte>(a.SigstoreBundle)),
        ];
    }

    /// <summary>A set without anything.</summary>
    public static AttestationSet Empty { get; } =
        new(
            new AttestationSetDocument
            {
                MediaType = MediaType,
                Attestations = [],
                LogEntries = [],
            },
            [],
            null
        );

    /// <summary>The envelopes, in the document's order.</summary>
    public IReadOnlyList<Envelope> Envelopes { get; }

    /// <summary>Sigstore bundles, as they came; this version verifies none of them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> SigstoreBundles { get; }

    /// <summary>The log entries, in the document's order.</summary>
    public IReadOnlyList<LogEntry> LogEntries => _document.LogEntries;

    /// <summary>The statements, one for each distinct payload.</summary>
    public IReadOnlyDictionary<Digest, Statement> Statements => _statements;

    /// <summary>The release statements, by the digest of their payload.</summary>
    public IReadOnlyDictionary<Digest, ReleaseStatement> Releases => _releases;

    /// <summary>The statement in an envelope of this set.</summary>
    public Statement StatementOf(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return _statements[envelope.PayloadDigest];
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="FormatException">Malformed; the message says what and where.</exception>
    public static AttestationSet Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
            throw new FormatException($"{What}: is longer than {MaxBytes} bytes");
        using var parsed = StrictJson.Parse(utf8, What);
        var document = StrictJson.Deserialize(parsed.RootElement, AttestationJson.Default.AttestationSetDocument, What);
        if (!string.Equals(document.MediaType, MediaType, StringComparison.Ordinal))
            throw new FormatException($"{What}: /mediaType is not {MediaType}");
        var envelopes = new List<Envelope>(document.Attestations.Count);
        for (var i = 0; i < document.Attestations.Count; i++)
        {
            if (ReadAttestation(document.Attestations[i], $"/attestations/{i}") is { } envelope)
                envelopes.Add(envelope);
        }
        RefuseDuplicates(envelopes);
        CheckLogEntries(document.LogEntries, envelopes);
        // One byte form: order of members, white space, escapes and base64 are settled by writing it again.
        var bytes = CanonicalJson.Write(document, AttestationJson.Default.AttestationSetDocument);
        if (!utf8.Span.SequenceEqual(bytes))
            throw new FormatException($"{What}: is not in RFC 8785 form, or its base64 is not canonical");
        return new AttestationSet(document, envelopes, bytes);
    }

    /// <summary>The document, in RFC 8785 form.</summary>
    public byte[] ToBytes() =>
        [.. _bytes ??= CanonicalJson.Write(_document, AttestationJson.Default.AttestationSetDocument)];

    /// <summary>This set and one more envelope, at the end; the same set where it has that envelope already.</summary>
    /// <exception cref="FormatException">The payload isn't a statement, or the set would grow too long.</exception>
    public AttestationSet Add(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        if (Envelopes.Any(e => e.Digest == envelope.Digest))
            return this;
        var entry = new AttestationDocument
        {
            PayloadType = envelope.PayloadType,
            Payload = envelope.Payload.ToArray(),
            Signatures =
            [
                .. envelope.Signatures.Select(s => new SignatureDocument
                {
                    KeyId = s.KeyId,
                    Signature = s.Signature.ToArray(),
                }),
            ],
        };
        _ = ReadAttestation(entry, "/attestations/-");
        var grown = new AttestationSet(
            _document with
            {
                Attestations = [.. _document.Attestations, entry],
            },
            [.. Envelopes, envelope],
            null
        );
        if (grown.ToBytes().Length > MaxBytes)
            throw new FormatException($"{What}: would be longer than {MaxBytes} bytes");
        return grown;
    }

    private static Envelope? ReadAttestation(AttestationDocument attestation, string pointer)
    {
        switch (attestation)
        {
            case { SigstoreBundle: { } bundle, PayloadType: null, Payload: null, Signatures: null }:
                return bundle.Length > 0
                    ? null
                    : throw new FormatException($"{What}: {pointer}/sigstoreBundle is empty");
            case { SigstoreBundle: null, PayloadType: { } type, Payload: { } payload, Signatures: { } signatures }:
                if (!string.Equals(type, Envelope.InTotoPayloadType, StringComparison.Ordinal))
                    throw new FormatException($"{What}: {pointer}/payloadType is not {Envelope.InTotoPayloadType}");
                if (payload.Length > MaxPayloadBytes)
                    throw new FormatException($"{What}: {pointer}/payload is longer than {MaxPayloadBytes} bytes");
                try
                {
                    return new Envelope(
                        type,
                        payload,
                        [.. signatures.Select(s => new EnvelopeSignature(s.KeyId, s.Signature))]
                    );
                }
                catch (FormatException e)
                {
                    throw new FormatException($"{What}: {pointer}: {e.Message}", e);
                }
            default:
                throw new FormatException(
                    $"{What}: {pointer} is neither an envelope (payloadType, payload, signatures) nor a sigstoreBundle"
                );
        }
    }

    private static void RefuseDuplicates(List<Envelope> envelopes)
    {
        // Each signature is verified once: a set can't cost more than its signers were willing to sign.
        var seen = new HashSet<Digest>();
        for (var i = 0; i < envelopes.Count; i++)
        {
            if (!seen.Add(envelopes[i].Digest))
                throw new FormatException($"{What}: an envelope stands twice (sha256 {envelopes[i].Digest.Hex})");
        }
    }

    private static void CheckLogEntries(IReadOnlyList<LogEntry> entries, List<Envelope> envelopes)
    {
        var known = envelopes.Select(e => e.Digest).ToHashSet();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.LogId.Length == 0 || entry.Checkpoint.Length == 0 || entry.LogIndex < 0)
                throw new FormatException($"{What}: /logEntries/{i} lacks its log, its checkpoint or its index");
            if (!known.Contains(entry.Envelope))
                throw new FormatException($"{What}: /logEntries/{i}/envelope is none of this set");
        }
    }

    private static (Dictionary<Digest, Statement>, Dictionary<Digest, ReleaseStatement>) ReadStatements(
        IReadOnlyList<Envelope> envelopes
    )
    {
        var statements = new Dictionary<Digest, Statement>();
        var releases = new Dictionary<Digest, ReleaseStatement>();
        foreach (var envelope in envelopes)
        {
            if (statements.ContainsKey(envelope.PayloadDigest))
                continue;
            try
            {
                var statement = Statement.Parse(envelope.Payload);
                statements.Add(envelope.PayloadDigest, statement);
                if (string.Equals(statement.PredicateType, PredicateTypes.Release, StringComparison.Ordinal))
                    releases.Add(envelope.PayloadDigest, ReleaseStatement.Read(statement));
            }
            catch (FormatException e)
            {
                throw new FormatException($"{What}: payload {envelope.PayloadDigest}: {e.Message}", e);
            }
        }
        return (statements, releases);
    }
}
