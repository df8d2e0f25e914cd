using System.Globalization;
using Microsoft.Data.Sqlite;
using Svalinn.State;

namespace Svalinn.Decisions;

/// <summary>One recorded decision.</summary>
internal sealed record Decision
{
    /// <summary>Unique; sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The request's trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>Who asked.</summary>
    public required string Principal { get; init; }

    /// <summary>For what.</summary>
    public required string Operation { get; init; }

    /// <summary>What was judged, as people call it.</summary>
    public required string Subject { get; init; }

    /// <summary>Digest of its root.</summary>
    public string? Root { get; init; }

    /// <summary>What was decided.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why not.</summary>
    public string? Code { get; init; }

    /// <summary>The whole verdict, as JSON.</summary>
    public required string Verdict { get; init; }
}

/// <summary>The decisions of this gateway.</summary>
internal sealed class DecisionLog(GatewayDatabase database)
{
    /// <summary>Records a decision; it is on disk when the task completes.</summary>
    public Task RecordAsync(Decision decision, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Insert(connection, decision), cancellationToken);

    /// <summary>
    /// Remembers by which id Vörðr recorded its own decision on the same matter, so that either id finds this one.
    /// </summary>
    public Task LinkAsync(string id, long runtimeId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "UPDATE decisions SET runtime_id = $runtime WHERE id = $id";
                command.Parameters.AddWithValue("$runtime", runtimeId);
                command.Parameters.AddWithValue("$id", id);
                command.ExecuteNonQuery();
            },
            cancellationToken
        );

    /// <summary>The decision of this id, ours or Vörðr's.</summary>
    public Decision? Find(string id) =>
        database.Read(session =>
            session.Single(
                """
                SELECT id, at, trace_id, principal, operation, subject, root, allowed, code, verdict
                FROM decisions WHERE id = $key OR runtime_id = CAST($key AS INTEGER) ORDER BY at DESC LIMIT 1
                """,
                id,
                row => new Decision
                {
                    Id = row.GetString(0),
                    At = DateTimeOffset.Parse(
                        row.GetString(1),
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.RoundtripKind
                    ),
                    TraceId = row.GetString(2),
                    Principal = row.GetString(3),
                    Operation = row.GetString(4),
                    Subject = row.GetString(5),
                    Root = row.IsDBNull(6) ? null : row.GetString(6),
                    Allowed = row.GetInt64(7) != 0,
                    Code = row.IsDBNull(8) ? null : row.GetString(8),
                    Verdict = row.GetString(9),
                }
            )
        );

    /// <summary>Inserts a decision within a transaction of somebody else.</summary>
    internal static void Insert(SqliteConnection connection, Decision decision)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO decisions (id, at, trace_id, principal, operation, subject, root, allowed, code, verdict)
            VALUES ($id, $at, $trace, $principal, $operation, $subject, $root, $allowed, $code, $verdict)
            """;
        var parameters = command.Parameters;
        parameters.AddWithValue("$id", decision.Id);
        parameters.AddWithValue("$at", decision.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        parameters.AddWithValue("$trace", decision.TraceId);
        parameters.AddWithValue("$principal", decision.Principal);
        parameters.AddWithValue("$operation", decision.Operation);
        parameters.AddWithValue("$subject", decision.Subject);
        parameters.AddWithValue("$root", (object?)decision.Root ?? DBNull.Value);
        parameters.AddWithValue("$allowed", decision.Allowed ? 1 : 0);
        parameters.AddWithValue("$code", (object?)decision.Code ?? DBNull.Value);
        parameters.AddWithValue("$verdict", decision.Verdict);
        command.ExecuteNonQuery();
    }
}
