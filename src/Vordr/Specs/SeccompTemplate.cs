using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Oci.Errors;
using Oci.Runtime;

namespace Vordr.Specs;

/// <summary>
/// The default filter of system calls, in the form of <c>containers-common</c> (<c>seccomp.json</c>): rules that hold for
/// some architectures, capabilities or kernels only. <see cref="ToProfile"/> decides them for one container.
/// </summary>
internal sealed record SeccompTemplate
{
    /// <summary>Where distributions and administrators keep the file; the administrator's comes first.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    ["/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"];

    /// <summary>What happens to calls without a rule.</summary>
    public required string DefaultAction { get; init; }

    /// <summary>errno of the default action, as a number.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>errno of the default action, by name.</summary>
    public string? DefaultErrno { get; init; }

    /// <summary>Which architectures belong together.</summary>
    public IReadOnlyList<SeccompArchitecture>? ArchMap { get; init; }

    /// <summary>The rules.</summary>
    public required IReadOnlyList<SeccompTemplateRule> Syscalls { get; init; }

    /// <summary>Reads the host's file. Without one nothing is started: a container without a filter isn't what was asked for.</summary>
    /// <exception cref="PublicError">There is none, or it can't be read.</exception>
    public static SeccompTemplate Load(IReadOnlyList<string>? paths = null)
    {
        var path =
            (paths ?? Paths).FirstOrDefault(File.Exists)
            ?? throw new PublicError(
                ErrorId.Config,
                "The default seccomp profile is not installed (/usr/share/containers/seccomp.json).",
                "install it: apt-get install golang-github-containers-common"
            );
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SeccompJson.Default.SeccompTemplate)!;
        }
        catch (JsonException malformed)
        {
            throw new PublicError(
                ErrorId.Config,
                $"The seccomp profile {path} can't be read: {malformed.Message}",
                malformed
            );
        }
    }

    /// <summary>The rules that hold for a container with these capabilities on this host.</summary>
    public SeccompProfile ToProfile(IReadOnlyCollection<string> capabilities, Architecture architecture, Version kernel)
    {
        var (goName, native) = Names(architecture);
        var family = ArchMap?.FirstOrDefault(entry => entry.Architecture == native);
        return new()
        {
            DefaultAction = DefaultAction,
            DefaultErrnoRet = SeccompErrno.Value(DefaultErrnoRet, DefaultErrno),
            Architectures = [native, .. family?.SubArchitectures ?? []],
            Syscalls =
            [
                .. Syscalls
                    .Where(rule =>
                        (rule.Includes?.AllHold(goName, capabilities, kernel) ?? true)
                        && !(rule.Excludes?.AnyHolds(goName, capabilities, kernel) ?? false)
                    )
                    .Select(rule => rule.ToRule()),
            ],
        };
    }

    private static (string GoName, string Native) Names(Architecture architecture) =>
        architecture switch
        {
            Architecture.X64 => ("amd64", "SCMP_ARCH_X86_64"),
            Architecture.Arm64 => ("arm64", "SCMP_ARCH_AARCH64"),
            Architecture.Arm => ("arm", "SCMP_ARCH_ARM"),
            Architecture.S390x => ("s390x", "SCMP_ARCH_S390X"),
            Architecture.Ppc64le => ("ppc64le", "SCMP_ARCH_PPC64LE"),
            Architecture.RiscV64 => ("riscv64", "SCMP_ARCH_RISCV64"),
            Architecture.LoongArch64 => ("loong64", "SCMP_ARCH_LOONGARCH64"),
            _ => throw new PublicError(ErrorId.Config, $"There is no default seccomp profile for {architecture}."),
        };
}

/// <summary>An architecture and those whose programs it executes too.</summary>
/// <param name="Architecture">The native one.</param>
/// <param name="SubArchitectures">The others.</param>
internal sealed record SeccompArchitecture(string Architecture, IReadOnlyList<string>? SubArchitectures);

/// <summary>A rule with conditions.</summary>
internal sealed record SeccompTemplateRule
{
    /// <summary>Names of system calls.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>One name, in the older form.</summary>
    public string? Name { get; init; }

    /// <summary>What happens.</summary>
    public required string Action { get; init; }

    /// <summary>errno, as a number.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>errno, by name.</summary>
    public string? Errno { get; init; }

    /// <summary>Conditions on arguments.</summary>
    public IReadOnlyList<SeccompArgument>? Args { get; init; }

    /// <summary>The rule holds only where all of these do.</summary>
    public SeccompCondition? Includes { get; init; }

    /// <summary>The rule doesn't hold where one of these does.</summary>
    public SeccompCondition? Excludes { get; init; }

    /// <summary>The rule without its conditions.</summary>
    public SeccompRule ToRule() =>
        new()
        {
            Names = Names ?? (Name is null ? [] : [Name]),
            Action = Action,
            ErrnoRet = SeccompErrno.Value(ErrnoRet, Errno),
            Args = Args is { Count: > 0 } ? Args : null,
        };
}

/// <summary>A condition; what is absent or empty says nothing.</summary>
internal sealed record SeccompCondition
{
    /// <summary>GOARCH names, of which the host's is one.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>Capabilities that the container has.</summary>
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>Kernel release that the host has at least, as <c>4.8</c>.</summary>
    public string? MinKernel { get; init; }

    /// <summary>As <c>includes</c>: every part that says something holds, and all of the capabilities are there.</summary>
    public bool AllHold(string architecture, IReadOnlyCollection<string> capabilities, Version kernel) =>
        (Arches is not { Count: > 0 } || Arches.Contains(architecture, StringComparer.Ordinal))
        && (Caps is not { Count: > 0 } || Caps.All(capabilities.Contains))
        && (MinKernel is null || kernel >= Version.Parse(MinKernel));

    /// <summary>As <c>excludes</c>: one part holds, and one capability is enough.</summary>
    public bool AnyHolds(string architecture, IReadOnlyCollection<string> capabilities, Version kernel) =>
        Arches?.Contains(architecture, StringComparer.Ordinal) == true
        || Caps?.Any(capabilities.Contains) == true
        || (MinKernel is not null && kernel >= Version.Parse(MinKernel));
}

/// <summary>Error numbers in profiles.</summary>
internal static class SeccompErrno
{
    /// <summary>The number, else that of the name, else null.</summary>
    /// <exception cref="PublicError">A name that no profile in use has: guessing would change a verdict.</exception>
    public static uint? Value(uint? number, string? name) =>
        number
        ?? name switch
        {
            null or "" => null,
            "EPERM" => Linux.Errno.EPERM,
            "ENOSYS" => Linux.Errno.ENOSYS,
            "EINVAL" => Linux.Errno.EINVAL,
            "EACCES" => Linux.Errno.EACCES,
            "ENOENT" => Linux.Errno.ENOENT,
            "EAFNOSUPPORT" => Linux.Errno.EAFNOSUPPORT,
            "EOPNOTSUPP" => Linux.Errno.EOPNOTSUPP,
            _ => throw new PublicError(
                ErrorId.Config,
                $"The seccomp profile names the error '{name}', which is not known here."
            ),
        };
}

/// <summary>JSON of the template; members that only explain are passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SeccompTemplate))]
internal sealed partial class SeccompJson : JsonSerializerContext;
