using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;
using Oci.Errors;
using Trust.Attestations;
using Trust.Policies;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct policy init/check</c>.</summary>
internal static class PolicyCommands
{
    public static Command Create(CtHost host) =>
        new ExampleCommand("policy", "What a bundle must prove", "ct policy init", "ct policy check policy.json")
        {
            Init(host),
            Check(host),
        };

    private static ExampleCommand Init(CtHost host)
    {
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The file to write; default: this user's",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "init",
            "Write the built-in strict policy to a file, as a start for your own",
            "ct policy init",
            "ct policy init -o policy.json"
        )
        {
            output,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output) ?? host.PolicyPath;
            if (File.Exists(path))
                throw new PublicError(ErrorId.Usage, $"there is a policy already: {path}", $"ct policy check {path}");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var text = new StringWriter();
            JsonText.Write(text, Strict());
            File.WriteAllText(path, text.ToString());
            var policy = Policy.Load(path);
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(policy, path));
            else
                host.Out.WriteLine($"✓ {path} holds the strict policy\n\n  → ct policy check {path}");
        });
        return command;
    }

    private static ExampleCommand Check(CtHost host)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The policy; default: this user's",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new ExampleCommand(
            "check",
            "Say whether a policy is well-formed, and where it isn't",
            "ct policy check policy.json"
        )
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file) ?? host.PolicyPath;
            var policy = Policy.Load(path);
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(policy, path));
            else
                host.Out.WriteLine($"✓ {path} is a well-formed policy, mode {ModeOf(policy)}, {policy.Digest}");
        });
        return command;
    }

    // What Policy.Strict demands, written out: leaving these members out means the same.
    private static JsonObject Strict() =>
        new()
        {
            ["version"] = 1,
            ["mode"] = "strict",
            ["requiredPredicates"] = JsonText.ArrayOf([PredicateTypes.SlsaProvenance, PredicateTypes.Spdx]),
        };

    private static string ModeOf(Policy policy) => policy.Mode.ToString().ToLowerInvariant();

    private static JsonObject JsonOf(Policy policy, string path) =>
        new()
        {
            ["path"] = path,
            ["mode"] = ModeOf(policy),
            ["digest"] = policy.Digest.ToString(),
            ["run"] = policy.Run is not null,
        };
}
