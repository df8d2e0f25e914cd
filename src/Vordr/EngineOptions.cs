using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vordr;

/// <summary>Where an engine keeps its state and what it is given from outside.</summary>
public sealed record EngineOptions
{
    /// <summary>Root of an instance that was told nothing else.</summary>
    public const string DefaultRoot = "/var/lib/vordr";

    /// <summary>Run root of an instance that was told nothing else.</summary>
    public const string DefaultRunRoot = "/run/vordr";

    /// <summary>Configuration directory of an instance that was told nothing else.</summary>
    public const string DefaultConfigDirectory = "/etc/vordr";

    /// <summary>What outlives a boot: database, blobs, layers, containers.</summary>
    public string Root { get; init; } = DefaultRoot;

    /// <summary>What doesn't: locks, sockets, exit files, namespace pins, mounts.</summary>
    public string RunRoot { get; init; } = DefaultRunRoot;

    /// <summary>The operator's <c>trust-store.json</c> and <c>policy.json</c>.</summary>
    public string ConfigDirectory { get; init; } = DefaultConfigDirectory;

    /// <summary>
    /// The program that conmon calls back as <c>… settle &lt;id&gt;</c>, and that wraps the runtime, with leading
    /// arguments if it needs any (a test host is <c>dotnet vordr.dll</c>). Null: this process' own executable.
    /// </summary>
    public IReadOnlyList<string>? SelfExecutable { get; init; }

    /// <summary>
    /// The OCI runtime for new containers: <c>crun</c>, <c>runc</c> or an absolute path. Null: crun where it works, for
    /// it is faster, else runc.
    /// </summary>
    public string? Runtime { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the engine logs.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
