using Trust.Keys;
using Trust.Policies;

namespace Trust.Stores;

/// <summary>Checks what the shape of a trust store's document can't, and says where it fails.</summary>
internal static class TrustStoreReader
{
    public static IReadOnlyList<TrustedKey> ReadKeys(TrustStoreDocument document)
    {
        var keys = new List<TrustedKey>();
        foreach (var (role, entries) in document.Keys)
        {
            if (!Roles.All.Contains(role, StringComparer.Ordinal))
                throw new DocumentFault($"/keys/{role}", $"is no role; roles are {string.Join(", ", Roles.All)}");
            for (var i = 0; i < entries.Count; i++)
            {
                var pointer = $"/keys/{role}/{i}";
                var key = ReadKey(role, entries[i], pointer);
                if (keys.Any(k => k.Role == role && k.Id == key.Id))
                    throw new DocumentFault(pointer, "the key stands twice in this role");
                keys.Add(key);
            }
        }
        return keys;
    }

    public static IReadOnlyList<Threshold> ReadThresholds(TrustStoreDocument document, IReadOnlyList<TrustedKey> keys)
    {
        var thresholds = new List<Threshold>();
        foreach (var (name, threshold) in document.Thresholds)
        {
            var pointer = $"/thresholds/{name}";
            if (threshold.Members.Distinct().Count() != threshold.Members.Count)
                throw new DocumentFault(pointer + "/members", "a key stands twice");
            if (threshold.K < 1 || threshold.K > threshold.Members.Count)
                throw new DocumentFault(pointer + "/k", "is not between 1 and the number of members");
            foreach (var member in threshold.Members)
            {
                if (keys.All(k => k.Id != member))
                    throw new DocumentFault(pointer + "/members", $"{member} is no key of this store");
            }
            CheckNames(threshold.Names, pointer + "/names");
            thresholds.Add(
                new Threshold
                {
                    Name = name,
                    K = threshold.K,
                    Members = threshold.Members,
                    Names = threshold.Names,
                }
            );
        }
        return thresholds;
    }

    public static IReadOnlyList<TrustedLog> ReadLogs(TrustStoreDocument document)
    {
        foreach (var (id, log) in document.Logs)
        {
            if (id.Length == 0 || id.Contains("://", StringComparison.Ordinal))
                throw new DocumentFault("/logs", $"'{id}' is no checkpoint origin, a URL without a schema");
            if (log.Operator.Length == 0)
                throw new DocumentFault($"/logs/{id}/operator", "is empty");
            if (log.PublicKey.Length == 0)
                throw new DocumentFault($"/logs/{id}/publicKey", "is empty");
        }
        return [.. document.Logs.Select(log => new TrustedLog(log.Key, log.Value.Operator))];
    }

    public static void CheckRest(TrustStoreDocument document)
    {
        if (document.Version < 1)
            throw new DocumentFault("/version", "is not 1 or more");
        if (document.Id.Length == 0)
            throw new DocumentFault("/id", "is empty");
        if (document.Identities is not null)
            throw new DocumentFault("/identities", "is not supported yet; Sigstore identities can't be verified");
    }

    private static TrustedKey ReadKey(string role, KeyDocument entry, string pointer)
    {
        if (!string.Equals(entry.Algorithm, PublicKey.AlgorithmName, StringComparison.Ordinal))
            throw new DocumentFault(
                pointer + "/algorithm",
                $"'{entry.Algorithm}' is not supported yet; {PublicKey.AlgorithmName} is"
            );
        if (entry.PublicKeys is not [var encoded])
            throw new DocumentFault(pointer + "/publicKeys", "an ed25519 key has exactly one");
        PublicKey key;
        try
        {
            var info = Convert.FromBase64String(encoded);
            if (!string.Equals(Convert.ToBase64String(info), encoded, StringComparison.Ordinal))
                throw new FormatException("the base64 is not canonical");
            key = PublicKey.ImportInfo(info);
        }
        catch (FormatException e)
        {
            throw new DocumentFault(pointer + "/publicKeys/0", e.Message.TrimEnd('.'));
        }
        if (key.Id != entry.Id)
            throw new DocumentFault(pointer + "/id", $"is not the key's, which is {key.Id}");
        if (entry.ValidUntil <= entry.ValidFrom)
            throw new DocumentFault(pointer + "/validUntil", "is not after validFrom");
        CheckNames(entry.Names, pointer + "/names");
        return new TrustedKey
        {
            Role = role,
            PublicKey = key,
            ValidFrom = entry.ValidFrom,
            ValidUntil = entry.ValidUntil,
            RevokedAt = entry.RevokedAt,
            Names = entry.Names,
            Metadata = entry.Metadata,
        };
    }

    private static void CheckNames(IReadOnlyList<string>? names, string pointer)
    {
        if (names is { Count: 0 })
            throw new DocumentFault(pointer, "is empty, so it would cover nothing; leave it out to cover everything");
        for (var i = 0; i < names?.Count; i++)
        {
            try
            {
                _ = NamePattern.Parse(names[i]);
            }
            catch (FormatException e)
            {
                throw new DocumentFault($"{pointer}/{i}", e.Message);
            }
        }
    }
}
