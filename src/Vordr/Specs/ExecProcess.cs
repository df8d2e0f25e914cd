using Oci.Runtime;

namespace Vordr.Specs;

/// <summary>Makes the process that <c>exec</c> adds to a container: never more than its init has.</summary>
internal static class ExecProcess
{
    /// <summary>Builds the process.</summary>
    /// <param name="container">The container's spec, as its init was started with.</param>
    /// <param name="rootfs">The mounted root filesystem, where users are looked up.</param>
    /// <param name="options">What was asked for.</param>
    public static RuntimeProcess Build(RuntimeSpec container, string rootfs, ExecOptions options) =>
        throw new NotImplementedException();
}

/// <summary>What was asked for of an exec.</summary>
internal sealed record ExecOptions
{
    /// <summary>What to execute.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment over the container's.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary><c>uid|name[:gid|group]</c>; null is the container's.</summary>
    public string? User { get; init; }

    /// <summary>Working directory; null is the container's.</summary>
    public string? WorkingDirectory { get; init; }
}
