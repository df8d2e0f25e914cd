using Microsoft.Data.Sqlite;
using Oci.Errors;

namespace Svalinn.State;

/// <summary>
/// Numbered <c>.sql</c> resources, each applied once in a transaction that also moves <c>PRAGMA user_version</c>.
/// </summary>
internal static class Migrations
{
    private const string Prefix = "migrations/";

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="PublicError">A newer version wrote this database.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var scripts = typeof(Migrations)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        // Another process may be doing the same: the version is read under the write lock.
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = ReadVersion(connection, transaction);
        if (version > scripts.Length)
        {
            throw new PublicError(
                ErrorId.StateCorrupt,
                $"The gateway's database has schema {version}; this version reads up to {scripts.Length}.",
                "Start the newer svalinn that wrote it."
            );
        }
        for (var next = version; next < scripts.Length; next++)
        {
            Execute(connection, transaction, ReadScript(scripts[next]));
            Execute(connection, transaction, $"PRAGMA user_version={next + 1}");
        }
        transaction.Commit();
    }

    private static long ReadVersion(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        // Not a query with text of others in it: our own embedded script.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
