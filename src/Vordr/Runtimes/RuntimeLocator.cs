using Oci.Errors;
using Vordr.Cgroups;

namespace Vordr.Runtimes;

/// <summary>Finds the OCI runtime to use on this host: crun where it works, for it is faster, else runc.</summary>
/// <param name="cgroups">The host's control groups.</param>
/// <param name="wrapper">
/// What wraps a runtime that the host troubles: a command that takes the runtime's path and its arguments, as
/// <see cref="OciRuntimeWrapper"/>; empty when there is none.
/// </param>
internal sealed class RuntimeLocator(CgroupHierarchy cgroups, IReadOnlyList<string> wrapper)
{
    /// <summary>Where programs of the system are: never the caller's PATH, for what is found runs as root.</summary>
    public static IReadOnlyList<string> Directories { get; } =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Whether systemd is the init of this host, so that it and not we must make groups of version 2.</summary>
    public bool SystemdRuns { get; init; } = Directory.Exists("/run/systemd/system");

    /// <summary>The runtime to use.</summary>
    /// <param name="wanted"><c>crun</c>, <c>runc</c>, an absolute path, or null for the best there is.</param>
    /// <exception cref="PublicError">None is installed.</exception>
    public OciRuntimeProgram Find(string? wanted = null)
    {
        if (wanted is not null)
        {
            var path = Path.IsPathRooted(wanted) ? ExistingOrNull(wanted) : TryFind(wanted);
            if (path is null)
                throw Missing($"The OCI runtime '{wanted}' is not installed.");
            return Describe(path, "as asked for")
                ?? throw new PublicError(
                    ErrorId.RuntimeNotFound,
                    $"'{wanted}' does not work with this host's control groups (version 1 and 2 side by side), and nothing is set that makes a namespace in which it would.",
                    "install runc, which does: apt-get install runc"
                );
        }
        if (TryFind("crun") is { } crun && Describe(crun, "the faster one") is { } chosen)
            return chosen;
        if (TryFind("runc") is { } runc)
            return Describe(runc, "crun is not installed, or does not work on this host")!;
        throw Missing("No OCI runtime is installed: neither crun nor runc was found.");
    }

    /// <summary>The absolute path of a program of the system, or null.</summary>
    public static string? TryFind(string name) =>
        Directories
            .Select(directory => ExistingOrNull(Path.Combine(directory, name)))
            .FirstOrDefault(path => path is not null);

    private OciRuntimeProgram? Describe(string path, string why)
    {
        var name = Path.GetFileName(path);
        var systemd = cgroups.Mode == CgroupMode.Unified && SystemdRuns;
        var layout =
            cgroups.Mode == CgroupMode.Hybrid ? "control groups of version 1 with a version 2 tree beside them"
            : cgroups.Mode == CgroupMode.Legacy ? "control groups of version 1"
            : systemd ? "control groups of version 2, made by systemd"
            : "control groups of version 2";
        if (name != "crun" || cgroups.Mode != CgroupMode.Hybrid)
            return new()
            {
                Name = name,
                Path = path,
                CreateCommand = [path],
                SystemdCgroups = systemd,
                Why = $"{why}; {layout}",
            };
        return wrapper.Count == 0
            ? null
            : new()
            {
                Name = name,
                Path = path,
                CreateCommand = [.. wrapper, path],
                Why = $"{why}; {layout}, which it refuses: it is executed in a mount namespace without that tree",
            };
    }

    private static string? ExistingOrNull(string path) => File.Exists(path) ? path : null;

    private static PublicError Missing(string message) =>
        new(ErrorId.RuntimeNotFound, message, "install one: apt-get install crun (or runc)", "vordr doctor");
}
