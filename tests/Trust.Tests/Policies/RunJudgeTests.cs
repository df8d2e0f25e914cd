using Oci.Runtime;
using Trust.Policies;

namespace Trust.Tests.Policies;

/// <summary>What a container could ask for, and that the built-in rules refuse it.</summary>
public sealed class RunJudgeTests
{
    private static readonly RunFacts s_facts = new()
    {
        OwnPaths = ["/var/lib/vordr/containers/c1", "/run/vordr/netns/c1"],
    };

    private static readonly string[] s_capabilities = [.. RunRules.DefaultCapabilities.Select(name => "CAP_" + name)];

    private static RuntimeSpec Good() =>
        new()
        {
            OciVersion = "1.0.2",
            Root = new("/var/lib/vordr/containers/c1/rootfs"),
            Process = new()
            {
                User = new() { Uid = 0, Gid = 0 },
                Args = ["/bin/true"],
                Cwd = "/",
                NoNewPrivileges = true,
                Capabilities = new()
                {
                    Bounding = s_capabilities,
                    Effective = s_capabilities,
                    Permitted = s_capabilities,
                },
            },
            Mounts =
            [
                new()
                {
                    Destination = "/proc",
                    Type = "proc",
                    Source = "proc",
                },
                new()
                {
                    Destination = "/sys",
                    Type = "sysfs",
                    Source = "sysfs",
                    Options = ["nosuid", "ro"],
                },
                new()
                {
                    Destination = "/etc/hosts",
                    Type = "bind",
                    Source = "/var/lib/vordr/containers/c1/hosts",
                    Options = ["bind", "rprivate"],
                },
            ],
            Linux = new()
            {
                Namespaces =
                [
                    new(NamespaceTypes.Pid),
                    new(NamespaceTypes.Network, "/run/vordr/netns/c1"),
                    new(NamespaceTypes.Ipc),
                    new(NamespaceTypes.Uts),
                    new(NamespaceTypes.Mount),
                    new(NamespaceTypes.Cgroup),
                ],
                Resources = new() { Devices = [new() { Allow = false, Access = "rwm" }], Pids = new(2048) },
                Seccomp = new() { DefaultAction = "SCMP_ACT_ERRNO" },
                MaskedPaths = ["/proc/kcore"],
                ReadonlyPaths = ["/proc/sys"],
            },
        };

    [Fact]
    public void Judge_default_container_is_allowed() =>
        RunJudge.Judge(Good(), s_facts, RunRules.BuiltIn).Should().BeEmpty();

    [Fact]
    public void Judge_privileged_is_refused_however_the_spec_looks()
    {
        var facts = s_facts with { Privileged = true };
        Paths(Good(), facts).Should().Equal("run.privileged");
        Paths(Good(), facts, new RunRules { Privileged = true }).Should().BeEmpty();
    }

    [Fact]
    public void Judge_privileged_that_is_allowed_doesn_t_open_the_host()
    {
        var facts = s_facts with { Privileged = true, HostPaths = ["/etc"], Devices = ["/dev/sda"] };
        var spec = Good();
        spec = spec with
        {
            Process = spec.Process with
            {
                Capabilities = new() { Bounding = ["CAP_SYS_ADMIN"] },
                NoNewPrivileges = false,
            },
            Linux = spec.Linux with { Seccomp = null, Namespaces = [new(NamespaceTypes.Mount)] },
        };
        Paths(spec, facts, new RunRules { Privileged = true })
            .Should()
            .BeEquivalentTo("run.hostPaths", "run.devices", "run.hostNamespaces", "run.hostNetwork");
    }

    [Fact]
    public void Judge_capability_in_any_set_is_refused()
    {
        var good = Good().Process.Capabilities!;
        string[] bad = ["CAP_SYS_ADMIN"];
        ProcessCapabilities[] all =
        [
            good with
            {
                Bounding = [.. s_capabilities, .. bad],
            },
            good with
            {
                Effective = bad,
            },
            good with
            {
                Permitted = bad,
            },
            good with
            {
                Inheritable = bad,
            },
            good with
            {
                Ambient = bad,
            },
            good with
            {
                Bounding = ["SYS_ADMIN"],
            },
            good with
            {
                Bounding = ["cap_chown"],
            },
        ];
        foreach (var capabilities in all)
            Paths(WithProcess(p => p with { Capabilities = capabilities })).Should().Equal("run.capabilities");
        Paths(WithProcess(p => p with { Capabilities = null })).Should().Equal("run.capabilities");
    }

