namespace Vordr.Runtimes;

/// <summary>An OCI runtime on this host, and how it must be called.</summary>
internal sealed record OciRuntimeProgram
{
    /// <summary><c>crun</c> or <c>runc</c>, or the file name of another.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the runtime.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// What is executed where control groups are made or entered: the runtime itself, or, where the host troubles it, a
    /// program that makes it a mount namespace in which it works and executes it there.
    /// </summary>
    public required IReadOnlyList<string> CreateCommand { get; init; }

    /// <summary>Whether the runtime is wrapped.</summary>
    public bool Wrapped => CreateCommand.Count > 1;

    /// <summary>Whether control groups are made by systemd.</summary>
    public bool SystemdCgroups { get; init; }

    /// <summary>Why this runtime in this way: a sentence for <c>doctor</c>.</summary>
    public required string Why { get; init; }

    /// <summary>Whether it takes a compiled filter by annotation, which saves most of a start.</summary>
    public bool TakesCompiledSeccomp => Name == "crun";
}
