using System.Diagnostics;
using System.Text;
using Vordr.Bundles;
using Vordr.Cgroups;
using Vordr.Containers;

namespace Vordr.Tests.Engines;

/// <summary>An engine under roots of the test's own, and everything of it taken away again, also on failure.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly string _directory;

    public EngineHost(TimeProvider? time = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        _directory = Path.Join(Path.GetTempPath(), "vordr-e" + Guid.NewGuid().ToString("n")[..8]);
        Directory.CreateDirectory(Config);
        Publisher = new TestPublisher(Path.Join(_directory, "publisher"));
        Publisher.Store().Save(Path.Join(Config, "trust-store.json"));
        Options = new EngineOptions
        {
            Root = Path.Join(_directory, "root"),
            RunRoot = Path.Join(_directory, "run"),
            ConfigDirectory = Config,
            SelfExecutable = [Environment.ProcessPath!],
            Time = time ?? TimeProvider.System,
        };
        Engine = Engine.Open(Options);
    }

    public TestPublisher Publisher { get; }

    public EngineOptions Options { get; }

    public Engine Engine { get; private set; }

    public string Config => Path.Join(_directory, "config");

    public string Instance => new InstancePaths(Options.Root, Options.RunRoot).Instance;

    /// <summary>Opens the instance's parts beside the engine, to look at its state.</summary>
    public Instance Look() => new(Options);

    /// <summary>Packs, signs and loads the busybox image.</summary>
    public async Task<LoadResult> LoadAsync(string name = "box", string version = "1")
    {
        var file = await Publisher.PackAsync(name, version);
        return await LoadFileAsync(file);
    }

    public async Task<LoadResult> LoadFileAsync(string file)
    {
        await using var content = File.OpenRead(file);
        return await Engine.LoadAsync(new(Caller.CommandLine, content));
    }

    public static CreateRequest Create(string script, ContainerOptions? options = null, string image = "box:1") =>
        new()
        {
            Caller = Caller.CommandLine,
            Image = image,
            Options = (options ?? new ContainerOptions { Network = "none" }) with
            {
                Command = ["/bin/sh", "-c", script],
            },
        };

    /// <summary>Runs a script detached.</summary>
    public Task<StartResult> RunAsync(string script, ContainerOptions? options = null) =>
        Engine.RunAsync(new() { Create = Create(script, options) });

    /// <summary>Runs a script in the foreground: result, output, error output.</summary>
    public async Task<(StartResult Result, string Output, string Error)> ForegroundAsync(
        string script,
        ContainerOptions? options = null
    )
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var result = await Engine.RunAsync(
            new() { Create = Create(script, options), Streams = new ContainerStreams(null, output, error) }
        );
        return (result, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>Waits until the container has written this line.</summary>
    public async Task SaysAsync(ContainerId container, string line)
    {
        await foreach (var said in Engine.LogsAsync(new(Caller.CommandLine, container.ToString()) { Follow = true }))
        {
            if (Encoding.UTF8.GetString(said.Text.Span) == line)
                return;
        }
        Assert.Fail($"The container ended without saying '{line}'.");
    }

    /// <summary>Starts a command in a process of its own, as <c>vordr</c> would be.</summary>
    public Process Spawn(params string[] verb) =>
        Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                ["--root", Options.Root, "--run-root", Options.RunRoot, .. verb]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Engine.ReconcileAsync();
            foreach (var container in await Engine.ListAsync(new(Caller.CommandLine) { All = true }))
                await Engine.RemoveAsync(new(Caller.CommandLine, container.Id.ToString(), Force: true));
        }
        finally
        {
            await Engine.DisposeAsync();
            using (var instance = new Instance(Options))
            {
                await instance.Cgroups.RemoveAsync(
                    CgroupPaths.Instance(Instance),
                    instance.Watcher,
                    CancellationToken.None
                );
                foreach (var container in instance.Rootfs.Mounted())
                    instance.Rootfs.Unmount(container);
            }
            Publisher.Dispose();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