    [Fact]
    public void Judge_capabilities_of_a_policy_are_all_that_is_allowed()
    {
        var rules = new RunRules { Capabilities = ["NET_BIND_SERVICE"] };
        Paths(Good(), s_facts, rules).Should().Equal("run.capabilities");
        string[] one = ["CAP_NET_BIND_SERVICE"];
        var spec = WithProcess(p =>
            p with
            {
                Capabilities = new()
                {
                    Bounding = one,
                    Effective = one,
                    Permitted = one,
                },
            }
        );
        Paths(spec, s_facts, rules).Should().BeEmpty();
        Paths(WithProcess(p => p with { Capabilities = new() }), s_facts, new RunRules { Capabilities = [] })
            .Should()
            .BeEmpty();
    }

    public static TheoryData<string, string> Confinement() =>
        new()
        {
            { "no seccomp", "run.privileged" },
            { "seccomp allows by default", "run.privileged" },
            { "seccomp logs by default", "run.privileged" },
            { "new privileges", "run.privileged" },
            { "apparmor unconfined", "run.privileged" },
            { "no masked paths", "run.privileged" },
            { "no read-only paths", "run.privileged" },
            { "shared rootfs", "run.privileged" },
            { "shared mount", "run.privileged" },
            { "writable sysfs", "run.privileged" },
            { "disk mounted", "run.privileged" },
            { "hook", "run.privileged" },
            { "host pid", "run.hostNamespaces" },
            { "host ipc", "run.hostNamespaces" },
            { "host uts", "run.hostNamespaces" },
            { "host cgroup", "run.hostNamespaces" },
            { "host mount", "run.hostNamespaces" },
            { "foreign pid", "run.hostNamespaces" },
            { "foreign user", "run.hostNamespaces" },
            { "twice", "run.hostNamespaces" },
            { "host network", "run.hostNetwork" },
            { "foreign network", "run.hostNetwork" },
            { "network beside ours", "run.hostNetwork" },
            { "network out of ours", "run.hostNetwork" },
            { "host path", "run.hostPaths" },
            { "host path as an option", "run.hostPaths" },
            { "host path out of ours", "run.hostPaths" },
            { "host path beside ours", "run.hostPaths" },
            { "host path without a source", "run.hostPaths" },
            { "device", "run.devices" },
            { "device under another name", "run.devices" },
            { "device access", "run.devices" },
            { "all device access", "run.devices" },
            { "no device rule", "run.devices" },
            { "device rules begin with allow", "run.devices" },
            { "pids", "run.pids" },
            { "no pids limit", "run.pids" },
            { "endless pids limit", "run.pids" },
        };

    [Theory]
    [MemberData(nameof(Confinement))]
    public void Judge_what_reaches_the_host_is_refused_with_the_rule_s_path(string what, string path) =>
        Paths(Spoil(what)).Should().Equal(path);

    [Fact]
    public void Judge_what_was_asked_for_is_refused_though_the_spec_hides_it()
    {
        Paths(Good(), s_facts with { HostPaths = ["/etc"] }).Should().Equal("run.hostPaths");
        Paths(Good(), s_facts with { Devices = ["/dev/sda"] }).Should().Equal("run.devices");
        Paths(Good(), s_facts with { SecurityModuleOff = true }).Should().Equal("run.privileged");
    }

    [Theory]
    [InlineData("/srv/data", true)]
    [InlineData("/srv/a/b", true)]
    [InlineData("/srv", false)]
    [InlineData("/srvx/data", false)]
    [InlineData("/srv/../etc", false)]
    [InlineData("/srv/./data", false)]
    [InlineData("srv/data", false)]
    [InlineData("/", false)]
    public void Judge_host_path_must_match_an_allowed_one(string path, bool allowed)
    {
        var rules = new RunRules { HostPaths = ["/srv/**"] };
        var spec = WithMount(
            new()
            {
                Destination = "/data",
                Type = "bind",
                Source = path,
                Options = ["rbind"],
            }
        );
        RunJudge.Judge(spec, s_facts with { HostPaths = [path] }, rules).Any().Should().Be(!allowed);
    }

    [Fact]
    public void Judge_device_that_a_policy_allows_may_be_made_and_used()
    {
        var rules = new RunRules { Devices = ["/dev/fuse"] };
        var device = new LinuxDevice
        {
            Path = "/dev/fuse",
            Type = "c",
            Major = 10,
            Minor = 229,
        };
        var access = new DeviceRule
        {
            Allow = true,
            Type = "c",
            Major = 10,
            Minor = 229,
            Access = "rw",
        };
        var spec = WithLinux(l =>
            l with
            {
                Devices = [device],
                Resources = l.Resources! with { Devices = [.. l.Resources.Devices!, access] },
            }
        );
        Paths(spec, s_facts with { Devices = ["/dev/fuse"] }, rules).Should().BeEmpty();
        Paths(spec, s_facts with { Devices = ["/dev/sda"] }, rules).Should().OnlyContain(p => p == "run.devices");
        Paths(spec, s_facts with { Devices = ["/dev/fuse", "/dev/sda"] }, rules)
            .Should()
            .OnlyContain(p => p == "run.devices");
        Paths(spec, s_facts, rules).Should().OnlyContain(p => p == "run.devices", "nobody asked for it");
    }

