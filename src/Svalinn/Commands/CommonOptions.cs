using System.CommandLine;

namespace Svalinn.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>Where the gateway keeps its database and secrets by default.</summary>
    public const string DefaultStateDirectory = "/var/lib/svalinn";

    /// <summary><c>--state</c>.</summary>
    public static Option<string> State() =>
        new("--state")
        {
            Description = "Directory of the gateway's database and secrets",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultStateDirectory,
        };
}
