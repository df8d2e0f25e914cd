using System.CommandLine;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct explain FILE</c>: a bundle in words, section by section.</summary>
internal sealed class Explain
{
    private readonly Argument<string> _bundle = new("FILE") { Description = "The bundle, or - for standard input" };
    private readonly Option<bool> _signers = new("--signers") { Description = "Only who signed, and whom you trust" };
    private readonly Option<bool> _sbom = new("--sbom")
    {
        Description = "Only the SBOM: a line a package, as dpkg-query -W prints it",
    };
    private readonly Option<bool> _layers = new("--layers") { Description = "Only the images and their layers" };
    private readonly Option<bool> _provenance = new("--provenance") { Description = "Only where it comes from" };
    private readonly TrustOptions _trust = new();

    public static Command Create(CtHost host)
    {
        var explain = new Explain();
        var command = new ExampleCommand(
            "explain",
            "Say in words what a bundle is: package, image, provenance, signers, SBOM",
            "ct explain web.ctp",
            "ct explain web.ctp --signers",
            "ct explain web.ctp --sbom"
        )
        {
            explain._bundle,
            explain._signers,
            explain._sbom,
            explain._layers,
            explain._provenance,
        };
        explain._trust.AddTo(command);
        command.SetAction((parsed, cancellationToken) => explain.RunAsync(parsed, host, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CtHost host, CancellationToken cancellationToken)
    {
        var path = parsed.GetValue(_bundle)!;
        await using var stream = BundleFile.Open(path, host);
        using var reader = new BundleReader(stream);
        var head = await reader.ReadHeadAsync(cancellationToken);
        var bundle = await reader.VerifyRestAsync(cancellationToken);
        var store = _trust.Store(parsed, host);
        var verdict = VerifyBundle.Judge(head.ToEvidence(), store, _trust.Policy(parsed, host), host.Clock.GetUtcNow());
        if (parsed.GetValue(CtCommands.Json))
        {
            var json = Inspect.JsonOf(head, bundle);
            json["packages"] = BundleText.PackagesJson(head);
            json["verdict"] = verdict.ToJson();
            JsonText.Write(host.Out, json);
            return ExitCodes.Ok;
        }

        var text = new BundleText(host.Out, head, store);
        var isPart = false;
        Section(_sbom, text.WritePackages);
        Section(_layers, text.WriteImages);
        Section(_provenance, text.WriteProvenance);
        Section(_signers, text.WriteSigners);
        if (isPart)
            return ExitCodes.Ok;
        text.WritePackage(path, bundle);
        text.WriteImages();
        text.WriteProvenance();
        text.WriteSigners();
        text.WriteSbom();
        text.WriteVerdict(verdict, path);
        return ExitCodes.Ok;

        void Section(Option<bool> option, Action write)
        {
            if (!parsed.GetValue(option))
                return;
            isPart = true;
            write();
        }
    }
}
