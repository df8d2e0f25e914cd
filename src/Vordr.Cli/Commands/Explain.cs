using System.CommandLine;
using System.Globalization;
using Trust.Verdicts;
using Vordr.Cli.Output;
using Vordr.Containers;
using Vordr.Decisions;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr explain</c>: a recorded decision, in words.</summary>
internal static class Explain
{
    public static Command Create(Shell shell, Globals globals)
    {
        var subject = new Argument<string?>("DECISION|CONTAINER")
        {
            Description = "Number of a decision, or the container that it let in",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var last = new Option<bool>("--last") { Description = "The last decision (also without an argument)" };
        var command = new Command("explain", "Tell why a decision came out as it did") { last, subject };
        ExamplesHelp.Attach(command, "vordr explain --last", "vordr explain 17", "vordr explain web");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var id = await DecisionAsync(invocation, invocation.Parse.GetValue(subject));
                var decision = await invocation.Engine.ExplainAsync(
                    new ExplainRequest(invocation.Caller, id),
                    invocation.Cancellation
                );
                if (invocation.Json)
                    Json.Print(shell, decision, DecisionJson.Default.Decision);
                else
                    Print(shell.Out, decision);
                return 0;
            }
        );
    }

    private static async Task<long?> DecisionAsync(Invocation invocation, string? subject)
    {
        if (subject is null)
            return null;
        if (long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && subject.Length < 12)
            return id;
        var container = await invocation.Engine.InspectAsync(
            new InspectRequest(invocation.Caller, subject),
            invocation.Cancellation
        );
        return container.Decision;
    }

    private static void Print(TextWriter output, Decision decision)
    {
        var outcome = decision.Verdict.Allowed ? "allowed" : "refused";
        output.WriteLine(
            $"Decision {decision.Id}: {decision.Operation} of {Words.Printable(decision.Subject)} {outcome}"
        );
        output.WriteLine();
        output.WriteLine($"  at         {decision.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        output.WriteLine($"  for        {Words.Printable(decision.Principal)}");
        if (decision.ImageDigest is { } image)
            output.WriteLine($"  image      {image}");
        if (decision.Container is { } container)
            output.WriteLine($"  container  {container}");
        if (decision.TraceId is { } trace)
            output.WriteLine($"  trace      {trace}");
        output.WriteLine();
        output.WriteLine(VerdictText.Render(decision.Verdict, Words.Printable(decision.Subject)).TrimEnd('\n'));
        output.WriteLine();
        output.WriteLine(VerdictText.RenderChecks(decision.Verdict).TrimEnd('\n'));
    }
}
