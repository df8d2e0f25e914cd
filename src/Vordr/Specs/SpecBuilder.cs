#pragma warning disable CS9113 // filled this evening
using Vordr.Cgroups;
using Vordr.Runtimes;

namespace Vordr.Specs;

/// <summary>Makes the whole runtime spec of a container: defaults, then what was asked for, then what the host allows.</summary>
/// <param name="runtime">The runtime that will read it.</param>
/// <param name="cgroups">The host's control groups.</param>
internal sealed class SpecBuilder(OciRuntimeProgram runtime, CgroupHierarchy cgroups)
{
    /// <summary>Builds the spec, and writes the generated files of <c>/etc</c> into the container's directory.</summary>
    /// <exception cref="Oci.Errors.PublicError">What was asked for can't be: an unknown user, no command, …</exception>
    public SpecResult Build(SpecInput input) => throw new NotImplementedException();

    /// <summary>Where the spec will mount: what a read-only root filesystem must hold beforehand.</summary>
    public static IReadOnlyList<MountPoint> MountPoints(SpecInput input) => throw new NotImplementedException();
}
