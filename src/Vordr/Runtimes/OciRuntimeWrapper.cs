using Vordr.Cgroups;
using Vordr.Linux;

namespace Vordr.Runtimes;

/// <summary>
/// The verb <c>vordr oci-runtime RUNTIME ARGUMENTS…</c>: crun refuses a host that has cgroup v1 controllers and a v2 tree
/// beside them ("hybrid mode"). In a private mount namespace without that tree it works. This makes one, and becomes the
/// runtime. Only for the program's first thread, before anything else was done.
/// </summary>
public static class OciRuntimeWrapper
{
    /// <summary>The verb's name.</summary>
    public const string Verb = "oci-runtime";

    /// <summary>Does not return unless it fails; then the message is on stderr, and the result is the exit code.</summary>
    /// <param name="arguments">Absolute path of the runtime, then its arguments.</param>
    public static int Execute(IReadOnlyList<string> arguments)
    {
        try
        {
            if (arguments.Count == 0 || !Path.IsPathRooted(arguments[0]))
                throw new ArgumentException(
                    "The first argument must be the absolute path of an OCI runtime",
                    nameof(arguments)
                );
            var unified = CgroupHierarchy.Detect().Trees.Where(tree => tree.IsUnified).ToList();
            Namespaces.Unshare(Unshared.Mounts);
            Mount.MakePrivate();
            foreach (var tree in unified)
                Mount.TryUnmount(tree.MountPoint);
            Spawn.Replace(
                arguments[0],
                [Path.GetFileName(arguments[0]), .. arguments.Skip(1)],
                // conmon's environment is closed already; what it adds (_OCI_… and LISTEN_…) is meant for the runtime.
                [
                    .. Environment
                        .GetEnvironmentVariables()
                        .Cast<System.Collections.DictionaryEntry>()
                        .Select(pair => $"{pair.Key}={pair.Value}"),
                ]
            );
            return 1;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            Console.Error.WriteLine($"{Verb}: {failure.Message}");
            return 1;
        }
    }
}
