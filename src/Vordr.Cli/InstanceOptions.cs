using System.Security.Cryptography;
using System.Text;

namespace Vordr.Cli;

/// <summary>Which instance a command works on.</summary>
/// <param name="Root">State that outlives a boot.</param>
/// <param name="RunRoot">State that doesn't.</param>
/// <param name="ConfigDirectory">Trust store and policy.</param>
internal sealed record InstanceOptions(string Root, string RunRoot, string ConfigDirectory)
{
    public const string RootVariable = "VORDR_ROOT";
    public const string RunRootVariable = "VORDR_RUN_ROOT";
    public const string ConfigVariable = "VORDR_CONFIG_DIR";

    /// <summary>Which OCI runtime makes new containers: crun, runc or a path; not an option, for it belongs to a host.</summary>
    public const string RuntimeVariable = "VORDR_RUNTIME";

    /// <summary>Where <c>vordr serve</c> listens if nobody says otherwise.</summary>
    public string SocketPath => Path.Join(RunRoot, "mcp.sock");

    /// <summary>
    /// Options win over the environment, the environment over what is built in. Another root brings another run root
    /// with it: two instances must not share locks.
    /// </summary>
    public static InstanceOptions Of(
        string? root,
        string? runRoot,
        string? configDirectory,
        Func<string, string?> environment
    )
    {
        var chosen = Path.GetFullPath(First(root, environment(RootVariable)) ?? EngineOptions.DefaultRoot);
        return new InstanceOptions(
            chosen,
            Path.GetFullPath(First(runRoot, environment(RunRootVariable)) ?? RunRootOf(chosen)),
            Path.GetFullPath(
                First(configDirectory, environment(ConfigVariable)) ?? EngineOptions.DefaultConfigDirectory
            )
        );
    }

    private static string? First(string? option, string? variable) =>
        !string.IsNullOrEmpty(option) ? option
        : !string.IsNullOrEmpty(variable) ? variable
        : null;

    private static string RunRootOf(string root) =>
        root == EngineOptions.DefaultRoot
            ? EngineOptions.DefaultRunRoot
            : $"{EngineOptions.DefaultRunRoot}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..6]}";
}
