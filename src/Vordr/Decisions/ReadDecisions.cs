using System.Text;
using Oci.Errors;
using Trust.Verdicts;

namespace Vordr.Decisions;

/// <summary>Tells recorded decisions.</summary>
internal sealed class ReadDecisions(Instance instance)
{
    public Decision Execute(ExplainRequest request)
    {
        var row = instance.Database.Read(session =>
            request.Decision is { } id ? session.FindDecision(id) : session.LastDecision()
        );
        if (row is null)
        {
            throw new PublicError(
                ErrorId.NotFound,
                request.Decision is { } id ? $"There is no decision {id}." : "Nothing has been decided here yet.",
                "vordr explain --last"
            );
        }
        return new Decision(
            row.Id,
            row.At,
            row.Operation,
            row.Principal,
            row.Subject,
            row.Root,
            row.Container,
            row.TraceId,
            Read(row)
        );
    }

    /// <summary>The verdict of a recorded decision.</summary>
    public Verdict Verdict(long decision) => Read(instance.Database.Read(session => session.FindDecision(decision))!);

    private static Verdict Read(DecisionRow row)
    {
        try
        {
            return Trust.Verdicts.Verdict.Parse(Encoding.UTF8.GetBytes(row.Verdict));
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.StateCorrupt, $"The verdict of decision {row.Id} is damaged.", error);
        }
    }
}
