using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CerroTorre.Cli.Hosting;

/// <summary>A verb whose help ends with examples that can be pasted.</summary>
internal sealed class ExampleCommand(string name, string description, params IReadOnlyList<string> examples)
    : Command(name, description)
{
    /// <summary>What people do with it, most usual first.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The framework's help, then the examples.</summary>
internal sealed class ExamplesHelp(HelpAction inner) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = inner.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command switch
        {
            ExampleCommand command => command.Examples,
            RootCommand => CtExamples.Root,
            _ => [],
        };
        if (examples.Count == 0)
            return result;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return result;
    }
}

/// <summary>The examples of <c>ct --help</c>: the whole way, once.</summary>
internal static class CtExamples
{
    public static IReadOnlyList<string> Root { get; } =
    [
        "ct keygen                                          make a key",
        "ct trust init                                      trust it",
        "ct pack oci-archive:web.tar -o web.ctp             pack and sign an image",
        "ct verify web.ctp                                  what a machine that runs it will ask",
        "ct explain web.ctp                                 what is in it, in words",
    ];
}
