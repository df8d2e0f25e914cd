using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Svalinn.State;

namespace Svalinn.Authentication;

/// <summary>A key as it is known here: everything but its secret.</summary>
internal sealed record ApiKeyRecord(
    string Id,
    string Name,
    Role Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt
);

/// <summary>
/// API keys at rest: HMAC-SHA-256 of the whole key under a server key, compared in constant time. Each check reads the
/// row afresh, so that a revocation by another process holds from the next request on.
/// </summary>
internal sealed class ApiKeyStore
{
    private const string ServerKeyFile = "server.key";
    private static readonly TimeSpan LastUseResolution = TimeSpan.FromMinutes(1);

    private readonly GatewayDatabase _database;
    private readonly byte[] _serverKey;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _lastUses = new(StringComparer.Ordinal);

    private ApiKeyStore(GatewayDatabase database, byte[] serverKey, TimeProvider time)
    {
        _database = database;
        _serverKey = serverKey;
        _time = time;
    }

    /// <summary>Opens the store; the server key is made (0600) where it is missing.</summary>
    public static ApiKeyStore Open(StateDirectory state, GatewayDatabase database, TimeProvider time)
    {
        var serverKey = state.ReadOrCreateSecret(ServerKeyFile, () => RandomNumberGenerator.GetBytes(32));
        return serverKey.Length == 32
            ? new ApiKeyStore(database, serverKey, time)
            : throw new IOException($"{state.PathOf(ServerKeyFile)} is damaged: it must hold 32 bytes.");
    }

    /// <summary>Whether no key was ever made.</summary>
    public bool IsEmpty => List().Count == 0;

    /// <summary>Every key, oldest first.</summary>
    public IReadOnlyList<ApiKeyRecord> List() =>
        _database.Read(session =>
            session.All(
                "SELECT id, name, role, created_at, expires_at, revoked_at, last_used_at FROM api_keys ORDER BY created_at, id",
                row => new ApiKeyRecord(
                    row.GetString(0),
                    row.GetString(1),
                    RoleNames.Parse(row.GetString(2)) ?? Role.Viewer,
                    Time(row, 3)!.Value,
                    Time(row, 4),
                    Time(row, 5),
                    Time(row, 6)
                )
            )
        );

    /// <summary>Stores <paramref name="key"/>; it counts from the moment this returns.</summary>
    public Task AddAsync(
        ApiKey key,
        string name,
        Role role,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    )
    {
        var mac = Mac(key);
        var now = _time.GetUtcNow();
        return _database.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = """
                    INSERT INTO api_keys (id, name, role, mac, created_at, expires_at)
                    VALUES ($id, $name, $role, $mac, $created, $expires)
                    """;
                command.Parameters.AddWithValue("$id", key.Id);
                command.Parameters.AddWithValue("$name", name);
                command.Parameters.AddWithValue("$role", role.Name());
                command.Parameters.AddWithValue("$mac", mac);
                command.Parameters.AddWithValue("$created", Text(now));
                command.Parameters.AddWithValue("$expires", expiresAt is { } at ? Text(at) : DBNull.Value);
                command.ExecuteNonQuery();
            },
            cancellationToken
        );
    }

    /// <summary>Revokes a key; it fails from the moment this returns.</summary>
    /// <returns>Whether there was such a key, not yet revoked.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var changed = 0;
        var now = _time.GetUtcNow();
        await _database.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "UPDATE api_keys SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL";
                command.Parameters.AddWithValue("$now", Text(now));
                command.Parameters.AddWithValue("$id", id);
                changed = command.ExecuteNonQuery();
            },
            cancellationToken
        );
        return changed == 1;
    }

    /// <summary>
    /// The principal that <paramref name="key"/> stands for, or null: unknown, wrong, revoked and expired look alike.
    /// </summary>
    public Principal? Authenticate(ApiKey key)
    {
        var stored = _database.Read(session =>
            session.Single(
                "SELECT mac, name, role, expires_at, revoked_at FROM api_keys WHERE id = $key",
                key.Id,
                row => new Stored(
                    row.GetFieldValue<byte[]>(0),
                    row.GetString(1),
                    RoleNames.Parse(row.GetString(2)),
                    Time(row, 3),
                    !row.IsDBNull(4)
                )
            )
        );
        // The same work whether or not the id exists.
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(key, mac);
        var matches = CryptographicOperations.FixedTimeEquals(mac, stored?.Mac ?? new byte[HMACSHA256.HashSizeInBytes]);
        var now = _time.GetUtcNow();
        if (stored is not { Role: { } role } || !matches || stored.Revoked || stored.ExpiresAt <= now)
            return null;
        NoteUse(key.Id, now);
        return new Principal("key:" + key.Id, stored.Name, role);
    }

    private void NoteUse(string id, DateTimeOffset now)
    {
        if (_lastUses.TryGetValue(id, out var last) && now - last < LastUseResolution)
            return;
        _lastUses[id] = now;
        // Not awaited: nothing depends on it, and a request does not wait for the disk to be allowed in.
        _ = _database.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "UPDATE api_keys SET last_used_at = $now WHERE id = $id";
                command.Parameters.AddWithValue("$now", Text(now));
                command.Parameters.AddWithValue("$id", id);
                command.ExecuteNonQuery();
            },
            CancellationToken.None
        );
    }

    private byte[] Mac(ApiKey key)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        Mac(key, mac);
        return mac;
    }

    private void Mac(ApiKey key, Span<byte> destination)
    {
        Span<byte> text = stackalloc byte[128];
        var length = Encoding.ASCII.GetBytes(key.Text, text);
        HMACSHA256.HashData(_serverKey, text[..length], destination);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column)
            ? null
            : DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private sealed record Stored(byte[] Mac, string Name, Role? Role, DateTimeOffset? ExpiresAt, bool Revoked);
}