    [Fact]
    public void Judge_standard_devices_and_making_nodes_are_no_access_to_the_host()
    {
        DeviceRule[] standard =
        [
            new()
            {
                Allow = true,
                Type = "c",
                Major = 1,
                Minor = 3,
                Access = "rwm",
            },
            new()
            {
                Allow = true,
                Type = "c",
                Major = 136,
                Access = "rwm",
            },
            new()
            {
                Allow = true,
                Type = "c",
                Access = "m",
            },
            new()
            {
                Allow = true,
                Type = "b",
                Access = "m",
            },
        ];
        var spec = WithLinux(l =>
            l with
            {
                Resources = l.Resources! with { Devices = [.. l.Resources.Devices!, .. standard] },
            }
        );
        Paths(spec).Should().BeEmpty();
    }

    [Fact]
    public void Judge_demands_of_a_policy_are_held_against_the_spec()
    {
        Paths(Good(), s_facts, new RunRules { NonRoot = true }).Should().Equal("run.user");
        Paths(
                WithProcess(p =>
                    p with
                    {
                        User = new() { Uid = 1000, Gid = 0 },
                    }
                ),
                s_facts,
                new RunRules { NonRoot = true }
            )
            .Should()
            .BeEmpty();
        Paths(Good(), s_facts, new RunRules { ReadOnlyRootfs = true }).Should().Equal("run.readOnlyRootfs");
        Paths(Good() with { Root = new("/r", Readonly: true) }, s_facts, new RunRules { ReadOnlyRootfs = true })
            .Should()
            .BeEmpty();
        var memory = new RunRules { Memory = 512L << 20 };
        Paths(Good(), s_facts, memory).Should().Equal("run.memory");
        foreach (
            var (limit, allowed) in new (long?, bool)[]
            {
                (512L << 20, true),
                ((512L << 20) + 1, false),
                (-1, false),
                (0, false),
                (null, false),
            }
        )
        {
            var spec = WithLinux(l => l with { Resources = l.Resources! with { Memory = new() { Limit = limit } } });
            Paths(spec, s_facts, memory).Any().Should().Be(!allowed, $"the limit is {limit}");
        }
        Paths(Good(), s_facts, new RunRules { Pids = 512 }).Should().Equal("run.pids");
        Paths(Spoil("host network"), s_facts, new RunRules { HostNetwork = true }).Should().BeEmpty();
    }

    [Fact]
    public void Judge_no_own_path_makes_everything_foreign()
    {
        Paths(Good(), new RunFacts()).Should().BeEquivalentTo("run.hostNetwork", "run.hostPaths");
        Paths(Good(), new RunFacts { OwnPaths = ["/", ""] })
            .Should()
            .BeEquivalentTo("run.hostNetwork", "run.hostPaths");
    }

