using System.CommandLine;
using Oci.Errors;
using Trust.Policies;
using Vordr.Cli.Parsing;
using Vordr.Containers;
using Vordr.Networks;

namespace Vordr.Cli.Commands;

/// <summary>The options that <c>run</c> and <c>create</c> share, and what they ask of the engine.</summary>
internal sealed class ContainerOptionSet
{
    private const string BundleExtension = ".ctp";

    private readonly Option<string?> _bundle = new("--ctp")
    {
        Description = "Bundle file to load and run",
        HelpName = "FILE",
    };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the container" };
    private readonly Option<string[]> _env = new("--env", "-e")
    {
        Description = "Environment variable; without a value, ours",
        HelpName = "NAME[=VALUE]",
    };
    private readonly Option<string[]> _volumes = new("--volume", "-v")
    {
        Description = "Mount a host path",
        HelpName = "/HOST:/CONTAINER[:ro]",
    };
    private readonly Option<string[]> _ports = new("--publish", "-p")
    {
        Description = "Publish a port",
        HelpName = "[IP:]HOST:CONTAINER[/PROTO]",
    };
    private readonly Option<string?> _network = new("--network", "--net")
    {
        Description = "none, bridge, host, or a network's name [default: bridge]",
    };
    private readonly Option<string?> _user = new("--user", "-u")
    {
        Description = "Name or id inside the container",
        HelpName = "USER[:GROUP]",
    };
    private readonly Option<string?> _workdir = new("--workdir", "-w")
    {
        Description = "Working directory",
        HelpName = "DIR",
    };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Make the root filesystem read-only" };
    private readonly Option<string?> _memory = new("--memory", "-m")
    {
        Description = "Memory limit, as 512m",
        HelpName = "SIZE",
    };
    private readonly Option<long?> _pidsLimit = new("--pids-limit")
    {
        Description = "Most processes [default: 2048]",
        HelpName = "N",
    };
    private readonly Option<bool> _remove = new("--rm") { Description = "Remove the container when it has exited" };
    private readonly Option<bool> _interactive = new("--interactive", "-i")
    {
        Description = "Keep standard input open",
    };
    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "A policy that must allow too, beside the operator's",
        HelpName = "FILE",
    };
    private readonly Argument<string[]> _words = new("IMAGE [COMMAND...]")
    {
        Description = "name:version, digest or .ctp file; then the command, in place of the image's",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public void AddTo(Command command)
    {
        Option[] options =
        [
            _bundle,
            _name,
            _env,
            _volumes,
            _ports,
            _network,
            _user,
            _workdir,
            _readOnly,
            _memory,
            _pidsLimit,
            _remove,
            _interactive,
            _policy,
        ];
        foreach (var option in options)
            command.Add(option);
        command.Add(_words);
    }

    public bool Interactive(ParseResult parse) => parse.GetValue(_interactive);

    /// <summary>The request; a bundle file that it names is loaded first, and run by its digest.</summary>
    public async Task<CreateRequest> RequestAsync(Invocation invocation)
    {
        var parse = invocation.Parse;
        var words = parse.GetValue(_words) ?? [];
        var policy = parse.GetValue(_policy) is { } path ? Policy.Load(path) : null;
        var options = Options(invocation.Shell, parse, bundled: parse.GetValue(_bundle) is not null, words);
        return new CreateRequest
        {
            Caller = invocation.Caller,
            Image = await ImageAsync(invocation, parse.GetValue(_bundle), words, policy),
            Options = options,
            Narrowing = policy,
        };
    }

    private ContainerOptions Options(Shell shell, ParseResult parse, bool bundled, string[] words) =>
        new()
        {
            Name = parse.GetValue(_name),
            Command = bundled ? words : [.. words.Skip(1)],
            Env = [.. (parse.GetValue(_env) ?? []).SelectMany(text => Environment(text, shell))],
            Volumes = [.. (parse.GetValue(_volumes) ?? []).Select(VolumeMount.Parse)],
            Ports = [.. (parse.GetValue(_ports) ?? []).Select(PublishedPort.Parse)],
            Network = parse.GetValue(_network),
            User = parse.GetValue(_user),
            WorkDir = parse.GetValue(_workdir),
            ReadOnly = parse.GetValue(_readOnly),
            Memory = parse.GetValue(_memory) is { } size ? ByteSize.Parse(size) : null,
            PidsLimit = parse.GetValue(_pidsLimit),
            AutoRemove = parse.GetValue(_remove),
            Interactive = parse.GetValue(_interactive),
        };

    private static async Task<string> ImageAsync(Invocation invocation, string? bundle, string[] words, Policy? policy)
    {
        bundle ??= words is [var first, ..] && first.EndsWith(BundleExtension, StringComparison.Ordinal) ? first : null;
        if (bundle is not null)
        {
            var loaded = await BundleFile.LoadAsync(invocation, bundle, policy);
            return loaded.BundleDigest.ToString();
        }
        return words is [var image, ..]
            ? image
            : throw new PublicError(ErrorId.Usage, "No image is given.", "vordr images", "vordr run app.ctp");
    }

    /// <summary>Docker's rule: a name alone takes our value, and none where we have none.</summary>
    public static IEnumerable<string> Environment(string text, Shell shell)
    {
        var equals = text.IndexOf('=');
        if (equals == 0 || text.Length == 0)
            throw new PublicError(ErrorId.Usage, $"'{text}' is not a variable.", "-e NAME=value");
        if (equals > 0)
            return [text];
        return shell.Environment(text) is { } value ? [$"{text}={value}"] : [];
    }
}
