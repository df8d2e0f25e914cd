using System.CommandLine;
using System.Text.Json;
using Oci.Errors;
using Oci.Image;
using Oci.Json;

namespace CerroTorre.Cli.Commands;

/// <summary>What an image made of a directory executes; the words of Dockerfiles.</summary>
internal sealed class ExecutionOptions
{
    private readonly Option<string?> _entrypoint = Of(
        "--entrypoint",
        "dir: only. Entry point: a JSON array, or a line for /bin/sh -c",
        "COMMAND"
    );
    private readonly Option<string?> _command = Of(
        "--cmd",
        "dir: only. Command: a JSON array, or a line for /bin/sh -c",
        "COMMAND"
    );
    private readonly Option<string?> _workingDirectory = Of("--workdir", "dir: only. Working directory", "PATH");
    private readonly Option<string?> _user = Of("--user", "dir: only. User, UID|NAME[:GID|GROUP]", "USER");

    private readonly Option<string[]> _environment = new("--env")
    {
        Description = "dir: only. Environment variable; may be given again",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string[]> _ports = new("--expose")
    {
        Description = "dir: only. Port that it listens on, e.g. 80 or 53/udp; may be given again",
        HelpName = "PORT",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_entrypoint);
        command.Add(_command);
        command.Add(_environment);
        command.Add(_workingDirectory);
        command.Add(_user);
        command.Add(_ports);
    }

    /// <summary>Whether any was given.</summary>
    public bool AreGiven(ParseResult parsed) =>
        parsed.GetResult(_entrypoint) is not null
        || parsed.GetResult(_command) is not null
        || parsed.GetResult(_environment) is not null
        || parsed.GetResult(_workingDirectory) is not null
        || parsed.GetResult(_user) is not null
        || parsed.GetResult(_ports) is not null;

    /// <summary>The execution config.</summary>
    public ExecutionConfig Read(ParseResult parsed)
    {
        var environment = parsed.GetValue(_environment) ?? [];
        Usage.Pairs(environment, "--env");
        return new ExecutionConfig
        {
            Entrypoint = CommandOf(parsed.GetValue(_entrypoint), "--entrypoint"),
            Cmd = CommandOf(parsed.GetValue(_command), "--cmd"),
            Env = environment,
            WorkingDir = parsed.GetValue(_workingDirectory),
            User = parsed.GetValue(_user),
            ExposedPorts = (parsed.GetValue(_ports) ?? []).ToDictionary(
                port => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp",
                _ => new EmptyObject(),
                StringComparer.Ordinal
            ),
        };
    }

    private static IReadOnlyList<string>? CommandOf(string? text, string option)
    {
        if (text is null || !text.TrimStart().StartsWith('['))
            return text is null ? null : ["/bin/sh", "-c", text];
        try
        {
            using var array = StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(text), option);
            if (array.RootElement.ValueKind == JsonValueKind.Array)
                return
                [
                    .. array
                        .RootElement.EnumerateArray()
                        .Select(item => item.GetString() ?? throw new FormatException("null")),
                ];
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw new PublicError(
                ErrorId.Usage,
                $"{option} is neither a JSON array of strings nor a shell line",
                error
            );
        }
        throw new PublicError(ErrorId.Usage, $"{option} is not a JSON array of strings");
    }

    private static Option<string?> Of(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
