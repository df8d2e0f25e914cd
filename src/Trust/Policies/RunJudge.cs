using Oci.Runtime;

namespace Trust.Policies;

/// <summary>
/// Judges the finished OCI runtime spec: whatever led to it, what the runtime will read is what counts. What a spec can
/// express and no rule names is refused, unless a privileged container was asked for and is allowed.
/// </summary>
public static class RunJudge
{
    // What the kernel offers inside a container, by (type, major, minor); every runtime makes these by itself.
    private static readonly HashSet<(string Type, long Major, long Minor)> s_standardDevices =
    [
        ("c", 1, 3), // null
        ("c", 1, 5), // zero
        ("c", 1, 7), // full
        ("c", 1, 8), // random
        ("c", 1, 9), // urandom
        ("c", 5, 0), // tty
        ("c", 5, 1), // console
        ("c", 5, 2), // ptmx
    ];

    private const long PseudoTerminals = 136;

    private static readonly HashSet<string> s_mountTypes = new(StringComparer.Ordinal)
    {
        "bind",
        "cgroup",
        "devpts",
        "mqueue",
        "none",
        "proc",
        "sysfs",
        "tmpfs",
    };

    /// <summary>Every rule that the spec breaks; none means allowed.</summary>
    public static IReadOnlyList<RuleViolation> Judge(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(rules);
        return [.. Violations(spec, facts, rules)];
    }

    /// <summary>A capability's name without <c>CAP_</c>.</summary>
    internal static string PlainCapability(string name) =>
        name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;

    private static IEnumerable<RuleViolation> Violations(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        // Privileged lifts what confines the process; what it may reach on the host stays with the other rules.
        if (facts.Privileged && !rules.Privileged)
            yield return new("run.privileged", "a privileged container is asked for, and none is allowed");
        if (!facts.Privileged)
        {
            foreach (var violation in Confinement(spec, facts, rules))
                yield return violation;
        }
        foreach (var violation in Namespaces(spec, facts, rules).Concat(HostPaths(spec, facts, rules)))
            yield return violation;
        foreach (var violation in Devices(spec, facts, rules).Concat(Limits(spec, rules)))
            yield return violation;
    }

    private static IEnumerable<RuleViolation> Confinement(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        var process = spec.Process;
        var allowed = rules.Capabilities.ToHashSet(StringComparer.Ordinal);
        var excess = (process.Capabilities?.All() ?? []).Select(PlainCapability).Where(c => !allowed.Contains(c));
        if (excess.ToList() is { Count: > 0 } names)
            yield return new("run.capabilities", $"{string.Join(", ", names)} not among the allowed capabilities");
        if (process.Capabilities is null)
            yield return new(
                "run.capabilities",
                "the spec sets no capabilities, so the process would keep the runtime's"
            );
        if (!process.NoNewPrivileges)
            yield return new("run.privileged", "noNewPrivileges is off");
        if (spec.Linux.Seccomp is not { DefaultAction: not ("SCMP_ACT_ALLOW" or "SCMP_ACT_LOG") })
            yield return new("run.privileged", "seccomp is off, or allows by default");
        if (facts.SecurityModuleOff || process.ApparmorProfile is "unconfined")
            yield return new("run.privileged", "AppArmor or SELinux is asked to be off");
        if (spec.Linux.MaskedPaths is not { Count: > 0 } || spec.Linux.ReadonlyPaths is not { Count: > 0 })
            yield return new("run.privileged", "paths of the kernel are not masked or not read-only");
        foreach (
            var mount in spec.Mounts.Where(m => m.Type is "sysfs" or "cgroup" && !(m.Options ?? []).Contains("ro"))
        )
            yield return new("run.privileged", $"{mount.Destination} is writable, through which the host is changed");
        if (spec.Linux.RootfsPropagation is "shared" or "rshared" || spec.Mounts.Any(IsShared))
            yield return new("run.privileged", "a mount is shared with the host");
        foreach (var mount in spec.Mounts.Where(m => !m.IsBind() && !s_mountTypes.Contains(m.Type ?? "none")))
            yield return new("run.privileged", $"a {mount.Type} is mounted at {mount.Destination}");
        if (spec.Hooks is not null)
            yield return new("run.privileged", "the spec has hooks, which run on the host");
    }

    private static IEnumerable<RuleViolation> Namespaces(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        string[] own =
        [
            NamespaceTypes.Pid,
            NamespaceTypes.Ipc,
            NamespaceTypes.Uts,
            NamespaceTypes.Mount,
            NamespaceTypes.Cgroup,
        ];
        foreach (var type in own)
        {
            if (!HasOwn(spec, type, facts))
                yield return new("run.hostNamespaces", $"the container is in a foreign {type} namespace");
        }
        if (spec.Linux.FindNamespace(NamespaceTypes.User) is not null && !HasOwn(spec, NamespaceTypes.User, facts))
            yield return new("run.hostNamespaces", "the container is in a foreign user namespace");
        if (spec.Linux.Namespaces.GroupBy(n => n.Type, StringComparer.Ordinal).Any(g => g.Count() > 1))
            yield return new("run.hostNamespaces", "a namespace stands twice in the spec");
        if (!rules.HostNetwork && !HasOwn(spec, NamespaceTypes.Network, facts))
            yield return new("run.hostNetwork", "the container is in the host's network namespace");
    }

