using Oci;
using Vordr.Containers;
using Vordr.Journals;
using Vordr.State;

namespace Vordr.Calls;

/// <summary>A call with an idempotency key, as the database has it.</summary>
/// <param name="Arguments">Digest of its arguments.</param>
/// <param name="Outcome">What came of it; null until something did.</param>
internal sealed record CallRow(Digest Arguments, string? Outcome);

/// <summary>Whose key it is: keys are scoped to principal and operation.</summary>
internal sealed record CallKey(string Principal, string Operation, IdempotencyKey Key)
{
    /// <summary>Opens the call, in the transaction that opens its journal row; null where it has none.</summary>
    public void Open(Session session, JournalRow? journal, DateTimeOffset at) =>
        session.Execute(
            """
            INSERT INTO idempotency (principal, operation, key, arguments, journal, at) VALUES ($1, $2, $3, $4, $5, $6)
            """,
            Principal,
            Operation,
            Key.Key,
            Key.Arguments.ToString(),
            journal?.Id,
            at.ToUnixTimeMilliseconds()
        );

    /// <summary>Records what came of the call, in the transaction that closes its journal row.</summary>
    public void Complete(Session session, string outcome) =>
        session.Execute(
            "UPDATE idempotency SET outcome = $4, journal = NULL WHERE principal = $1 AND operation = $2 AND key = $3",
            Principal,
            Operation,
            Key.Key,
            outcome
        );

    /// <summary>The call, if it was made before.</summary>
    public CallRow? Find(Session session) =>
        session.First(
            "SELECT arguments, outcome FROM idempotency WHERE principal = $1 AND operation = $2 AND key = $3",
            row => new CallRow(row.Digest(0), row.TextOrNull(1)),
            Principal,
            Operation,
            Key.Key
        );

    /// <summary>Forgets the call: it came to nothing.</summary>
    public void Forget(Session session) =>
        session.Execute(
            "DELETE FROM idempotency WHERE principal = $1 AND operation = $2 AND key = $3",
            Principal,
            Operation,
            Key.Key
        );
}

/// <summary>Calls in bulk.</summary>
internal static class CallTable
{
    /// <summary>Forgets calls that are older than a day.</summary>
    public static void ForgetOldCalls(this Session session, DateTimeOffset now) =>
        session.Execute("DELETE FROM idempotency WHERE at < $1", now.AddDays(-1).ToUnixTimeMilliseconds());

    /// <summary>Forgets the call whose journal row is rolled back: that is no outcome.</summary>
    public static void ForgetCallsOf(this Session session, JournalRow journal) =>
        session.Execute("DELETE FROM idempotency WHERE journal = $1 AND outcome IS NULL", journal.Id);
}
