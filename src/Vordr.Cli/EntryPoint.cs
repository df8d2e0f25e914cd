using System.CommandLine;
using Vordr.Cli.Commands;
using Vordr.Client;
using Vordr.Runtimes;

namespace Vordr.Cli;

/// <summary>
/// Where a process begins. What the kernel side calls (the runtime wrapper, the exit command), what answers from nothing
/// (the version) and what another program does (<c>serve</c>) is decided here, before a parser, a database or a logger is
/// touched.
/// </summary>
internal static class EntryPoint
{
    /// <summary>Does what the arguments say; the result is the exit code.</summary>
    /// <param name="arguments">The words behind the program's name.</param>
    /// <param name="shell">What is around.</param>
    /// <param name="serve">The verb <c>serve</c>, in the program that has it.</param>
    public static async Task<int> RunAsync(string[] arguments, Shell shell, Func<Shell, Globals, Command>? serve)
    {
        if (arguments is [OciRuntimeWrapper.Verb, .. var runtime])
            return OciRuntimeWrapper.Execute(runtime);
        if (arguments is ["--version"])
            return PrintVersion(shell);
        if (serve is null && CommandLine.VerbOf(arguments) == ServeVerb.Name)
            return ServeVerb.Become(arguments, shell);
        return await Settle.TryRunAsync(arguments, shell) ?? await CommandLine.RunAsync(arguments, shell, serve);
    }

    private static int PrintVersion(Shell shell)
    {
        shell.Out.WriteLine($"vordr {VordrVersion.Text}");
        return 0;
    }
}
