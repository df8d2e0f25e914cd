#pragma warning disable CS9113 // filled this evening
using Vordr.Cgroups;

namespace Vordr.Runtimes;

/// <summary>Finds the OCI runtime to use on this host: crun where it works, else runc.</summary>
/// <param name="cgroups">The host's control groups.</param>
/// <param name="wrapper">What wraps a runtime that the host troubles: a command that takes the runtime's path and arguments.</param>
internal sealed class RuntimeLocator(CgroupHierarchy cgroups, IReadOnlyList<string> wrapper)
{
    /// <summary>The runtime to use.</summary>
    /// <param name="wanted"><c>crun</c>, <c>runc</c>, an absolute path, or null for the best there is.</param>
    /// <exception cref="Oci.Errors.PublicError">None is installed.</exception>
    public OciRuntimeProgram Find(string? wanted = null) => throw new NotImplementedException();
}
