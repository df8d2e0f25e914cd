using Microsoft.Data.Sqlite;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Authorization;
using Svalinn.Decisions;
using Svalinn.Limits;
using Svalinn.Problems;
using Svalinn.Tracing;

namespace Svalinn.Audit;

/// <summary>
/// Proof that the <c>intended</c> row of this request is on disk. Every call that changes something at Vörðr demands
/// one, and only <see cref="AuditScope.IntendAsync"/> makes them.
/// </summary>
internal sealed class Intent
{
    private Intent(HttpContext context) => Context = context;

    /// <summary>The request that intends it.</summary>
    public HttpContext Context { get; }

    /// <summary>The audit of one request that changes state: opened on its way in, closed on its way out.</summary>
    internal sealed class AuditScope(AuditLog log, HttpContext context, RouteRule rule)
    {
        private bool _intended;

        /// <summary>
        /// Writes the <c>intended</c> row, and the decision it rests on, to disk. From here on the change may happen.
        /// </summary>
        /// <exception cref="PublicError">They can't be written: nothing may happen.</exception>
        public async Task<Intent> IntendAsync(string subject, Decision? decision, CancellationToken cancellationToken)
        {
            var outcome = context.Outcome();
            outcome.Subject = subject;
            outcome.Decision = decision?.Id;
            try
            {
                await log.AppendAsync(Row(AuditKind.Intended, status: null), decision, cancellationToken);
            }
            catch (SqliteException exception)
            {
                throw new PublicError(
                    exception.SqliteErrorCode == SqliteFull ? ErrorId.NoSpace : ErrorId.State,
                    "The audit log can't be written, so nothing was changed.",
                    exception,
                    "Ask the operator to look at the disk of the gateway's state directory."
                );
            }
            _intended = true;
            return new Intent(context);
        }

        /// <summary>Records a decision that refuses; the <c>refused</c> row follows on the way out.</summary>
        public Task RefuseAsync(string subject, Decision decision, DecisionLog decisions)
        {
            var outcome = context.Outcome();
            outcome.Subject = subject;
            outcome.Decision = decision.Id;
            outcome.VerdictCode = decision.Code;
            // The caller may be gone; what was decided stays decided.
            return decisions.RecordAsync(decision, CancellationToken.None);
        }

        /// <summary>Writes what came of it.</summary>
        public Task CloseAsync()
        {
            if (!_intended && !IsWorthARow())
                return Task.CompletedTask;
            var kind = _intended ? AuditKind.Outcome : AuditKind.Refused;
            return log.AppendAsync(Row(kind, context.Response.StatusCode), decision: null, CancellationToken.None);
        }

        private const int SqliteFull = 13;

        /// <summary>
        /// Strangers can't fill the disk: who shows no key, or is past a limit, is in metrics and the request log only.
        /// </summary>
        private bool IsWorthARow() =>
            context.Response.StatusCode != StatusCodes.Status429TooManyRequests
            && (context.Principal() is not null || context.Request.Headers.Authorization.Count > 0);

        private AuditRow Row(AuditKind kind, int? status)
        {
            var outcome = context.Outcome();
            return new AuditRow
            {
                Kind = kind,
                TraceId = context.TraceId(),
                Principal = context.PrincipalName(),
                Address = ClientAddress.Of(context),
                Operation = rule.Operation,
                Subject = outcome.Subject,
                Status = status,
                ErrorId = outcome.Error?.Name,
                VerdictCode = outcome.VerdictCode,
                Decision = outcome.Decision,
            };
        }
    }
}
