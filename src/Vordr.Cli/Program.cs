using Vordr.Cli.Commands;
using Vordr.Client;
using Vordr.Runtimes;

namespace Vordr.Cli;

/// <summary>
/// The program <c>vordr</c>. What the kernel side calls (the runtime wrapper, the exit command) and what answers from
/// nothing (the version) is decided here, before a parser, a database or a logger is touched.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [OciRuntimeWrapper.Verb, .. var runtime])
            return OciRuntimeWrapper.Execute(runtime);
        if (arguments is ["--version"])
            return PrintVersion();
        return await Settle.TryRunAsync(arguments) ?? await CommandLine.RunAsync(arguments, Shell.OfProcess());
    }

    private static int PrintVersion()
    {
        Console.Out.WriteLine($"vordr {VordrVersion.Text}");
        return 0;
    }
}
