using System.Runtime.InteropServices;
using Oci.Errors;
using Oci.Runtime;
using Vordr.Cgroups;
using Vordr.Runtimes;

namespace Vordr.Specs;

/// <summary>
/// Makes the whole runtime spec of a container: defaults, then what was asked for, then what the host allows. What
/// weakens confinement is put in as asked: rules judge the finished spec.
/// </summary>
/// <param name="runtime">The runtime that will read it.</param>
/// <param name="cgroups">The host's control groups.</param>
/// <param name="seccompCache">Directory for compiled filters, or null for none.</param>
internal sealed class SpecBuilder(OciRuntimeProgram runtime, CgroupHierarchy cgroups, string? seccompCache = null)
{
    private const string Version = "1.0.2";
    private const long DefaultPids = 2048;
    private const long LeastMemory = 6 * 1024 * 1024;

    private static readonly IReadOnlyList<string> MaskedPaths =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ];

    private static readonly IReadOnlyList<string> ReadonlyPaths =
    [
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];

    /// <summary>Builds the spec, and writes the generated files of <c>/etc</c> into the container's directory.</summary>
    /// <exception cref="PublicError">What was asked for can't be: an unknown user, no command, …</exception>
    public SpecResult Build(SpecInput input)
    {
        var notes = new List<string>();
        var host = HostLimits.Read();
        var hostname = EtcFiles.CheckHostname(
            input.Hostname ?? input.ContainerId[..Math.Min(12, input.ContainerId.Length)]
        );
        var capabilities = host.Clip(CapabilityNames.Choose(input.Privileged, input.CapAdd, input.CapDrop), notes);
        var mounts = MountPlan.Mounts(input);
        var devices = input.Devices.Select(DeviceRequest.Parse).ToList();
        EtcFiles.Write(input.ContainerDirectory, hostname, input.Network, notes);
        var seccomp = input.Privileged || input.SeccompUnconfined ? null : Seccomp(capabilities);
        var spec = new RuntimeSpec
        {
            OciVersion = Version,
            Root = new(input.RootfsPath, input.ReadOnly),
            Process = Process(input, mounts, hostname, capabilities, host, notes),
            Hostname = input.HostUts ? null : hostname,
            Mounts = mounts,
            Annotations = Annotations(input, seccomp),
            Linux = new()
            {
                Namespaces = Namespaces(input),
                CgroupsPath = runtime.SystemdCgroups
                    ? CgroupPaths.SystemdSpec(input.Instance, input.ContainerId)
                    : CgroupPaths.Container(input.Instance, input.ContainerId),
                Resources = Resources(input, devices),
                Devices = input.Privileged
                    ? DeviceRequest.All()
                    : NullIfEmpty(devices.Select(request => request.Device)),
                Sysctl = Sysctl(input),
                Seccomp = seccomp,
                RootfsPropagation = "rprivate",
                MaskedPaths = input.Privileged ? null : MaskedPaths,
                ReadonlyPaths = input.Privileged ? null : [.. ReadonlyPaths, .. ReadonlyCgroups()],
            },
        };
        return new(spec, notes);
    }

    /// <summary>
    /// Where the spec will mount: what a read-only root filesystem must hold beforehand. What lies in a filesystem that is
    /// mounted itself is made there.
    /// </summary>
    public static IReadOnlyList<MountPoint> MountPoints(SpecInput input)
    {
        var mounts = MountPlan.Mounts(input);
        return
        [
            .. mounts
                .Where(mount => !MountPlan.Covers([.. mounts.Where(other => other != mount)], mount.Destination))
                .Select(mount => new MountPoint(mount.Destination, !mount.IsBind() || Directory.Exists(mount.Source))),
        ];
    }

    private static RuntimeProcess Process(
        SpecInput input,
        IReadOnlyList<RuntimeMount> mounts,
        string hostname,
        IReadOnlyList<string> capabilities,
        HostLimits host,
        List<string> notes
    )
    {
        using var rootfs = new RootfsFiles(input.RootfsPath);
        var user = UserResolver.Resolve(rootfs, input.User ?? input.Image?.User);
        return new()
        {
            Terminal = input.Terminal,
            User = new()
            {
                Uid = user.Uid,
                Gid = user.Gid,
                AdditionalGids = user.AdditionalGids,
            },
            Args = ProcessDefaults.Command(input.Image, input.Entrypoint, input.Command),
            Env = ProcessDefaults.Environment(input.Image?.Env ?? [], input.Env, user.Home, hostname, input.Terminal),
            Cwd = WorkingDirectory(input, mounts, rootfs),
            // None ambient, none inheritable: a program of another user than root gets none by being executed.
            Capabilities = new()
            {
                Bounding = capabilities,
                Effective = capabilities,
                Permitted = capabilities,
            },
            Rlimits = host.Clip(input.Rlimits, notes),
            NoNewPrivileges = !input.Privileged && !input.AllowNewPrivileges,
        };
    }

    private static string WorkingDirectory(SpecInput input, IReadOnlyList<RuntimeMount> mounts, RootfsFiles rootfs)
    {
        var asked = input.WorkingDirectory ?? input.Image?.WorkingDir;
        if (string.IsNullOrEmpty(asked))
            return "/";
        var path = MountPlan.Normalize(asked, "working directory");
        if (
            MountPlan.Covers(mounts, path)
            || rootfs.IsDirectory(path)
            || (!input.ReadOnly && rootfs.EnsureDirectory(path))
        )
            return path;
        throw new PublicError(
            ErrorId.Usage,
            input.ReadOnly
                ? $"The working directory '{path}' is not in the image, and its root filesystem is read-only."
                : $"The working directory '{path}' is not a directory in the image."
        );
    }

    private static List<LinuxNamespace> Namespaces(SpecInput input)
    {
        var namespaces = new List<LinuxNamespace> { new(NamespaceTypes.Mount), new(NamespaceTypes.Cgroup) };
        if (!input.HostPid)
            namespaces.Add(new(NamespaceTypes.Pid));
        if (!input.HostIpc)
            namespaces.Add(new(NamespaceTypes.Ipc));
        if (!input.HostUts)
            namespaces.Add(new(NamespaceTypes.Uts));
        if (input.Network.Mode == NetworkMode.Bridge && input.Network.NamespacePath is null)
            throw new InvalidOperationException("A bridge network has a pinned namespace");
        if (input.Network.Mode != NetworkMode.Host)
            namespaces.Add(new(NamespaceTypes.Network, input.Network.NamespacePath));
        return namespaces;
    }

    /// <summary>
    /// With one controller a tree, <c>/sys/fs/cgroup</c> is a tmpfs of the runtime's that stays writable. Made read-only
    /// by crun it takes the trees below along in a copy that is writable: so each of them is named too, after it.
    /// </summary>
    private IEnumerable<string> ReadonlyCgroups() =>
        cgroups.Mode == CgroupMode.Unified
            ? []
            : cgroups
                .Trees.Where(tree => !tree.IsUnified)
                .SelectMany(tree => tree.Controllers.Append(Path.GetFileName(tree.MountPoint)))
                .Where(name => !name.Contains('=', StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Select(name => $"/sys/fs/cgroup/{name}")
                .Prepend("/sys/fs/cgroup");

    private LinuxResources Resources(SpecInput input, List<DeviceRequest> devices)
    {
        if (input.Memory is < LeastMemory)
            throw new PublicError(ErrorId.Usage, "The memory limit must be 6 MiB or more.");
        var pids = input.PidsLimit ?? DefaultPids;
        return new()
        {
            Devices = input.Privileged
                ? [new() { Allow = true, Access = "rwm" }]
                : [new() { Allow = false, Access = "rwm" }, .. devices.Select(request => request.ToRule())],
            Memory = input.Memory is { } memory
                ? new() { Limit = memory, Swap = cgroups.AccountsSwap ? memory * 2 : null }
                : null,
            Pids = new(pids <= 0 ? -1 : pids),
            Cpu = input.Cpu,
        };
    }

    // In a network namespace of its own a container may serve on port 80 and answer pings whoever it runs as.
    private static Dictionary<string, string>? Sysctl(SpecInput input) =>
        input.Network.Mode == NetworkMode.Host
            ? null
            : new(StringComparer.Ordinal)
            {
                ["net.ipv4.ip_unprivileged_port_start"] = "0",
                ["net.ipv4.ping_group_range"] = "0 2147483647",
            };

    private static SeccompProfile Seccomp(IReadOnlyList<string> capabilities) =>
        SeccompTemplate
            .Load()
            .ToProfile(capabilities, RuntimeInformation.ProcessArchitecture, Environment.OSVersion.Version);

    private Dictionary<string, string>? Annotations(SpecInput input, SeccompProfile? seccomp)
    {
        // Some of the runtime's own annotations change what it confines: they are ours alone.
        if (
            input.Annotations.Keys.FirstOrDefault(key => key.StartsWith("run.oci.", StringComparison.Ordinal)) is
            { } taken
        )
            throw new PublicError(ErrorId.Usage, $"The annotation '{taken}' is reserved.");
        var annotations = new Dictionary<string, string>(input.Annotations, StringComparer.Ordinal);
        if (
            seccomp is not null
            && seccompCache is not null
            && runtime.TakesCompiledSeccomp
            && new SeccompCompiler(seccompCache).TryCompile(seccomp) is { } compiled
        )
            annotations[SeccompCompiler.Annotation] = Convert.ToBase64String(compiled);
        return annotations.Count == 0 ? null : annotations;
    }

    private static IReadOnlyList<LinuxDevice>? NullIfEmpty(IEnumerable<LinuxDevice> devices)
    {
        IReadOnlyList<LinuxDevice> all = [.. devices];
        return all.Count == 0 ? null : all;
    }
}
