using System.Globalization;
using Microsoft.Data.Sqlite;
using Svalinn.Decisions;
using Svalinn.State;

namespace Svalinn.Audit;

/// <summary>What kind of row it is.</summary>
internal enum AuditKind
{
    /// <summary>A state change is about to go down to Vörðr.</summary>
    Intended,

    /// <summary>What came of it.</summary>
    Outcome,

    /// <summary>A state change was asked for, and never went down.</summary>
    Refused,
}

/// <summary>One row: who, what, on what, verdict, outcome, trace.</summary>
internal sealed record AuditRow
{
    /// <summary>What kind of row it is.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The request's trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>Who asked.</summary>
    public required string Principal { get; init; }

    /// <summary>From where.</summary>
    public required string Address { get; init; }

    /// <summary>The operation of the route.</summary>
    public required string Operation { get; init; }

    /// <summary>On what.</summary>
    public string? Subject { get; init; }

    /// <summary>HTTP status of the answer; none while it is only intended.</summary>
    public int? Status { get; init; }

    /// <summary>Registered id of the error.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Code of the verdict that refused.</summary>
    public string? VerdictCode { get; init; }

    /// <summary>The recorded decision.</summary>
    public string? Decision { get; init; }
}

/// <summary>The append-only audit log. A row is on disk when its task completes.</summary>
internal sealed class AuditLog(GatewayDatabase database, TimeProvider time)
{
    /// <summary>Appends a row and, with it in one transaction, the decision that it rests on.</summary>
    public Task AppendAsync(AuditRow row, Decision? decision, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        return database.WriteAsync(
            connection =>
            {
                if (decision is not null)
                    DecisionLog.Insert(connection, decision);
                Insert(connection, row, at);
            },
            cancellationToken
        );
    }

    private static void Insert(SqliteConnection connection, AuditRow row, string at)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO audit (at, kind, trace_id, principal, address, operation, subject, status, error_id,
                               verdict_code, decision_id)
            VALUES ($at, $kind, $trace, $principal, $address, $operation, $subject, $status, $error, $verdict, $decision)
            """;
        var parameters = command.Parameters;
        parameters.AddWithValue("$at", at);
        parameters.AddWithValue("$kind", Name(row.Kind));
        parameters.AddWithValue("$trace", row.TraceId);
        parameters.AddWithValue("$principal", row.Principal);
        parameters.AddWithValue("$address", row.Address);
        parameters.AddWithValue("$operation", row.Operation);
        parameters.AddWithValue("$subject", (object?)row.Subject ?? DBNull.Value);
        parameters.AddWithValue("$status", (object?)row.Status ?? DBNull.Value);
        parameters.AddWithValue("$error", (object?)row.ErrorId ?? DBNull.Value);
        parameters.AddWithValue("$verdict", (object?)row.VerdictCode ?? DBNull.Value);
        parameters.AddWithValue("$decision", (object?)row.Decision ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static string Name(AuditKind kind) =>
        kind switch
        {
            AuditKind.Intended => "intended",
            AuditKind.Outcome => "outcome",
            AuditKind.Refused => "refused",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
