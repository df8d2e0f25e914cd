using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Vordr.Cli;

/// <summary>Help that ends with examples which can be pasted.</summary>
internal sealed class ExamplesHelp(IReadOnlyList<string> examples) : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    /// <summary>Gives a command a <c>--help</c> of its own.</summary>
    public static void Attach(Command command, params IReadOnlyList<string> examples)
    {
        var known = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (known is not null)
            known.Action = new ExamplesHelp(examples);
        else
            command.Add(new HelpOption { Action = new ExamplesHelp(examples), Description = "Show help and examples" });
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return result;
    }
}
