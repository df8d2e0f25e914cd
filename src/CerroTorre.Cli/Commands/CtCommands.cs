using System.CommandLine;
using System.CommandLine.Help;
using CerroTorre.Cli.Hosting;

namespace CerroTorre.Cli.Commands;

/// <summary>The verbs of <c>ct</c>, in the order of its help.</summary>
internal static class CtCommands
{
    /// <summary>Answers and errors as JSON, on every verb.</summary>
    public static Option<bool> Json { get; } =
        new("--json") { Description = "Answer in JSON, errors too", Recursive = true };

    /// <summary>The whole command line.</summary>
    public static RootCommand Root(CtHost host)
    {
        var root = new RootCommand(
            "Packs container images into signed .ctp bundles, and says what such a bundle is and whether to trust it."
        )
        {
            Json,
            Pack.Create(host),
            Sign.Create(host),
            Verify.Create(host),
            Explain.Create(host),
            Inspect.Create(host),
            Unpack.Create(host),
            Keygen.Create(host),
            KeyCommands.Create(host),
            TrustCommands.Create(host),
            PolicyCommands.Create(host),
            VersionCommand.Create(host),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        return root;
    }
}
