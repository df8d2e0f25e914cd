using System.CommandLine;

namespace Vordr.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class Globals
{
    private readonly Option<string?> _root = new("--root")
    {
        Description = $"State directory [env: {InstanceOptions.RootVariable}; default: {EngineOptions.DefaultRoot}]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string?> _runRoot = new("--run-root")
    {
        Description =
            $"Run-time directory [env: {InstanceOptions.RunRootVariable}; default: {EngineOptions.DefaultRunRoot}]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string?> _configDirectory = new("--config-dir")
    {
        Description =
            $"Trust store and policy [env: {InstanceOptions.ConfigVariable}; default: {EngineOptions.DefaultConfigDirectory}]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print JSON; errors too, on standard error",
        Recursive = true,
    };

    public IEnumerable<Option> All => [_root, _runRoot, _configDirectory, _json];

    public bool Json(ParseResult parse) => parse.GetValue(_json);

    public InstanceOptions Instance(ParseResult parse, Shell shell) =>
        InstanceOptions.Of(
            parse.GetValue(_root),
            parse.GetValue(_runRoot),
            parse.GetValue(_configDirectory),
            shell.Environment
        );
}
