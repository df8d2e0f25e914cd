using System.Text.Json;
using Oci.Errors;
using Oci.Image;
using Oci.Runtime;
using Vordr.Cgroups;
using Vordr.Runtimes;
using Vordr.Specs;

namespace Vordr.Tests.Specs;

public sealed class SpecBuilderTests : IDisposable
{
    private static readonly OciRuntimeProgram Runc = new()
    {
        Name = "runc",
        Path = "/usr/bin/runc",
        CreateCommand = ["/usr/bin/runc"],
        Why = "test",
    };

    private readonly string root = Path.Combine(Path.GetTempPath(), $"vordr-spec-{Guid.NewGuid():N}");

    public SpecBuilderTests() => Directory.CreateDirectory(Path.Combine(root, "rootfs/etc"));

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("relative", "/x")]
    [InlineData("/tmp", "relative")]
    [InlineData("/tmp", "/")]
    [InlineData("/tmp", "/a/../..")]
    [InlineData("/nonexistent-source", "/x")]
    public void Bind_that_cannot_be_is_refused(string source, string destination)
    {
        var build = () => Build(input => input with { Binds = [new(source, destination)] });

        build.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Bind_through_a_link_names_what_it_leads_to()
    {
        File.CreateSymbolicLink(Path.Combine(root, "innocent"), "/etc");

        var mount = Build(input => input with { Binds = [new(Path.Combine(root, "innocent"), "/x/../data")] })
            .Spec.Mounts.Single(mount => mount.Destination == "/data");

        mount.Source.Should().Be("/etc");
        mount.Options.Should().Equal("rbind", "rprivate", "rw");
    }

    [Fact]
    public void Working_directory_through_a_link_is_made_inside_the_image()
    {
        var outside = Directory.CreateDirectory(Path.Combine(root, "outside")).FullName;
        File.CreateSymbolicLink(Path.Combine(root, "rootfs/link"), outside);
        Directory.CreateDirectory(Path.Combine(root, "rootfs" + outside));

        Build(input => input with { WorkingDirectory = "/link/made" }).Spec.Process.Cwd.Should().Be("/link/made");

        Directory.Exists(Path.Combine(outside, "made")).Should().BeFalse();
        Directory.Exists(Path.Combine(root, "rootfs" + outside, "made")).Should().BeTrue();
    }

    [Fact]
    public void Working_directory_that_is_a_file_is_refused()
    {
        File.WriteAllText(Path.Combine(root, "rootfs/etc/file"), "");

        var build = () => Build(input => input with { WorkingDirectory = "/etc/file" });

        build.Should().Throw<PublicError>();
    }

    [Fact]
    public void Annotation_of_the_runtime_is_refused()
    {
        var annotations = new Dictionary<string, string> { [SeccompCompiler.Annotation] = "AAAA" };

        var build = () => Build(input => input with { Annotations = annotations });

        build.Should().Throw<PublicError>();
    }

    [Theory]
    [InlineData("NAME")]
    [InlineData("=value")]
    [InlineData("A=b\0c")]
    public void Environment_that_is_no_name_and_value_is_refused(string variable)
    {
        var build = () => Build(input => input with { Env = [variable] });

        build.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Nothing_to_run_is_refused()
    {
        var build = () => Build(input => input with { Command = null });

        build.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Spec_by_default_confines()
    {
        var (spec, _) = Build();

        spec.Process.NoNewPrivileges.Should().BeTrue();
        spec.Process.Capabilities!.Bounding.Should().BeSubsetOf(CapabilityNames.Default);
        spec.Process.Capabilities.Effective.Should().Equal(spec.Process.Capabilities.Bounding);
        spec.Process.Capabilities.Permitted.Should().Equal(spec.Process.Capabilities.Bounding);
        spec.Process.Capabilities.Ambient.Should().BeEmpty();
        spec.Process.Capabilities.Inheritable.Should().BeEmpty();
        spec.Linux.Seccomp!.DefaultAction.Should().Be("SCMP_ACT_ERRNO");
        spec.Linux.MaskedPaths.Should().Contain(["/proc/kcore", "/proc/keys", "/sys/firmware"]);
        spec.Linux.ReadonlyPaths.Should().Contain(["/proc/sys", "/proc/sysrq-trigger"]);
        spec.Linux.Resources!.Pids!.Limit.Should().Be(2048);
        spec.Linux.Resources.Devices.Should().ContainSingle().Which.Allow.Should().BeFalse();
        spec.Linux.CgroupsPath.Should().Be("/vordr-test/0123456789abcdef");
        spec.Hostname.Should().Be("0123456789ab");
        spec.Linux.Namespaces.Select(space => space.Type)
            .Should()
            .BeEquivalentTo("pid", "network", "ipc", "uts", "mount", "cgroup");
        spec.Mounts.Single(mount => mount.Destination == "/sys/fs/cgroup").Options.Should().Contain("ro");
        spec.Annotations.Should().BeNull();
        spec.Hooks.Should().BeNull();
        JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec).Should().NotContain("null");
    }

    [Fact]
    public void Requests_that_weaken_are_in_the_spec_for_rules_to_judge()
    {
        var (spec, notes) = Build(input =>
            input with
            {
                Privileged = true,
                HostPid = true,
                HostIpc = true,
                HostUts = true,
                Network = new() { Mode = NetworkMode.Host },
                PidsLimit = 0,
            }
        );

        spec.Process.NoNewPrivileges.Should().BeFalse();
        spec.Process.Capabilities!.Effective.Should().Contain("CAP_SYS_ADMIN");
        spec.Linux.Seccomp.Should().BeNull();
        spec.Linux.MaskedPaths.Should().BeNull();
        spec.Linux.ReadonlyPaths.Should().BeNull();
        spec.Linux.Namespaces.Select(space => space.Type).Should().BeEquivalentTo("mount", "cgroup");
        spec.Linux.Resources!.Devices.Should().ContainSingle().Which.Allow.Should().BeTrue();
        spec.Linux.Devices.Should()
            .Contain(device => device.Path == "/dev/null" && device.Major == 1 && device.Minor == 3);
        spec.Linux.Resources.Pids!.Limit.Should().Be(-1);
        if (!HostLimits.Read().Capabilities.Contains("CAP_SYS_RESOURCE"))
            notes.Should().ContainSingle(note => note.Contains("CAP_SYS_RESOURCE"));
    }

    [Fact]
    public void Devices_are_given_with_their_access()
    {
        var spec = Build(input => input with { Devices = ["/dev/zero:/dev/nothing:r"] }).Spec;

        spec.Linux.Devices.Should()
            .ContainSingle()
            .Which.Should()
            .Match<LinuxDevice>(device =>
                device.Path == "/dev/nothing" && device.Type == "c" && device.Major == 1 && device.Minor == 5
            );
        spec.Linux.Resources!.Devices![1]
            .Should()
            .Be(
                new DeviceRule
                {
                    Allow = true,
                    Type = "c",
                    Major = 1,
                    Minor = 5,
                    Access = "r",
                }
            );
        var file = () => Build(input => input with { Devices = ["/etc/passwd"] });
        file.Should().Throw<PublicError>();
        var access = () => Build(input => input with { Devices = ["/dev/zero:/dev/zero:rx"] });
        access.Should().Throw<PublicError>();
    }

    [Fact]
    public void Image_config_is_honoured_as_Docker_does()
    {
        var image = new ExecutionConfig
        {
            Entrypoint = ["/entry"],
            Cmd = ["default"],
            Env = ["A=image", "B=image", "odd"],
            WorkingDir = "/srv/app",
        };

        var spec = Build(input => input with { Image = image, Command = null, Env = ["B=asked"] }).Spec;

        spec.Process.Args.Should().Equal("/entry", "default");
        spec.Process.Env.Should()
            .Contain(["A=image", "B=asked", "HOME=/"])
            .And.NotContain("odd")
            .And.NotContain("B=image");
        spec.Process.Cwd.Should().Be("/srv/app");
        Build(input => input with { Image = image, Command = ["x"] }).Spec.Process.Args.Should().Equal("/entry", "x");
        Build(input => input with { Image = image, Command = null, Entrypoint = ["/e"] })
            .Spec.Process.Args.Should()
            .Equal("/e");
        Build(input => input with { Image = image, Command = ["x"], Entrypoint = [] })
            .Spec.Process.Args.Should()
            .Equal("x");
    }

    [Fact]
    public void Mount_points_of_a_read_only_root_are_what_it_must_hold()
    {
        File.WriteAllText(Path.Combine(root, "file"), "");

        var points = SpecBuilder.MountPoints(
            Input() with
            {
                Binds =
                [
                    new(root, "/data/deep"),
                    new(Path.Combine(root, "file"), "/conf"),
                    new(root, "/dev/shm/inner"),
                ],
            }
        );

        points
            .Should()
            .BeEquivalentTo<MountPoint>([
                new("/proc", true),
                new("/dev", true),
                new("/sys", true),
                new("/etc/hosts", false),
                new("/etc/hostname", false),
                new("/etc/resolv.conf", false),
                new("/data/deep", true),
                new("/conf", false),
            ]);
    }

    [Fact]
    public void Limits_above_the_hosts_are_clipped_and_said()
    {
        var host = new HostLimits(
            new HashSet<string> { "CAP_CHOWN" },
            new Dictionary<string, ulong> { ["RLIMIT_NOFILE"] = 100, ["RLIMIT_NPROC"] = 5 }
        );
        var notes = new List<string>();

        host.Clip(["CAP_CHOWN", "CAP_SYS_RESOURCE"], notes).Should().Equal("CAP_CHOWN");
        host.Clip([new ProcessRlimit("RLIMIT_NPROC", 9, 7)], notes)
            .Should()
            .Equal(new ProcessRlimit("RLIMIT_NPROC", 5, 5), new ProcessRlimit("RLIMIT_NOFILE", 100, 100));
        notes.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(new[] { "NET_ADMIN" }, new string[0], "CAP_NET_ADMIN", true)]
    [InlineData(new string[0], new[] { "cap_chown" }, "CAP_CHOWN", false)]
    [InlineData(new[] { "CHOWN" }, new[] { "ALL" }, "CAP_CHOWN", true)]
    [InlineData(new[] { "CHOWN" }, new[] { "ALL" }, "CAP_KILL", false)]
    [InlineData(new[] { "ALL" }, new[] { "SYS_ADMIN" }, "CAP_SYS_ADMIN", false)]
    [InlineData(new[] { "ALL" }, new[] { "SYS_ADMIN" }, "CAP_BPF", true)]
    public void Capabilities_are_added_and_dropped(string[] add, string[] drop, string name, bool present) =>
        CapabilityNames.Choose(privileged: false, add, drop).Contains(name).Should().Be(present);

    [Fact]
    public void Capability_that_is_none_is_refused()
    {
        var choose = () => CapabilityNames.Choose(privileged: false, ["NET_EVERYTHING"], []);

        choose.Should().Throw<PublicError>();
    }

    private SpecResult Build(Func<SpecInput, SpecInput>? with = null) =>
        new SpecBuilder(Runc, CgroupHierarchy.Detect()).Build(with?.Invoke(Input()) ?? Input());

    private SpecInput Input() =>
        new()
        {
            ContainerId = "0123456789abcdef",
            Instance = "vordr-test",
            RootfsPath = Path.Combine(root, "rootfs"),
            ContainerDirectory = Path.Combine(root, "container"),
            Command = ["/bin/true"],
        };
}
