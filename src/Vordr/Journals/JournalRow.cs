using Vordr.State;

namespace Vordr.Journals;

/// <summary>An operation of several steps that is under way, or was when its process died.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Subject">On what: a container id, a load, a network's name.</param>
/// <param name="Lock">Name of the lock that is held for as long as its process works on it.</param>
internal sealed record JournalRow(long Id, Operation Operation, string Subject, string Lock);

/// <summary>Operations that the journal knows, and what becomes of an orphan.</summary>
internal enum Operation
{
    /// <summary>A bundle is stored. Back: whatever it alone brought is removed.</summary>
    Load,

    /// <summary>A container is made. Back: it is removed.</summary>
    Create,

    /// <summary>A container is made and started. Back: it is removed.</summary>
    Run,

    /// <summary>A container is started. Back: it is stopped, and what its start made is removed.</summary>
    Start,

    /// <summary>A container is removed. Forward.</summary>
    Remove,
}

/// <summary>The journal's rows, inside the transaction that needs them.</summary>
internal static class JournalTable
{
    /// <summary>Opens a row: before the operation touches anything outside of the database.</summary>
    public static JournalRow OpenJournal(
        this Session session,
        Operation operation,
        string subject,
        string lockName,
        DateTimeOffset at
    )
    {
        var id = session.Insert(
            "INSERT INTO journal (operation, subject, lock, at) VALUES ($1, $2, $3, $4)",
            operation.ToString(),
            subject,
            lockName,
            at.ToUnixTimeMilliseconds()
        );
        return new JournalRow(id, operation, subject, lockName);
    }

    /// <summary>Closes a row, in the transaction that records what came of it.</summary>
    public static void CloseJournal(this Session session, JournalRow row) =>
        session.Execute("DELETE FROM journal WHERE id = $1", row.Id);

    /// <summary>What is under way, oldest first.</summary>
    public static List<JournalRow> Journal(this Session session) =>
        session.Query("SELECT id, operation, subject, lock FROM journal ORDER BY id", Read);

    /// <summary>The row, if it is still open.</summary>
    public static JournalRow? FindJournal(this Session session, long id) =>
        session.First("SELECT id, operation, subject, lock FROM journal WHERE id = $1", Read, id);

    private static JournalRow Read(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetInt64(0), Enum.Parse<Operation>(row.GetString(1)), row.GetString(2), row.GetString(3));
}
