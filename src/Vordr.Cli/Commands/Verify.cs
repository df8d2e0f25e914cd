using System.CommandLine;
using Trust.Policies;
using Trust.Verdicts;
using Vordr.Bundles;
using Vordr.Cli.Output;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr verify</c>: what the policy says; nothing is stored, nothing decided.</summary>
internal static class Verify
{
    public static Command Create(Shell shell, Globals globals)
    {
        var content = new Argument<string>("FILE|IMAGE")
        {
            Description = "A .ctp file, or something stored: name:version, digest, container",
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "Ask this policy instead of the operator's",
            HelpName = "FILE",
        };
        var command = new Command("verify", "Say what the trust policy says of a bundle or image") { policy, content };
        ExamplesHelp.Attach(
            command,
            "vordr verify app.ctp",
            "vordr verify demo/web:1.0",
            "vordr verify --json app.ctp"
        );
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var name = invocation.Parse.GetRequiredValue(content);
                await using var file = name == "-" || File.Exists(name) ? BundleFile.Open(shell, name) : null;
                var request = new VerifyRequest
                {
                    Caller = invocation.Caller,
                    Content = file,
                    Stored = file is null ? name : null,
                    Policy = invocation.Parse.GetValue(policy) is { } path ? Policy.Load(path) : null,
                };
                var result = await invocation.Engine.VerifyAsync(request, invocation.Cancellation);
                if (invocation.Json)
                    Json.Print(shell, AnswerMap.VerdictOf(result.Verdict), JsonElements.Default.JsonElement);
                else
                    shell.Out.WriteLine(VerdictText.Render(result.Verdict, name).TrimEnd('\n'));
                return result.Verdict.Allowed ? 0 : result.Verdict.ToError().Id.ExitCode;
            }
        );
    }
}
