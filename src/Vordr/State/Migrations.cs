using System.Globalization;
using Microsoft.Data.Sqlite;
using Oci.Errors;

namespace Vordr.State;

/// <summary>
/// The schema's versions: <c>Migrations/NNNN.sql</c> leads from version N−1 to N, and <c>user_version</c> says which
/// one a file has. Each is applied in a transaction of its own; a newer file than this program is refused.
/// </summary>
internal static class Migrations
{
    /// <summary>The schema that this program reads and writes.</summary>
    public const int Latest = 1;

    /// <summary>Brings the file to <see cref="Latest"/>.</summary>
    public static void Apply(SqliteConnection connection, string path)
    {
        var version = Version(connection);
        if (version > Latest)
        {
            throw new PublicError(
                ErrorId.StateCorrupt,
                $"{path} has schema {version}; this vordr reads schemas up to {Latest}.",
                "Use the vordr that wrote it, or a newer one",
                "Keep apart what two versions share: --root DIR"
            );
        }
        if (version == Latest)
            return;
        // The mode is a property of the file: set once, when it is made.
        Database.Pragma(connection, "PRAGMA journal_mode = WAL");
        for (var next = version + 1; next <= Latest; next++)
            Step(connection, next);
    }

    private static void Step(SqliteConnection connection, int next)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have been quicker while this one waited for the transaction.
        if (Version(connection) >= next)
            return;
        Database.Pragma(connection, Script(next));
        Database.Pragma(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {next}"));
        transaction.Commit();
    }

    private static int Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static string Script(int version)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Vordr.State.Migrations.{version:0000}.sql");
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
