using Vordr.Cgroups;
using Vordr.Linux;
using Vordr.Processes;
using Vordr.Runtimes;

namespace Vordr.Tests.Cgroups;

public sealed class CgroupHierarchyTests
{
    private const string Unified = "30 1 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

    private const string Legacy =
        "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        + "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:3 master:1 - cgroup cgroup rw,cpu,cpuacct\n"
        + "33 30 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n";

    private const string Beside = "34 30 0:30 / /sys/fs/cgroup/with\\040blank rw - cgroup2 cgroup2 rw\n";

    [Theory]
    [InlineData("", "Legacy")]
    [InlineData("garbage\n1 2 3\n- - - -\n", "Legacy")]
    [InlineData(Unified, "Unified")]
    [InlineData(Legacy, "Legacy")]
    [InlineData(Legacy + Beside, "Hybrid")]
    public void Layout_is_read_from_the_mount_table(string mounts, string mode) =>
        CgroupHierarchy.Parse(mounts).Mode.ToString().Should().Be(mode);

    [Fact]
    public void Trees_have_their_controllers_and_places()
    {
        var trees = CgroupHierarchy.Parse(Legacy + Beside).Trees;

        trees
            .Select(tree => string.Join('+', tree.Controllers))
            .Should()
            .Equal("memory", "cpu+cpuacct", "name=systemd", "");
        trees[3].MountPoint.Should().Be("/sys/fs/cgroup/with blank");
        trees[0].Directory("/a/b").Should().Be("/sys/fs/cgroup/memory/a/b");
    }

    [Theory]
    [InlineData("vordr", "/vordr.slice/vordr-id.scope")]
    [InlineData("vordr-abc", "/vordr.slice/vordr-abc.slice/vordr-abc-id.scope")]
    public void Group_made_by_systemd_lies_in_its_slice(string instance, string path) =>
        CgroupPaths.SystemdContainer(instance, "id").Should().Be(path);

    [Fact]
    public async Task Group_is_left_empty_and_removed_with_whatever_runs_in_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var cgroups = CgroupHierarchy.Detect();
        var path = $"/vordr-t{Guid.NewGuid():N}";
        using var watcher = new ProcessWatcher();
        using var child = ChildProcess.Start(new Launch { Path = "/bin/sleep", Arguments = ["60"] });
        try
        {
            cgroups.Enter(path, child.Pid);
            cgroups.Enter(path + "/below", child.Pid);
            cgroups.Processes(path).Should().Equal(child.Pid);
        }
        finally
        {
            await cgroups.RemoveAsync(path, watcher, CancellationToken.None);
        }

        (await child.WaitAsync(watcher, CancellationToken.None)).Should().Be(new ChildExit(true, Signals.Kill));
        cgroups.Processes(path).Should().BeEmpty();
        cgroups.Trees.Should().NotContain(tree => Directory.Exists(tree.Directory(path)));
        await cgroups.RemoveAsync(path, watcher, CancellationToken.None);
        cgroups.OomKills(path).Should().Be(0);
        cgroups.Warm();
    }

    [Fact]
    public void Runtime_that_the_host_troubles_is_wrapped_and_says_why()
    {
        Assert.SkipUnless(RuntimeLocator.TryFind("crun") is not null, "needs crun");
        string[] wrapper = ["/usr/bin/vordr", OciRuntimeWrapper.Verb];

        var hybrid = new RuntimeLocator(CgroupHierarchy.Parse(Legacy + Beside), wrapper).Find("crun");
        var unified = new RuntimeLocator(CgroupHierarchy.Parse(Unified), wrapper) { SystemdRuns = true }.Find("crun");
        var legacy = new RuntimeLocator(CgroupHierarchy.Parse(Legacy), wrapper).Find();

        hybrid.CreateCommand.Should().Equal("/usr/bin/vordr", OciRuntimeWrapper.Verb, hybrid.Path);
        hybrid.Why.Should().Contain("version 1 with a version 2 tree");
        unified.Wrapped.Should().BeFalse();
        unified.SystemdCgroups.Should().BeTrue();
        legacy.Name.Should().Be("crun");
        legacy.Wrapped.Should().BeFalse();
    }

    [Fact]
    public void Runtime_that_is_not_there_is_said()
    {
        var locator = new RuntimeLocator(CgroupHierarchy.Parse(Unified), []);

        var find = () => locator.Find("/nonexistent/runtime");

        find.Should().Throw<Oci.Errors.PublicError>().Which.Id.Should().Be(Oci.Errors.ErrorId.RuntimeNotFound);
    }
}
