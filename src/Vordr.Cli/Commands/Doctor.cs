using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Doctor;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr doctor</c>: what stands in the way of running containers here.</summary>
internal static class Doctor
{
    private const int Unhealthy = 1;

    public static Command Create(Shell shell, Globals globals)
    {
        var command = new Command("doctor", "Look over the host, and say what is missing");
        ExamplesHelp.Attach(command, "vordr doctor", "vordr doctor --json");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var report = await invocation.Engine.DoctorAsync(invocation.Cancellation);
                if (invocation.Json)
                    Json.Print(shell, report, DoctorJson.Default.DoctorReport);
                else
                    Print(shell.Out, report);
                return report.Healthy ? 0 : Unhealthy;
            }
        );
    }

    private static void Print(TextWriter output, DoctorReport report)
    {
        var width = report.Checks.Max(check => check.Name.Length);
        foreach (var check in report.Checks)
        {
            output.WriteLine($"{Mark(check.Outcome)} {check.Name.PadRight(width)}  {check.Detail}");
            if (check.Fix is { } fix)
                output.WriteLine($"  {new string(' ', width)}  → {fix}");
        }
    }

    private static char Mark(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Good => '✓',
            CheckOutcome.Warning => '!',
            CheckOutcome.Bad => '✗',
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
}
