using Oci.Errors;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>Refuses options that can't be meant, before anything is made. What is forbidden is for the rules to say.</summary>
internal static class OptionChecks
{
    // Below it the runtime itself, which joins the control group first, would be killed.
    private const long LeastMemory = 6 << 20;

    /// <summary>Refuses the first option that can't be meant.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>, with the member's pointer.</exception>
    public static void Check(ContainerOptions options)
    {
        if (options.Name is { } name)
            ContainerNames.Check(name);
        foreach (var variable in options.Env)
        {
            if (variable.IndexOf('=') < 1 || variable.Contains('\0', StringComparison.Ordinal))
                throw Malformed("/env", "an environment variable is written NAME=value");
        }
        if (options.Command.Concat(options.Entrypoint ?? []).Any(word => word.Contains('\0', StringComparison.Ordinal)))
            throw Malformed("/command", "a word of a command holds no NUL");
        if (options.Memory is { } memory and < LeastMemory)
            throw Malformed("/memory", $"a memory limit is at least 6 MiB, not {memory} bytes");
        if (options.WorkDir is { } directory && !Path.IsPathRooted(directory))
            throw Malformed("/workdir", "a working directory is an absolute path");
        foreach (var volume in options.Volumes)
        {
            if (!Path.IsPathRooted(volume.Source) || !Path.IsPathRooted(volume.Target))
                throw Malformed("/volumes", "source and target of a mount are absolute paths");
        }
        if (options is { Ports.Count: > 0, Network: NetworkNames.None or NetworkNames.Host })
            throw Malformed("/ports", $"network {options.Network} publishes no ports");
    }

    private static PublicError Malformed(string pointer, string what) =>
        new(ErrorId.Usage, $"The request is malformed: {what}.") { Pointer = pointer };
}
