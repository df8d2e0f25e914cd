using Microsoft.Extensions.Logging;
using Vordr.Cgroups;
using Vordr.Conmon;
using Vordr.Decisions;
using Vordr.Locks;
using Vordr.Networks;
using Vordr.Processes;
using Vordr.Runtimes;
using Vordr.State;
using Vordr.Storage;

namespace Vordr;

/// <summary>The parts of one opened instance, which the operations work with. What asks the host is made at first use.</summary>
internal sealed partial class Instance : IDisposable
{
    private readonly Lazy<CgroupHierarchy> _cgroups = new(CgroupHierarchy.Detect);
    private readonly Lazy<OciRuntime> _runtime;
    private readonly Lazy<ConmonLauncher> _conmon;
    private readonly Lazy<NetworkStack> _networks;
    private readonly Lazy<ContentStore> _content;
    private readonly Lazy<LayerStore> _layers;
    private bool _mayBeIdle;

    public Instance(EngineOptions options)
    {
        Options = options;
        Paths = new InstancePaths(options.Root, options.RunRoot);
        Paths.Make();
        Database = Database.Open(Paths.Database);
        Locks = new LockDirectory(Paths.Locks);
        Self = options.SelfExecutable ?? ThisProgram();
        Watcher = new ProcessWatcher();
        _content = new(() => new ContentStore(Paths.Root));
        _layers = new(() => new LayerStore(Paths.Root, Paths.RunRoot, Content));
        Rootfs = new RootFilesystem(Paths.Root);
        Exits = new ExitFiles(Paths.Exits, Watcher, options.Time);
        _networks = new(() => new NetworkStack(new NetworkStackOptions(Paths.Instance, Paths.RunRoot)));
        // What isn't installed may be later: a failure isn't remembered.
        _runtime = new(
            () =>
                new OciRuntime(
                    new RuntimeLocator(Cgroups, [.. Self, OciRuntimeWrapper.Verb]),
                    Paths.RuntimeState,
                    Watcher,
                    options.Runtime
                ),
            LazyThreadSafetyMode.PublicationOnly
        );
        _conmon = new(
            () => new ConmonLauncher(ConmonLauncher.Find(), Runtime, Cgroups, Watcher),
            LazyThreadSafetyMode.PublicationOnly
        );
    }

    public EngineOptions Options { get; }

    public InstancePaths Paths { get; }

    public Database Database { get; }

    public LockDirectory Locks { get; }

    /// <summary>How this program is called again: its path, and arguments that come before any other.</summary>
    public IReadOnlyList<string> Self { get; }

    public ProcessWatcher Watcher { get; }

    public ContentStore Content => _content.Value;

    public LayerStore Layers => _layers.Value;

    public RootFilesystem Rootfs { get; }

    public ExitFiles Exits { get; }

    public CgroupHierarchy Cgroups => _cgroups.Value;

    public OciRuntime Runtime => _runtime.Value;

    public ConmonLauncher Conmon => _conmon.Value;

    public NetworkStack Networks => _networks.Value;

    public Gate Gate => new(Database, Content, Options.ConfigDirectory, Options.Time, Options.Logger);

    public TimeProvider Time => Options.Time;

    public ILogger Logger => Options.Logger;

    /// <summary>The arguments that make another process of this program open the same instance.</summary>
    public IReadOnlyList<string> CallSelf(params IReadOnlyList<string> arguments) =>
        [.. Self, "--root", Paths.Root, "--run-root", Paths.RunRoot, .. arguments];

    /// <summary>Something was taken down: perhaps it was the last of its kind.</summary>
    public void MayBeIdle() => Volatile.Write(ref _mayBeIdle, true);

    /// <summary>
    /// Gives back what all containers share, once none has anything of its own any more: the instance's control group.
    /// Called without a lock, at the end of an operation.
    /// </summary>
    public async Task ReleaseIdleAsync()
    {
        if (!Interlocked.Exchange(ref _mayBeIdle, false) || IsUsed())
            return;
        // Whoever brings a container up shares this lock from before its row is written.
        using var alone = Locks.TryTake(LockNames.Store);
        if (alone is null || IsUsed())
            return;
        try
        {
            await Cgroups.RemoveAsync(CgroupPaths.Instance(Paths.Instance), Watcher, CancellationToken.None);
        }
        catch (IOException error)
        {
            // An empty group hurts nobody, and the next operation that ends idle tries again.
            LogGroupStays(Logger, error);
        }
    }

    // Under the SDK's host the program is the host's first argument.
    private static IReadOnlyList<string> ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
            : [Environment.ProcessPath!];

    private bool IsUsed() =>
        Database.Read(session =>
            session.Count("SELECT EXISTS (SELECT 1 FROM containers WHERE state IS NULL OR boot IS NOT NULL)") != 0
        );

    public void Dispose()
    {
        if (_networks.IsValueCreated)
            _networks.Value.Dispose();
        Watcher.Dispose();
        Database.Dispose();
    }

    [LoggerMessage(
        EventId = 101,
        Level = LogLevel.Debug,
        Message = "The instance's control group could not be removed"
    )]
    private static partial void LogGroupStays(ILogger logger, Exception error);
}
