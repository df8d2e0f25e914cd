using System.CommandLine;

namespace Vordr.Cli.Commands;

/// <summary>Arguments that name containers.</summary>
internal static class Names
{
    public static Argument<string[]> Containers() =>
        new("CONTAINER") { Description = "Name, id, or the beginning of an id", Arity = ArgumentArity.OneOrMore };

    public static Argument<string> Container() =>
        new("CONTAINER") { Description = "Name, id, or the beginning of an id" };
}
