using System.CommandLine;
using System.CommandLine.Invocation;
using Oci.Errors;
using Vordr.Cli.Commands;
using Vordr.Cli.Parsing;
using Vordr.Client;

namespace Vordr.Cli;

/// <summary>The verbs, and how a command line finds its own.</summary>
internal static class CommandLine
{
    private static readonly IReadOnlyList<Verb> Verbs =
    [
        new("run", Commands.Run.Create),
        new("create", Commands.Create.Build),
        new("start", Start.Create),
        new("stop", Stop.Create),
        new("kill", Kill.Create),
        new("wait", Wait.Create),
        new("rm", Remove.Create),
        new("ps", List.Create),
        new("inspect", Inspect.Create),
        new("logs", Commands.Logs.Create),
        new("exec", Exec.Create),
        new("load", Load.Create),
        new("verify", Verify.Create),
        new("images", Commands.Images.Create),
        new("network", Network.Create),
        new("explain", Explain.Create),
        new("doctor", Commands.Doctor.Create),
        new(ServeVerb.Name, ServeVerb.Listed),
        new("version", Commands.Version.Create),
    ];

    /// <summary>Runs the command that <paramref name="arguments"/> spell; the result is the exit code.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="shell">What is around.</param>
    /// <param name="serve">The verb <c>serve</c>, in the program that has it.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Shell shell,
        Func<Shell, Globals, Command>? serve = null
    )
    {
        var verb = VerbOf(arguments);
        var root = Root(shell, verb, serve);
        IReadOnlyList<string> words;
        try
        {
            words = CommandWords.Separate(arguments, root);
        }
        catch (PublicError e)
        {
            return Failure.Report(shell, arguments.Contains("--json"), CommandWords.HasContainerCodes(verb), e);
        }
        var parse = root.Parse(
            words,
            // A command for a container may well begin with @; nothing is read from files by that.
            new ParserConfiguration { EnablePosixBundling = true, ResponseFileTokenReplacer = null }
        );
        if (parse.Errors.Count > 0 && parse.Action is not ExamplesHelp)
        {
            var message = string.Join(' ', parse.Errors.Select(error => error.Message).Distinct());
            var usage = new PublicError(ErrorId.Usage, message, $"{CommandWords.PathOf(parse.CommandResult)} --help");
            return Failure.Report(shell, arguments.Contains("--json"), CommandWords.HasContainerCodes(verb), usage);
        }
        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = shell.Out,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are ours: a foreground run hands them to the container.
                ProcessTerminationTimeout = null,
            }
        );
    }

    /// <summary>
    /// The whole tree costs a few milliseconds to build; the one verb that was asked for is enough. Help, completion and
    /// mistakes see everything.
    /// </summary>
    internal static RootCommand Root(Shell shell, string? verb, Func<Shell, Globals, Command>? serve = null)
    {
        var globals = new Globals();
        var root = new RootCommand(
            "Vörðr runs containers from signed bundles: nothing starts unless its whole content is accounted for by "
                + "signatures that you trust."
        );
        foreach (var option in root.Options.OfType<VersionOption>())
        {
            option.Action = new PrintVersion(shell);
            option.Description = "Print the version";
        }
        foreach (var option in globals.All)
            root.Add(option);
        var one = Verbs.FirstOrDefault(known => known.Name == verb);
        foreach (var known in one is null ? Verbs : [one])
            root.Add(
                known.Name == ServeVerb.Name && serve is not null ? serve(shell, globals) : known.Create(shell, globals)
            );
        ExamplesHelp.Attach(
            root,
            "vordr load app.ctp                      judge a bundle and store it",
            "vordr run -d --name web -p 8080:80 app.ctp",
            "vordr ps",
            "vordr logs -f web",
            "vordr explain --last                    why the last decision came out as it did",
            "vordr rm -f web"
        );
        root.Action = root.Options.OfType<System.CommandLine.Help.HelpOption>().First().Action;
        return root;
    }

    /// <summary>The first word that is neither an option nor an option's value.</summary>
    internal static string? VerbOf(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (!word.StartsWith('-'))
                return word.StartsWith('[') ? null : word;
            if (word is "--root" or "--run-root" or "--config-dir")
                i++;
        }
        return null;
    }

    private sealed record Verb(string Name, Func<Shell, Globals, Command> Create);

    private sealed class PrintVersion(Shell shell) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            shell.Out.WriteLine($"vordr {VordrVersion.Text}");
            return 0;
        }
    }
}
