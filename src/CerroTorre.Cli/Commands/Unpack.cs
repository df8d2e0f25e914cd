using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;
using CerroTorre.Unpacking;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct unpack FILE DIR</c>.</summary>
internal static class Unpack
{
    public static Command Create(CtHost host)
    {
        var bundle = new Argument<string>("FILE") { Description = "The bundle, or - for standard input" };
        var directory = new Argument<string>("DIR") { Description = "Where to; must not exist, or be empty" };
        var command = new ExampleCommand(
            "unpack",
            "Write a bundle out as an OCI image layout. Digests are checked; whom to trust is ct verify's to say",
            "ct unpack web.ctp web/ && skopeo inspect oci:web"
        )
        {
            bundle,
            directory,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var asJson = parsed.GetValue(CtCommands.Json);
                await using var stream = BundleFile.Open(parsed.GetValue(bundle)!, host);
                using var progress = ProgressLine.For(host, asJson);
                var result = await BundleUnpacker.UnpackAsync(
                    stream,
                    parsed.GetValue(directory)!,
                    progress,
                    cancellationToken
                );
                progress?.Dispose();
                if (asJson)
                {
                    JsonText.Write(
                        host.Out,
                        new JsonObject
                        {
                            ["path"] = result.Path,
                            ["bundle"] = result.BundleDigest.ToString(),
                            ["summary"] = result.Head.Summary.ToJson(),
                        }
                    );
                    return ExitCodes.Ok;
                }
                WriteText(host, result);
                return ExitCodes.Ok;
            }
        );
        return command;
    }

    private static void WriteText(CtHost host, UnpackResult result) =>
        host.Out.WriteLine(
            $"✓ Unpacked {result.Head.PackageManifest.Reference} into {ForeignText.Escape(result.Path)} "
                + "(digests checked, trust not)"
        );
}
