using Microsoft.Data.Sqlite;
using Oci;
using Vordr.State;

namespace Vordr.Decisions;

/// <summary>A decision as the database has it.</summary>
internal sealed record DecisionRow(
    long Id,
    DateTimeOffset At,
    string Operation,
    string Principal,
    string Subject,
    Digest? Root,
    string? Container,
    string? TraceId,
    bool Allowed,
    string Verdict
);

/// <summary>The recorded decisions' rows, inside the transaction that needs them. They are only ever added.</summary>
internal static class DecisionTable
{
    private const string Select =
        "SELECT id, at, operation, principal, subject, root, container, trace, allowed, verdict FROM decisions";

    /// <summary>Records a decision; its number. The row's own is ignored.</summary>
    public static long Insert(this Session session, DecisionRow row) =>
        session.Insert(
            """
            INSERT INTO decisions (at, operation, principal, subject, root, container, trace, allowed, verdict)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            row.At.ToUnixTimeMilliseconds(),
            row.Operation,
            row.Principal,
            row.Subject,
            row.Root?.ToString(),
            row.Container,
            row.TraceId,
            row.Allowed,
            row.Verdict
        );

    /// <summary>The decision of this number.</summary>
    public static DecisionRow? FindDecision(this Session session, long id) =>
        session.First(Select + " WHERE id = $1", Read, id);

    /// <summary>The last decision.</summary>
    public static DecisionRow? LastDecision(this Session session) =>
        session.First(Select + " ORDER BY id DESC LIMIT 1", Read);

    private static DecisionRow Read(SqliteDataReader row) =>
        new(
            row.GetInt64(0),
            row.Time(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.IsDBNull(5) ? null : row.Digest(5),
            row.TextOrNull(6),
            row.TextOrNull(7),
            row.GetBoolean(8),
            row.GetString(9)
        );
}
