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
        command.SetAction(_ => Console.Out.WriteLine($"svalinn {ProgramVersion.Text}"));
        return command;
    }
}
