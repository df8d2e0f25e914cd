using System.CommandLine;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using Oci;
using Oci.Errors;
using Oci.Json;
using Trust.Stores;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct verify FILE</c>: judges, then reads to the end; the first failing check decides.</summary>
internal sealed class Verify
{
    private readonly Argument<string> _bundle = new("FILE") { Description = "The bundle, or - for standard input" };
    private readonly TrustOptions _trust = new();

    private readonly Option<string?> _platform = new("--platform")
    {
        Description = "Judge what this platform would run; all that the bundle holds by default",
        HelpName = "OS/ARCH",
    };

    public static Command Create(CtHost host)
    {
        var verify = new Verify();
        var command = new ExampleCommand(
            "verify",
            "Say whether a bundle may be trusted, check by check. Never opens a network connection",
            "ct verify web.ctp",
            "ct verify web.ctp --policy policy.json --trust-store trust-store.json --json",
            "cat web.ctp | ct verify -"
        )
        {
            verify._bundle,
            verify._platform,
        };
        verify._trust.AddTo(command);
        command.SetAction((parsed, cancellationToken) => verify.RunAsync(parsed, host, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CtHost host, CancellationToken cancellationToken)
    {
        var asJson = parsed.GetValue(CtCommands.Json);
        var path = parsed.GetValue(_bundle)!;
        var platform = parsed.GetValue(_platform) is { } text ? Usage.Of(() => PlatformOf.Parse(text)) : null;
        var policy = _trust.Policy(parsed, host);
        var store = _trust.Store(parsed, host);

        await using var stream = BundleFile.Open(path, host);
        using var progress = ProgressLine.For(host, asJson);
        using var reader = new BundleReader(stream) { Progress = Packing.StepProgress.Of(progress, "reading layers") };
        Digest? digest = null;
        Verdict? verdict = null;
        try
        {
            var head = await reader.ReadHeadAsync(cancellationToken);
            verdict = VerifyBundle.Judge(head.ToEvidence(platform), store, policy, host.Clock.GetUtcNow());
            digest = await reader.VerifyRestAsync(cancellationToken);
        }
        catch (PublicError error) when (error.Verdict is { } json)
        {
            // Structure is the first of the checks, so its failure decides also where it shows last.
            var malformed = Verdict.Parse(CanonicalJson.Write(json));
            verdict = verdict is null ? malformed : Decide(verdict, malformed);
        }
        progress?.Dispose();
        if (asJson)
            WriteJson(host, verdict, digest);
        else
            WriteText(host, verdict, path, digest, store);
        return verdict.ExitCode;
    }

    private static Verdict Decide(Verdict judged, Verdict malformed) =>
        judged with
        {
            Allowed = false,
            Code = malformed.Code,
            Summary = malformed.Summary,
            StrictAllows = false,
            StrictCode = malformed.Code,
            Checks = [malformed.Checks[0], .. judged.Checks.Skip(1)],
        };

    private static void WriteJson(CtHost host, Verdict verdict, Digest? digest)
    {
        var json = verdict.ToJson().AsObject();
        if (digest is { } value)
            json["bundle"] = value.ToString();
        JsonText.Write(host.Out, json);
    }

    private static void WriteText(CtHost host, Verdict verdict, string path, Digest? digest, TrustStore store)
    {
        var output = verdict.Allowed ? host.Out : host.Error;
        host.Out.Write(VerdictText.RenderChecks(verdict));
        host.Out.WriteLine();
        host.Out.Flush();
        output.Write(VerdictText.Render(verdict, path));
        if (verdict.Allowed && digest is { } value)
            output.WriteLine($"    digest   {value} (of the file, read to its end)");
        if (!verdict.Allowed && store.Keys.Count == 0)
            output.WriteLine($"  → ct trust init (the trust store trusts nobody yet)");
    }
}
