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
internal sealed class Instance : IDisposable
{
    private readonly Lazy<CgroupHierarchy> _cgroups = new(CgroupHierarchy.Detect);
    private readonly Lazy<OciRuntime> _runtime;
    private readonly Lazy<ConmonLauncher> _conmon;
    private readonly Lazy<NetworkStack> _networks;
    private readonly Lazy<ContentStore> _content;
    private readonly Lazy<LayerStore> _layers;

    public Instance(EngineOptions options)
    {
        Options = options;
        Paths = new InstancePaths(options.Root, options.RunRoot);
        Paths.Make();
        Database = Database.Open(Paths.Database);
        Locks = new LockDirectory(Paths.Locks);
        Self = options.SelfExecutable ?? [Environment.ProcessPath!];
        Watcher = new ProcessWatcher();
        _content = new(() => new ContentStore(Paths.Root));
        _layers = new(() => new LayerStore(Paths.Root, Paths.RunRoot, Content));
        Rootfs = new RootFilesystem(Paths.Root);
        Exits = new ExitFiles(Paths.Exits, Watcher, options.Time);
        _networks = new(() => new NetworkStack(new NetworkStackOptions(Paths.Instance, Paths.RunRoot)));
        _runtime = new(() =>
            new OciRuntime(
                new RuntimeLocator(Cgroups, [.. Self, OciRuntimeWrapper.Verb]).Find(),
                Paths.RuntimeState,
                Watcher
            )
        );
        _conmon = new(() => new ConmonLauncher(ConmonLauncher.Find(), Runtime, Cgroups, Watcher));
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

    public void Dispose()
    {
        if (_networks.IsValueCreated)
            _networks.Value.Dispose();
        Watcher.Dispose();
        Database.Dispose();
    }
}
