using System.Text.Json;
using Oci;
using Oci.Errors;
using Oci.Json;
using Trust.Keys;

namespace Trust.Stores;

/// <summary>
/// The keys that an operator trusts, and for what (<c>trust.md</c>, "Trust store"). Immutable: an edit gives a new
/// store, one version up.
/// </summary>
public sealed class TrustStore
{
    private const int MaxBytes = 4 << 20;
    private const string What = "trust store";

    private readonly TrustStoreDocument _document;
    private readonly byte[] _bytes;

    private TrustStore(TrustStoreDocument document, byte[] bytes)
    {
        TrustStoreReader.CheckRest(document);
        _document = document;
        _bytes = bytes;
        Keys = TrustStoreReader.ReadKeys(document);
        Thresholds = TrustStoreReader.ReadThresholds(document, Keys);
        Logs = TrustStoreReader.ReadLogs(document);
        Digest = Digest.Of(bytes);
    }

    /// <summary>A store that trusts nobody: what is in force where there is no file.</summary>
    public static TrustStore Empty { get; } = Create("empty", DateTimeOffset.UnixEpoch);

    /// <summary>The store's version; an edit makes it one higher.</summary>
    public long Version => _document.Version;

    /// <summary>What the operator calls it.</summary>
    public string Id => _document.Id;

    /// <summary>When it was last edited.</summary>
    public DateTimeOffset Updated => _document.Updated;

    /// <summary>When its keys stop counting, all of them; null: never.</summary>
    public DateTimeOffset? Expires => _document.Expires;

    /// <summary>Every key in every role; a key that has two roles stands twice.</summary>
    public IReadOnlyList<TrustedKey> Keys { get; }

    /// <summary>The thresholds.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; }

    /// <summary>The transparency logs.</summary>
    public IReadOnlyList<TrustedLog> Logs { get; }

    /// <summary>SHA-256 of the store's bytes.</summary>
    public Digest Digest { get; }

    /// <summary>A new store without keys.</summary>
    public static TrustStore Create(string id, DateTimeOffset now) =>
        Of(
            new TrustStoreDocument
            {
                Version = 1,
                Id = id,
                Updated = Rfc3339.Truncate(now),
                Keys = new Dictionary<string, IReadOnlyList<KeyDocument>>(StringComparer.Ordinal),
            }
        );

