using System.CommandLine;
using Svalinn.Hosting;

namespace Svalinn.Commands;

/// <summary><c>svalinn version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The verb.</summary>
    public static Command Command()
    {
        var command = new Command("version", "Print the version");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"svalinn {ProgramVersion.Text}"));
        return command;
    }
}
