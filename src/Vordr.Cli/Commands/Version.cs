using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Client;
using Vordr.Client.Binding;
using Vordr.Client.Health;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr version</c>.</summary>
internal static class Version
{
    public static Command Create(Shell shell, Globals globals)
    {
        var command = new Command("version", "Print the version");
        ExamplesHelp.Attach(command, "vordr version", "vordr version --json");
        command.SetAction(parse =>
        {
            if (globals.Json(parse))
            {
                Json.Print(shell, new HealthAnswer("ok", VordrVersion.Text, "vordr"), WireJson.Default.HealthAnswer);
            }
            else
                shell.Out.WriteLine($"vordr {VordrVersion.Text}");
            return 0;
        });
        return command;
    }
}