    /// <summary>Reads a store.</summary>
    /// <exception cref="PublicError">It isn't valid; the message says where.</exception>
    public static TrustStore Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var document = StrictJson.Deserialize(utf8.Span, TrustStoreJson.Default.TrustStoreDocument, What);
            return new TrustStore(document, utf8.ToArray());
        }
        catch (FormatException e)
        {
            throw new PublicError(ErrorId.Config, $"The trust store is not valid: {e.Message}.", e);
        }
        catch (DocumentFault e)
        {
            throw e.ToError(What);
        }
    }

    /// <summary>Reads a store's file.</summary>
    /// <exception cref="PublicError">There is none, or it isn't valid.</exception>
    public static TrustStore Load(string path) => Parse(DocumentFile.Read(path, MaxBytes, What));

    /// <summary>Reads a store's file; a store that trusts nobody where there is no such file.</summary>
    /// <exception cref="PublicError">It isn't valid, or can't be read.</exception>
    public static TrustStore LoadOrEmpty(string path) =>
        DocumentFile.TryRead(path, MaxBytes, What) is { } bytes ? Parse(bytes) : Empty;

    /// <summary>The store's bytes, as they were read or will be written.</summary>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>Writes the store's file, atomically.</summary>
    /// <exception cref="PublicError">It can't be written.</exception>
    public void Save(string path) => DocumentFile.Write(path, _bytes, DocumentFile.Readable, overwrite: true, What);

    /// <summary>The keys in a role.</summary>
    public IEnumerable<TrustedKey> KeysIn(string role) =>
        Keys.Where(key => string.Equals(key.Role, role, StringComparison.Ordinal));

    /// <summary>What people call a key, or null.</summary>
    public string? LabelOf(KeyId id) => Keys.FirstOrDefault(key => key.Id == id && key.Label is not null)?.Label;

    /// <summary>A key by its id, in whatever role; null where the store doesn't know it.</summary>
    public PublicKey? FindKey(KeyId id) => Keys.FirstOrDefault(key => key.Id == id)?.PublicKey;

    /// <summary>
    /// When a key was revoked. A key is revoked as soon as one of its entries says so: who may not release with it any
    /// more may not build with it either.
    /// </summary>
    public DateTimeOffset? RevokedAt(KeyId id) => Keys.Where(key => key.Id == id).Min(key => key.RevokedAt);

    /// <summary>A threshold by its name; null where there is none.</summary>
    public Threshold? FindThreshold(string name) =>
        Thresholds.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    /// <summary>This store and one more key in a role.</summary>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">When the edit happens; the key is valid from then.</param>
    /// <param name="validUntil">The end of its validity; null: none.</param>
    /// <param name="label">What people call the key, or null.</param>
    /// <param name="names">Names of packages that it may speak of; none: of all.</param>
    /// <exception cref="PublicError">The role isn't one, the key is there already, or only updates may edit the store.</exception>
    public TrustStore Add(
        string role,
        PublicKey key,
        DateTimeOffset now,
        DateTimeOffset? validUntil = null,
        string? label = null,
        params IReadOnlyList<string> names
    )
    {
        ArgumentNullException.ThrowIfNull(key);
        var entry = new KeyDocument
        {
            Id = key.Id,
            Algorithm = PublicKey.AlgorithmName,
            PublicKeys = [Convert.ToBase64String(key.SubjectPublicKeyInfo.Span)],
            ValidFrom = Rfc3339.Truncate(now),
            ValidUntil = validUntil is { } end ? Rfc3339.Truncate(end) : null,
            Names = names.Count > 0 ? names : null,
            Metadata = label is null
                ? null
                : new Dictionary<string, string>(StringComparer.Ordinal) { [TrustedKey.LabelName] = label },
        };
        return Edit(now, role, entries => [.. entries, entry]);
    }

    /// <summary>This store without a key in a role. Thresholds that need it must be changed first.</summary>
    /// <exception cref="PublicError">It isn't there, a threshold names it, or only updates may edit the store.</exception>
    public TrustStore Remove(string role, KeyId id, DateTimeOffset now) =>
        Edit(now, role, entries => [.. RequireKey(entries, role, id).Where(e => e.Id != id)]);

    /// <summary>This store with a key revoked, in every role that it has.</summary>
    /// <exception cref="PublicError">The store doesn't know the key, or only updates may edit the store.</exception>
    public TrustStore Revoke(KeyId id, DateTimeOffset now)
    {
        if (FindKey(id) is null)
            throw new PublicError(ErrorId.NotFound, $"The trust store has no key {id}.");
        var revokedAt = Rfc3339.Truncate(now);
        return Edit(
            now,
            _document.Keys.ToDictionary(
                role => role.Key,
                role =>
                    (IReadOnlyList<KeyDocument>)
                        [.. role.Value.Select(e => e.Id == id ? e with { RevokedAt = e.RevokedAt ?? revokedAt } : e)],
                StringComparer.Ordinal
            ),
            _document.Thresholds
        );
    }

    /// <summary>This store with a threshold added or replaced.</summary>
    /// <exception cref="PublicError">It can't be met, a member isn't a key of the store, or only updates may edit it.</exception>
    public TrustStore SetThreshold(
        string name,
        int k,
        IReadOnlyList<KeyId> members,
        DateTimeOffset now,
        params IReadOnlyList<string> names
    )
    {
        var thresholds = new Dictionary<string, ThresholdDocument>(_document.Thresholds, StringComparer.Ordinal)
        {
            [name] = new()
            {
                K = k,
                Members = members,
                Names = names.Count > 0 ? names : null,
            },
        };
        return Edit(now, _document.Keys, thresholds);
    }

    private static IReadOnlyList<KeyDocument> RequireKey(IReadOnlyList<KeyDocument> entries, string role, KeyId id) =>
        entries.Any(e => e.Id == id)
            ? entries
            : throw new PublicError(ErrorId.NotFound, $"The trust store has no key {id} among its {role}.");

    private TrustStore Edit(
        DateTimeOffset now,
        string role,
        Func<IReadOnlyList<KeyDocument>, IReadOnlyList<KeyDocument>> change
    )
    {
        var keys = new Dictionary<string, IReadOnlyList<KeyDocument>>(_document.Keys, StringComparer.Ordinal);
        keys[role] = change(keys.GetValueOrDefault(role, []));
        if (keys[role].Count == 0)
            keys.Remove(role);
        return Edit(now, keys, _document.Thresholds);
    }

    private TrustStore Edit(
        DateTimeOffset now,
        IReadOnlyDictionary<string, IReadOnlyList<KeyDocument>> keys,
        IReadOnlyDictionary<string, ThresholdDocument> thresholds
    )
    {
        if (KeysIn(Roles.TrustStoreUpdaters).Any())
            throw new PublicError(
                ErrorId.Config,
                "The trust store names trust-store-updaters, so only an update that they signed may change it; such updates are not supported yet."
            );
        return Of(
            _document with
            {
                Version = _document.Version + 1,
                Updated = Rfc3339.Truncate(now),
                Keys = keys,
                Thresholds = thresholds,
            }
        );
    }

    private static TrustStore Of(TrustStoreDocument document)
    {
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(document, TrustStoreJson.Default.TrustStoreDocument);
            return new TrustStore(document, [.. bytes, (byte)'\n']);
        }
        catch (DocumentFault e)
        {
            throw e.ToError(What);
        }
    }
}
