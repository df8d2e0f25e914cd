#pragma warning disable CS9113 // filled this evening
using Vordr.Cgroups;
using Vordr.Processes;
using Vordr.Runtimes;

namespace Vordr.Conmon;

/// <summary>Starts conmon, which creates the container through the OCI runtime and stays its parent.</summary>
/// <param name="conmonPath">Absolute path of conmon; <see cref="Find"/> finds it.</param>
/// <param name="runtime">The OCI runtime.</param>
/// <param name="cgroups">The host's control groups.</param>
/// <param name="watcher">Waits for descriptors.</param>
internal sealed class ConmonLauncher(
    string conmonPath,
    OciRuntime runtime,
    CgroupHierarchy cgroups,
    ProcessWatcher watcher
)
{
    /// <summary>Where conmon is.</summary>
    /// <exception cref="Oci.Errors.PublicError">It isn't installed.</exception>
    public static string Find() => throw new NotImplementedException();

    /// <summary>Creates the container; its process waits for <see cref="OciRuntime.StartAsync"/>.</summary>
    /// <exception cref="Oci.Errors.PublicError">The runtime refused; its own words are in the message.</exception>
    public Task<ContainerProcess> CreateAsync(ConmonStart start, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
