using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using CerroTorre.Packages;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CtHost host)
    {
        var command = new ExampleCommand("version", "Say which version this is", "ct version");
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(CtCommands.Json))
            {
                JsonText.Write(
                    host.Out,
                    new JsonObject
                    {
                        ["version"] = ToolVersion.Text,
                        ["bundleFormat"] = BundleSummary.CtpVersion,
                        ["platform"] = PlatformOf.Host.ToString(),
                        ["runtime"] = RuntimeInformation.FrameworkDescription,
                    }
                );
                return;
            }
            host.Out.WriteLine($"ct {ToolVersion.Text} (bundle format {BundleSummary.CtpVersion}, {PlatformOf.Host})");
        });
        return command;
    }
}
