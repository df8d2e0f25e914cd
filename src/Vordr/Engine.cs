using System.Runtime.CompilerServices;
using Oci.Errors;
using Vordr.Bundles;
using Vordr.Containers;
using Vordr.Decisions;
using Vordr.Doctor;
using Vordr.Images;
using Vordr.Logs;
using Vordr.Networks;
using Vordr.Recovery;

namespace Vordr;

/// <summary>
/// The container engine over one state directory. Any number of engines, in any number of processes, may be open over
/// the same root at once, and any may be killed at any instruction (architecture.md, "Process model"). Safe to use
/// from several threads. What callers may see is thrown as <see cref="PublicError"/>.
/// </summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly Instance _instance;

    private Engine(Instance instance) => _instance = instance;

    /// <summary>What the engine was opened with.</summary>
    public EngineOptions Options => _instance.Options;

    /// <summary>Opens the state, making it where there is none. Touches neither network nor runtime.</summary>
    /// <exception cref="PublicError">
    /// <see cref="ErrorId.StateCorrupt"/>: the state is damaged or a newer version wrote it.
    /// </exception>
    public static Engine Open(EngineOptions options) => new(new Instance(options));

    /// <summary>Judges a bundle and stores it when it is allowed; a refused one leaves nothing but the decision.</summary>
    public Task<LoadResult> LoadAsync(LoadRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new LoadBundle(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Says what the policy says of content; stores nothing, decides nothing.</summary>
    public Task<VerifyResult> VerifyAsync(VerifyRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new VerifyContent(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Resolves a name once, to digests and the evidence that a gateway judges.</summary>
    public Task<EvidenceResult> EvidenceAsync(EvidenceRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new ReadEvidence(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Makes a container, not started.</summary>
    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new RunContainer(_instance).CreateAsync(request, cancellation), cancellation);

    /// <summary>Starts a container that is created or stopped; with streams, returns when it has ended.</summary>
    public Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new RunContainer(_instance).StartAsync(request, cancellation), cancellation);

    /// <summary>Creates and starts; when the start fails, nothing of the container is left.</summary>
    public Task<StartResult> RunAsync(RunRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new RunContainer(_instance).RunAsync(request, cancellation), cancellation);

    /// <summary>Stops a container; one that doesn't run is left as it is.</summary>
    public Task<EndResult> StopAsync(StopRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new StopContainer(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Sends a signal to a running container's first process.</summary>
    public Task KillAsync(KillRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new StopContainer(_instance).SignalAsync(request, cancellation), cancellation);

    /// <summary>Removes a container and everything that was made for it.</summary>
    public Task<ContainerId> RemoveAsync(RemoveRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new RemoveContainer(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Waits until a container has ended.</summary>
    public Task<EndResult> WaitAsync(WaitRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new WaitForContainer(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Lists containers, newest first, as the kernel says they are.</summary>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(
        ListRequest request,
        CancellationToken cancellation = default
    ) => DoAsync(() => new ListContainers(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Tells all of a container.</summary>
    public Task<ContainerDetails> InspectAsync(InspectRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new InspectContainer(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Reads what a container wrote, oldest line first.</summary>
    public async IAsyncEnumerable<LogLine> LogsAsync(
        LogsRequest request,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await ReconcileAsync(cancellation);
        await foreach (var line in new ReadLogs(_instance).ExecuteAsync(request, cancellation))
            yield return line;
    }

    /// <summary>Runs a process in a running container and waits for its end.</summary>
    public Task<ExecResult> ExecAsync(ExecRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new ExecInContainer(_instance).ExecuteAsync(request, cancellation), cancellation);

    /// <summary>Lists stored images.</summary>
    public Task<IReadOnlyList<ImageSummary>> ImagesAsync(
        ImagesRequest request,
        CancellationToken cancellation = default
    ) => DoAsync(() => Task.FromResult(new ListImages(_instance).Execute()), cancellation);

    /// <summary>Lists networks.</summary>
    public Task<IReadOnlyList<NetworkSummary>> NetworksAsync(
        NetworksRequest request,
        CancellationToken cancellation = default
    ) => DoAsync(() => Task.FromResult(new ManageNetworks(_instance).List()), cancellation);

    /// <summary>Makes a network.</summary>
    public Task<NetworkSummary> CreateNetworkAsync(
        CreateNetworkRequest request,
        CancellationToken cancellation = default
    ) => DoAsync(() => new ManageNetworks(_instance).CreateAsync(request, cancellation), cancellation);

    /// <summary>Removes a network that no container uses.</summary>
    public Task RemoveNetworkAsync(RemoveNetworkRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => new ManageNetworks(_instance).RemoveAsync(request, cancellation), cancellation);

    /// <summary>Tells a recorded decision.</summary>
    public Task<Decision> ExplainAsync(ExplainRequest request, CancellationToken cancellation = default) =>
        DoAsync(() => Task.FromResult(new ReadDecisions(_instance).Execute(request)), cancellation);

    /// <summary>Looks over the host; changes nothing.</summary>
    public Task<DoctorReport> DoctorAsync(CancellationToken cancellation = default) =>
        new HostChecks(_instance).ExecuteAsync(cancellation);

    /// <summary>Settles a container's exit: what conmon calls when its process has ended.</summary>
    /// <param name="container">The full id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task SettleAsync(string container, CancellationToken cancellation = default)
    {
        if (!ContainerId.TryParse(container, out var id))
            throw new PublicError(ErrorId.Usage, "A container is settled by its full id.");
        // conmon's own group is removed with the rest, and would take us along.
        _instance.Cgroups.Enter("/", Environment.ProcessId);
        try
        {
            await new SettleContainer(_instance).ExecuteAsync(id, cancellation);
        }
        finally
        {
            await _instance.ReleaseIdleAsync();
        }
    }

    /// <summary>Finishes or undoes what killed commands left half done. Each of the above does so first.</summary>
    public Task ReconcileAsync(CancellationToken cancellation = default) =>
        new Reconciler(_instance).ExecuteAsync(cancellation);

    private Task<bool> DoAsync(Func<Task> operation, CancellationToken cancellation) =>
        DoAsync(
            async () =>
            {
                await operation();
                return true;
            },
            cancellation
        );

    private async Task<T> DoAsync<T>(Func<Task<T>> operation, CancellationToken cancellation)
    {
        try
        {
            await ReconcileAsync(cancellation);
            return await operation();
        }
        finally
        {
            await _instance.ReleaseIdleAsync();
        }
    }

    /// <summary>Closes the state. Containers go on.</summary>
    public ValueTask DisposeAsync()
    {
        _instance.Dispose();
        return ValueTask.CompletedTask;
    }
}
