using System.CommandLine;
using Oci.Errors;
using Trust.Policies;
using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr load</c>: judge a bundle, and store it when it is allowed.</summary>
internal static class Load
{
    public static Command Create(Shell shell, Globals globals)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A .ctp file; - is standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var input = new Option<string?>("--input", "-i")
        {
            Description = "The file, as podman takes it",
            HelpName = "FILE",
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "A policy that must allow too, beside the operator's",
            HelpName = "FILE",
        };
        var command = new Command("load", "Judge a bundle and store it") { input, policy, file };
        ExamplesHelp.Attach(command, "vordr load app.ctp", "curl -s https://example.org/app.ctp | vordr load -");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var narrowing = invocation.Parse.GetValue(policy) is { } rules ? Policy.Load(rules) : null;
                var path =
                    invocation.Parse.GetValue(input)
                    ?? invocation.Parse.GetValue(file)
                    ?? throw new PublicError(ErrorId.Usage, "No file is given.", "vordr load app.ctp");
                var result = await BundleFile.LoadAsync(invocation, path, narrowing);
                if (invocation.Json)
                {
                    Json.Print(shell, AnswerMap.Loaded(result), WireJson.Default.BundleAnswer);
                    return 0;
                }
                shell.Out.WriteLine($"{(result.Known ? "Already stored" : "Loaded")}: {result.Name}");
                shell.Out.WriteLine($"  image   {result.ImageDigest}");
                shell.Out.WriteLine($"  bundle  {result.BundleDigest}");
                shell.Out.WriteLine($"  verdict {Words.Printable(result.Verdict.Summary)}");
                return 0;
            }
        );
    }
}