    private static IEnumerable<RuleViolation> HostPaths(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        var bound = spec.Mounts.Where(m => m.IsBind() && !IsOwn(m.Source, facts)).Select(m => m.Source ?? "");
        var allowed = rules.HostPaths.Select(NamePattern.Parse).ToList();
        foreach (var path in bound.Concat(facts.HostPaths).Distinct(StringComparer.Ordinal))
        {
            if (!IsAllowedPath(path, allowed))
                yield return new("run.hostPaths", $"the host's {path} is asked for, and not among the allowed paths");
        }
    }

    private static IEnumerable<RuleViolation> Devices(RuntimeSpec spec, RunFacts facts, RunRules rules)
    {
        var allowed = rules.Devices.Select(NamePattern.Parse).ToList();
        foreach (var path in facts.Devices.Distinct(StringComparer.Ordinal))
        {
            if (!IsAllowedPath(path, allowed))
                yield return new("run.devices", $"the host's {path} is asked for, and not among the allowed devices");
        }
        if (facts.Privileged)
            yield break;
        // A device that was asked for and is allowed may stand in the spec; without one, only the standard ones may.
        var granted = facts.Devices.Count > 0 && facts.Devices.All(path => IsAllowedPath(path, allowed));
        foreach (var device in spec.Linux.Devices ?? [])
        {
            if (!granted && !IsStandard(device.Type, device.Major, device.Minor))
                yield return new(
                    "run.devices",
                    $"the spec makes the device {device.Path} ({device.Type} {device.Major}:{device.Minor})"
                );
        }
        var made = (spec.Linux.Devices ?? []).Select(d => (d.Type, d.Major, d.Minor)).ToHashSet();
        var rulesOfGroup = spec.Linux.Resources?.Devices ?? [];
        if (
            rulesOfGroup
            is not [
                { Allow: false, Type: null or "a", Major: null or -1, Minor: null or -1, Access: null or "rwm" },
                ..,
            ]
        )
            yield return new("run.devices", "access to devices is not denied by default");
        foreach (var rule in rulesOfGroup.Where(r => r.Allow && r.Access is not "m"))
        {
            var known =
                rule is { Type: { } type, Major: { } major }
                && (
                    (type == "c" && major == PseudoTerminals)
                    || (
                        rule.Minor is { } minor
                        && (IsStandard(type, major, minor) || made.Contains((type, major, minor)))
                    )
                );
            if (!known)
                yield return new("run.devices", $"access to {rule.Type ?? "a"} {rule.Major}:{rule.Minor} is asked for");
        }
    }

    private static IEnumerable<RuleViolation> Limits(RuntimeSpec spec, RunRules rules)
    {
        if (rules.NonRoot && spec.Process.User.Uid == 0)
            yield return new("run.user", "the process would be root, and must not be");
        if (rules.ReadOnlyRootfs && !spec.Root.Readonly)
            yield return new("run.readOnlyRootfs", "the root filesystem is writable, and must not be");
        var memory = spec.Linux.Resources?.Memory?.Limit;
        if (rules.Memory is { } most && !(memory > 0 && memory <= most))
            yield return new(
                "run.memory",
                $"the memory limit is {Show(memory)}; at most {ByteSize.Format(most)} is allowed"
            );
        var pids = spec.Linux.Resources?.Pids?.Limit;
        if (!(pids > 0 && pids <= rules.Pids))
            yield return new(
                "run.pids",
                $"the process limit is {pids?.ToString() ?? "absent"}; at most {rules.Pids} is allowed"
            );
    }

    private static bool HasOwn(RuntimeSpec spec, string type, RunFacts facts) =>
        spec.Linux.FindNamespace(type) is { } space && (space.Path is null or "" || IsOwn(space.Path, facts));

    private static bool IsOwn(string? path, RunFacts facts) =>
        path is not null
        && IsPlain(path)
        && facts.OwnPaths.Any(own =>
            own.Length > 1
            && path.StartsWith(own, StringComparison.Ordinal)
            && (path.Length == own.Length || own[^1] == '/' || path[own.Length] == '/')
        );

    private static bool IsAllowedPath(string path, List<NamePattern> allowed) =>
        IsPlain(path) && allowed.Any(pattern => pattern.IsMatch(path));

    /// <summary>Absolute, and no component of it steps aside: a prefix of such a path is a directory above it.</summary>
    private static bool IsPlain(string path) =>
        path.StartsWith('/') && path.Split('/').All(part => part is not (".." or "."));

    private static bool IsShared(RuntimeMount mount) => mount.Options?.Any(o => o is "shared" or "rshared") ?? false;

    private static bool IsStandard(string type, long major, long minor) =>
        s_standardDevices.Contains((type, major, minor));

    private static string Show(long? bytes) => bytes > 0 ? ByteSize.Format(bytes.Value) : "absent";
}
