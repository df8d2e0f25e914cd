using System.CommandLine;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using CerroTorre.Packing;
using CerroTorre.Verifying;
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
        var found = await BundleVerifier.VerifyAsync(
            stream,
            platform,
            store,
            policy,
            host.Clock.GetUtcNow(),
            StepProgress.Of(progress, "reading layers"),
            cancellationToken
        );
        progress?.Dispose();
        if (asJson)
            WriteJson(host, found);
        else
            WriteText(host, found, path, store);
        return found.Verdict.ExitCode;
    }

    private static void WriteJson(CtHost host, BundleVerification found)
    {
        var json = found.Verdict.ToJson().AsObject();
        if (found.BundleDigest is { } value)
            json["bundle"] = value.ToString();
        JsonText.Write(host.Out, json);
    }

    private static void WriteText(CtHost host, BundleVerification found, string path, TrustStore store)
    {
        var verdict = found.Verdict;
        var answer = verdict.Allowed ? host.Out : host.Error;
        host.Out.Write(VerdictText.RenderChecks(verdict));
        host.Out.WriteLine();
        host.Out.Flush();
        answer.Write(VerdictText.Render(verdict, path));
        if (verdict.Allowed && found.BundleDigest is { } digest)
            answer.WriteLine($"    digest   {digest} (of the file, read to its end)");
        foreach (var carried in verdict.NotJudged)
        {
            answer.WriteLine(
                $"    carried  {ForeignText.Escape(carried.Id)}, not judged: {ForeignText.Escape(carried.Reason)}"
            );
        }
        if (!verdict.Allowed && store.Keys.Count == 0)
            answer.WriteLine("  → ct trust init (the trust store trusts nobody yet)");
    }
}
