using System.Diagnostics;

namespace EndToEnd.Stage;

/// <summary>What a finished process left: its exit code and both streams.</summary>
internal sealed record Outcome(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for assertions' reasons.</summary>
    public string Said => $"{CommandLine}\nexit {ExitCode}\n{Output}{Error}";

    /// <summary>Itself, when the process succeeded; else the test fails with all that it said.</summary>
    public Outcome Succeeded()
    {
        ExitCode.Should().Be(0, "{0}", Said);
        return this;
    }

    public Outcome Failed(int exitCode)
    {
        ExitCode.Should().Be(exitCode, "{0}", Said);
        return this;
    }
}

/// <summary>Runs a program with an argument list, a time limit and no shell.</summary>
internal static class Command
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static Task<Outcome> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, environment: null, input: null);

    public static async Task<Outcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        byte[]? input = null,
        TimeSpan? limit = null
    )
    {
        using var process = Start(program, arguments, environment);
        using var cancelled = new CancellationTokenSource(limit ?? s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancelled.Token);
            var error = process.StandardError.ReadToEndAsync(cancelled.Token);
            try
            {
                if (input is not null)
                    await process.StandardInput.BaseStream.WriteAsync(input, cancelled.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program may refuse before it has read everything; its exit code tells.
            }
            await process.WaitForExitAsync(cancelled.Token);
            return new Outcome(Line(process), process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Line(process)} did not end within its time.", late);
        }
    }

    public static Process Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment
    )
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
    }

    private static string Line(Process process) =>
        $"$ {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
}
