using Microsoft.Extensions.Logging;
using Vordr.Cli.Output;

namespace Vordr.Cli;

/// <summary>What a command has around it: its streams, the clock, and how it opens the engine. Tests bring their own.</summary>
internal sealed class Shell
{
    /// <summary>Data.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input as bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Standard output as bytes.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Standard error as bytes.</summary>
    public required Func<Stream> OpenError { get; init; }

    /// <summary>Somebody looks at standard error.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A variable of the environment, or null.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>How this program is called again, where it isn't by its own path: <c>dotnet vordr.dll</c>.</summary>
    public IReadOnlyList<string>? Self { get; init; }

    /// <summary>The shell of this process.</summary>
    /// <param name="engineProgram">Path of the program that containers call back, where it isn't this one.</param>
    public static Shell OfProcess(string? engineProgram = null) =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            OpenOutput = Console.OpenStandardOutput,
            OpenError = Console.OpenStandardError,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Environment = System.Environment.GetEnvironmentVariable,
            Self = engineProgram is null ? SelfOfProcess() : [engineProgram],
        };

    /// <summary>Opens the engine of the instance that the options name.</summary>
    public Engine Open(InstanceOptions instance, ILogger? logger = null) =>
        Engine.Open(
            new EngineOptions
            {
                Root = instance.Root,
                RunRoot = instance.RunRoot,
                ConfigDirectory = instance.ConfigDirectory,
                SelfExecutable = Self,
                Runtime = Environment(InstanceOptions.RuntimeVariable) is { Length: > 0 } runtime ? runtime : null,
                Time = Time,
                Logger = logger ?? new WarningLog(Error),
            }
        );

    /// <summary>Null for a program of its own; the host and the assembly when a <c>dotnet</c> host runs us.</summary>
    private static string[]? SelfOfProcess()
    {
        var host = System.Environment.ProcessPath;
        return Path.GetFileName(host) == "dotnet"
            ? [host!, Path.GetFullPath(System.Environment.GetCommandLineArgs()[0])]
            : null;
    }
}
