using System.CommandLine;
using Oci.Errors;
using Vordr.Processes;

namespace Vordr.Cli.Commands;

/// <summary>
/// <c>vordr serve</c>: this process becomes the program <c>vordr-serve</c> beside it. With the web server inside, every
/// other command, and the exit command of every container, would pay for it at each start.
/// </summary>
internal static class ServeVerb
{
    public const string Name = "serve";
    public const string Description = "Offer the engine over MCP";

    /// <summary>What <c>--help</c> teaches.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "vordr serve                                on /run/vordr/mcp.sock, for root and the group vordr",
        "vordr serve --port 8080                    also on http://127.0.0.1:8080/mcp, behind a token",
        "vordr serve --stdio                        for an MCP client that starts us",
    ];

    /// <summary>The verb as lists and completion show it; whoever types it never gets here.</summary>
    public static Command Listed(Shell shell, Globals globals) => new(Name, Description);

    /// <summary>Becomes the server; returns only if it can't.</summary>
    public static int Become(IReadOnlyList<string> arguments, Shell shell)
    {
        try
        {
            var program =
                SiblingPrograms.Find(SiblingPrograms.Server)
                ?? throw new PublicError(
                    ErrorId.RuntimeNotFound,
                    "The program vordr-serve is not installed beside vordr.",
                    "install both from one release"
                );
            ProgramImage.Become(program, arguments);
            throw new InvalidOperationException("execve returned.");
        }
        catch (Exception e)
        {
            return Failure.Report(shell, arguments.Contains("--json"), containerCodes: false, e);
        }
    }
}
