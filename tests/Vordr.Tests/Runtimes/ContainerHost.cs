using System.Text;
using System.Text.Json;
using Oci.Runtime;
using Vordr.Cgroups;
using Vordr.Conmon;
using Vordr.Processes;
using Vordr.Runtimes;
using Vordr.Specs;

namespace Vordr.Tests.Runtimes;

/// <summary>Real containers from a busybox root filesystem, under directories and control groups of the test's own.</summary>
internal sealed class ContainerHost : IAsyncDisposable
{
    // What `vordr oci-runtime` does, without needing the program.
    private static readonly IReadOnlyList<string> Wrapper =
    [
        "/usr/bin/unshare",
        "-m",
        "--propagation",
        "private",
        "/bin/sh",
        "-c",
        "umount /sys/fs/cgroup/unified; exec \"$@\"",
        "sh",
    ];

    private readonly List<string> containers = [];

    public ContainerHost(string runtime)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Assert.SkipUnless(RuntimeLocator.TryFind(runtime) is not null, $"needs {runtime}");
        Instance = "vordr-t" + Guid.NewGuid().ToString("N")[..6];
        Root = Path.Combine(Path.GetTempPath(), Instance);
        Watcher = new();
        Cgroups = CgroupHierarchy.Detect();
        Runtime = new(new RuntimeLocator(Cgroups, Wrapper), Path.Combine(Root, "oci"), Watcher, runtime);
        Conmon = new(ConmonLauncher.Find(), Runtime, Cgroups, Watcher);
        Directory.CreateDirectory(ExitDirectory);
        Exits = new(ExitDirectory, Watcher, TimeProvider.System);
        MakeRootfs(Rootfs);
    }

    public string Instance { get; }

    public string Root { get; }

    public string Rootfs => Path.Combine(Root, "rootfs");

    public string ExitDirectory => Path.Combine(Root, "exits");

    public ProcessWatcher Watcher { get; }

    public CgroupHierarchy Cgroups { get; }

    public OciRuntimeProgram Program => Runtime.Program;

    public OciRuntime Runtime { get; }

    public ConmonLauncher Conmon { get; }

    public ExitFiles Exits { get; }

    /// <summary>A spec input for a container named <paramref name="id"/> that runs a shell script.</summary>
    public SpecInput Input(string id, string script) =>
        new()
        {
            ContainerId = id,
            Instance = Instance,
            RootfsPath = Rootfs,
            ContainerDirectory = Path.Combine(Root, id),
            Command = ["/bin/sh", "-c", script],
        };

    /// <summary>Creates the container of a finished input, without compiled filter.</summary>
    public Task<TestContainer> CreateAsync(SpecInput input, bool standardInput = false) =>
        CreateAsync(input, new SpecBuilder(Program, Cgroups).Build(input).Spec, standardInput);

    /// <summary>Creates a container of a finished spec.</summary>
    public async Task<TestContainer> CreateAsync(
        SpecInput input,
        RuntimeSpec spec,
        bool standardInput = false,
        IReadOnlyList<string>? exitCommand = null
    )
    {
        var directory = Path.Combine(Root, input.ContainerId);
        var persist = Path.Combine(directory, "persist");
        Directory.CreateDirectory(persist);
        await File.WriteAllBytesAsync(
            Path.Combine(directory, "config.json"),
            JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Default.RuntimeSpec)
        );
        containers.Add(input.ContainerId);
        var process = await Conmon.CreateAsync(
            new()
            {
                ContainerId = input.ContainerId,
                Name = input.ContainerId,
                BundleDirectory = directory,
                LogPath = Path.Combine(directory, "log"),
                ExitDirectory = ExitDirectory,
                PersistDirectory = persist,
                Instance = Instance,
                StandardInput = standardInput,
                ExitCommand = exitCommand ?? [],
            },
            CancellationToken.None
        );
        return new(this, input.ContainerId, directory, spec, process);
    }

    /// <summary>Creates, starts and waits: exit, output, error output.</summary>
    public async Task<(ContainerExit Exit, string Output, string Error)> RunAsync(SpecInput input)
    {
        var container = await CreateAsync(input);
        await Runtime.StartAsync(input.ContainerId, CancellationToken.None);
        var exit = await container.WaitAsync();
        return (exit, container.Log("stdout"), container.Log("stderr"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in containers)
        {
            await Runtime.DeleteAsync(id, force: true, CancellationToken.None);
            await Cgroups.RemoveAsync(CgroupPaths.Container(Instance, id), Watcher, CancellationToken.None);
            await Cgroups.RemoveAsync(CgroupPaths.Conmon(Instance, id), Watcher, CancellationToken.None);
        }
        await Cgroups.RemoveAsync(CgroupPaths.Instance(Instance), Watcher, CancellationToken.None);
        Exits.Dispose();
        Watcher.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private static void MakeRootfs(string rootfs)
    {
        foreach (var directory in new[] { "bin", "dev", "etc", "proc", "sys", "tmp", "root", "var" })
            Directory.CreateDirectory(Path.Combine(rootfs, directory));
        File.Copy("/bin/busybox", Path.Combine(rootfs, "bin/busybox"));
        foreach (
            var applet in "sh cat echo id ls sleep mount umount hostname true false head dd grep wc touch mkdir chroot unshare yes tr env pwd mknod date nc kill seq swapoff".Split(
                ' '
            )
        )
            File.CreateSymbolicLink(Path.Combine(rootfs, "bin", applet), "busybox");
        File.WriteAllText(
            Path.Combine(rootfs, "etc/passwd"),
            "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"
        );
        File.WriteAllText(Path.Combine(rootfs, "etc/group"), "root:x:0:\napp:x:1001:\nlogs:x:1002:app,other\n");
    }
}

/// <summary>A created container.</summary>
internal sealed record TestContainer(
    ContainerHost Host,
    string Id,
    string Directory,
    RuntimeSpec Spec,
    ContainerProcess Process
)
{
    public string PersistDirectory => Path.Combine(Directory, "persist");

    public Task StartAsync() => Host.Runtime.StartAsync(Id, CancellationToken.None);

    public Task<ContainerExit> WaitAsync() =>
        Host.Exits.WaitAsync(Id, PersistDirectory, Process.Conmon, CancellationToken.None);

    /// <summary>What the log holds of one stream: <c>time stream P|F text</c> a line.</summary>
    public string Log(string stream)
    {
        var text = new StringBuilder();
        foreach (var line in File.ReadAllLines(Path.Combine(Directory, "log")))
        {
            var parts = line.Split(' ', 4);
            if (parts[1] == stream)
                text.Append(parts[3]).Append(parts[2] == "F" ? "\n" : "");
        }
        return text.ToString();
    }

    /// <summary>Executes a script in the container.</summary>
    public Task<ExecResult> ExecAsync(params string[] command) => ExecAsync(new ExecOptions { Command = command });

    public Task<ExecResult> ExecAsync(ExecOptions options, Func<ExecRequest, ExecRequest>? with = null)
    {
        var request = new ExecRequest
        {
            ContainerId = Id,
            Process = ExecProcess.Build(Spec, Host.Rootfs, options),
            ScratchDirectory = Directory,
        };
        return Host.Runtime.ExecAsync(with?.Invoke(request) ?? request, CancellationToken.None);
    }
}
