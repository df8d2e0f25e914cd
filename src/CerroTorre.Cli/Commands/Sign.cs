using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;
using CerroTorre.Signing;
using Trust.Attestations;
using Trust.Keys;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct sign FILE</c>.</summary>
internal static class Sign
{
    public static Command Create(CtHost host)
    {
        var bundle = new Argument<string>("FILE") { Description = "The bundle" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write the signed bundle here instead of replacing it",
            HelpName = "FILE",
        };
        var signing = new SigningOptions();
        var command = new ExampleCommand(
            "sign",
            "Sign the release of a bundle: add a signer to it",
            "ct sign web.ctp",
            "ct sign web.ctp --key release --password-file release.password -o web-signed.ctp"
        )
        {
            bundle,
            output,
        };
        signing.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var asJson = parsed.GetValue(CtCommands.Json);
                using var key = signing.Load(parsed, host);
                using var progress = ProgressLine.For(host, asJson);
                var result = await BundleSigner.SignAsync(
                    parsed.GetValue(bundle)!,
                    key,
                    signing.Suite(parsed),
                    parsed.GetValue(output),
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
                            ["signer"] = key.Id.ToString(),
                            ["added"] = JsonText.ArrayOf(result.Added),
                            ["summary"] = result.Head.Summary.ToJson(),
                        }
                    );
                    return ExitCodes.Ok;
                }
                WriteText(host, result, key);
                return ExitCodes.Ok;
            }
        );
        return command;
    }

    private static void WriteText(CtHost host, SignResult result, SigningKey key)
    {
        host.Out.WriteLine($"✓ Signed {result.Head.PackageManifest.Reference} in {ForeignText.Escape(result.Path)}");
        host.Out.WriteLine();
        host.Out.WriteLine($"    signer   {key.Id}");
        host.Out.WriteLine($"    says     {string.Join(", ", result.Added.Select(PredicateTypes.NameOf))}");
        host.Out.WriteLine($"    bundle   {result.BundleDigest}");
    }
}