    private static RuntimeSpec Spoil(string what) =>
        what switch
        {
            "no seccomp" => WithLinux(l => l with { Seccomp = null }),
            "seccomp allows by default" => WithLinux(l =>
                l with
                {
                    Seccomp = new() { DefaultAction = "SCMP_ACT_ALLOW" },
                }
            ),
            "seccomp logs by default" => WithLinux(l => l with { Seccomp = new() { DefaultAction = "SCMP_ACT_LOG" } }),
            "new privileges" => WithProcess(p => p with { NoNewPrivileges = false }),
            "apparmor unconfined" => WithProcess(p => p with { ApparmorProfile = "unconfined" }),
            "no masked paths" => WithLinux(l => l with { MaskedPaths = [] }),
            "no read-only paths" => WithLinux(l => l with { ReadonlyPaths = null }),
            "shared rootfs" => WithLinux(l => l with { RootfsPropagation = "rshared" }),
            "shared mount" => WithMount(
                new()
                {
                    Destination = "/t",
                    Type = "tmpfs",
                    Source = "tmpfs",
                    Options = ["shared"],
                }
            ),
            "writable sysfs" => WithMount(
                new()
                {
                    Destination = "/s",
                    Type = "sysfs",
                    Source = "sysfs",
                    Options = ["rw"],
                }
            ),
            "disk mounted" => WithMount(
                new()
                {
                    Destination = "/d",
                    Type = "ext4",
                    Source = "/dev/sda1",
                }
            ),
            "hook" => Good() with { Hooks = new() { Prestart = [new("/bin/sh")] } },
            "host pid" => Without(NamespaceTypes.Pid),
            "host ipc" => Without(NamespaceTypes.Ipc),
            "host uts" => Without(NamespaceTypes.Uts),
            "host cgroup" => Without(NamespaceTypes.Cgroup),
            "host mount" => Without(NamespaceTypes.Mount),
            "foreign pid" => Joining(NamespaceTypes.Pid, "/proc/1/ns/pid"),
            "foreign user" => Joining(NamespaceTypes.User, "/proc/1/ns/user"),
            "twice" => WithLinux(l =>
                l with
                {
                    Namespaces = [.. l.Namespaces, new(NamespaceTypes.Pid, "/proc/1/ns/pid")],
                }
            ),
            "host network" => Without(NamespaceTypes.Network),
            "foreign network" => Joining(NamespaceTypes.Network, "/proc/1/ns/net"),
            "network beside ours" => Joining(NamespaceTypes.Network, "/run/vordr/netns/c12"),
            "network out of ours" => Joining(NamespaceTypes.Network, "/run/vordr/netns/c1/../../../proc/1/ns/net"),
            "host path" => WithMount(Bound("/etc")),
            "host path as an option" => WithMount(
                new()
                {
                    Destination = "/data",
                    Type = "none",
                    Source = "/etc",
                    Options = ["rbind"],
                }
            ),
            "host path out of ours" => WithMount(Bound("/var/lib/vordr/containers/c1/../../../..")),
            "host path beside ours" => WithMount(Bound("/var/lib/vordr/containers/c10/rootfs")),
            "host path without a source" => WithMount(new() { Destination = "/data", Type = "bind" }),
            "device" => WithLinux(l =>
                l with
                {
                    Devices =
                    [
                        new()
                        {
                            Path = "/dev/sda",
                            Type = "b",
                            Major = 8,
                            Minor = 0,
                        },
                    ],
                }
            ),
            "device under another name" => WithLinux(l =>
                l with
                {
                    Devices =
                    [
                        new()
                        {
                            Path = "/dev/null",
                            Type = "b",
                            Major = 1,
                            Minor = 3,
                        },
                    ],
                }
            ),
            "device access" => WithDeviceRules(
                new DeviceRule
                {
                    Allow = true,
                    Type = "b",
                    Major = 8,
                    Minor = 0,
                    Access = "r",
                }
            ),
            "all device access" => WithDeviceRules(new DeviceRule { Allow = true }),
            "no device rule" => WithLinux(l => l with { Resources = l.Resources! with { Devices = null } }),
            "device rules begin with allow" => WithLinux(l =>
                l with
                {
                    Resources = l.Resources! with
                    {
                        Devices =
                        [
                            new()
                            {
                                Allow = true,
                                Type = "c",
                                Access = "m",
                            },
                            .. l.Resources.Devices!,
                        ],
                    },
                }
            ),
            "pids" => WithLinux(l => l with { Resources = l.Resources! with { Pids = new(2049) } }),
            "no pids limit" => WithLinux(l => l with { Resources = l.Resources! with { Pids = null } }),
            "endless pids limit" => WithLinux(l => l with { Resources = l.Resources! with { Pids = new(-1) } }),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "not spoilt here"),
        };

    private static RuntimeMount Bound(string source) =>
        new()
        {
            Destination = "/data",
            Type = "bind",
            Source = source,
            Options = ["rbind", "rprivate"],
        };

    private static RuntimeSpec WithMount(RuntimeMount mount) => Good() with { Mounts = [.. Good().Mounts, mount] };

    private static RuntimeSpec WithProcess(Func<RuntimeProcess, RuntimeProcess> change) =>
        Good() with
        {
            Process = change(Good().Process),
        };

    private static RuntimeSpec WithLinux(Func<LinuxSection, LinuxSection> change) =>
        Good() with
        {
            Linux = change(Good().Linux),
        };

    private static RuntimeSpec WithDeviceRules(DeviceRule rule) =>
        WithLinux(l => l with { Resources = l.Resources! with { Devices = [.. l.Resources.Devices!, rule] } });

    private static RuntimeSpec Without(string type) =>
        WithLinux(l => l with { Namespaces = [.. l.Namespaces.Where(n => n.Type != type)] });

    private static RuntimeSpec Joining(string type, string path) =>
        WithLinux(l => l with { Namespaces = [.. l.Namespaces.Where(n => n.Type != type), new(type, path)] });

    private static IEnumerable<string> Paths(RuntimeSpec spec, RunFacts? facts = null, RunRules? rules = null) =>
        RunJudge.Judge(spec, facts ?? s_facts, rules ?? RunRules.BuiltIn).Select(v => v.Path).Distinct();
}
