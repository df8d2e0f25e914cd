using Oci.Runtime;

namespace Vordr.Specs;

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

/// <summary>Makes the process that <c>exec</c> adds to a container: never more than its init has.</summary>
internal static class ExecProcess
{
    /// <summary>Builds the process. The runtime adds namespaces, control group and filter, which are the container's.</summary>
    /// <param name="container">The container's spec, as its init was started with.</param>
    /// <param name="rootfs">The mounted root filesystem, where users are looked up.</param>
    /// <param name="options">What was asked for.</param>
    public static RuntimeProcess Build(RuntimeSpec container, string rootfs, ExecOptions options)
    {
        var init = container.Process;
        var user = init.User;
        var home = Value(init.Env, "HOME=") ?? "/";
        if (options.User is not null)
        {
            using var files = new RootfsFiles(rootfs);
            var resolved = UserResolver.Resolve(files, options.User);
            user = new()
            {
                Uid = resolved.Uid,
                Gid = resolved.Gid,
                AdditionalGids = resolved.AdditionalGids,
            };
            home = resolved.Home;
        }
        return init with
        {
            Terminal = false,
            User = user,
            Args = ProcessDefaults.Command(image: null, entrypoint: null, options.Command),
            Env = ProcessDefaults.Environment(
                init.Env.Where(variable => !variable.StartsWith("HOME=", StringComparison.Ordinal)),
                options.Env,
                home,
                hostname: null,
                terminal: false
            ),
            Cwd = options.WorkingDirectory is { } directory
                ? MountPlan.Normalize(directory, "working directory")
                : init.Cwd,
            // Null would leave the process whatever the runtime itself has.
            Capabilities = init.Capabilities ?? new ProcessCapabilities(),
        };
    }

    private static string? Value(IReadOnlyList<string> variables, string name) =>
        variables.FirstOrDefault(variable => variable.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
