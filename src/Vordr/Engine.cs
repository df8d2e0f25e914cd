using Vordr.Bundles;
using Vordr.Containers;
using Vordr.Decisions;
using Vordr.Doctor;
using Vordr.Images;
using Vordr.Logs;
using Vordr.Networks;

namespace Vordr;

/// <summary>
/// The container engine over one state directory. Any number of engines, in any number of processes, may be open over
/// the same root at once, and any may be killed at any instruction (architecture.md, "Process model"). Safe to use
/// from several threads. What callers may see is thrown as <see cref="Oci.Errors.PublicError"/>.
/// </summary>
public sealed class Engine : IAsyncDisposable
{
    private Engine(EngineOptions options) => Options = options;

    /// <summary>What the engine was opened with.</summary>
    public EngineOptions Options { get; }

    /// <summary>Opens the state, making it where there is none. Touches neither network nor runtime.</summary>
    /// <exception cref="Oci.Errors.PublicError">
    /// <see cref="Oci.Errors.ErrorId.StateCorrupt"/>: the state is damaged or a newer version wrote it.
    /// </exception>
    public static Engine Open(EngineOptions options) => new(options);

    /// <summary>Judges a bundle and stores it when it is allowed; a refused one leaves nothing but the decision.</summary>
    public Task<LoadResult> LoadAsync(LoadRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Says what the policy says of content; stores nothing, decides nothing.</summary>
    public Task<VerifyResult> VerifyAsync(VerifyRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Resolves a name once, to digests and the evidence that a gateway judges.</summary>
    public Task<EvidenceResult> EvidenceAsync(EvidenceRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a container, not started.</summary>
    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Starts a container that is created or stopped; with streams, returns when it has ended.</summary>
    public Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Creates and starts; when the start fails, nothing of the container is left.</summary>
    public Task<StartResult> RunAsync(RunRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Stops a container; one that doesn't run is left as it is.</summary>
    public Task<EndResult> StopAsync(StopRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Sends a signal to a running container's first process.</summary>
    public Task KillAsync(KillRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Removes a container and everything that was made for it.</summary>
    public Task<ContainerId> RemoveAsync(RemoveRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Waits until a container has ended.</summary>
    public Task<EndResult> WaitAsync(WaitRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Lists containers, newest first, as the kernel says they are.</summary>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(
        ListRequest request,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException();

    /// <summary>Tells all of a container.</summary>
    public Task<ContainerDetails> InspectAsync(InspectRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Reads what a container wrote, oldest line first.</summary>
    public IAsyncEnumerable<LogLine> LogsAsync(LogsRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Runs a process in a running container and waits for its end.</summary>
    public Task<ExecResult> ExecAsync(ExecRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Lists stored images.</summary>
    public Task<IReadOnlyList<ImageSummary>> ImagesAsync(
        ImagesRequest request,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException();

    /// <summary>Lists networks.</summary>
    public Task<IReadOnlyList<NetworkSummary>> NetworksAsync(
        NetworksRequest request,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException();

    /// <summary>Makes a network.</summary>
    public Task<NetworkSummary> CreateNetworkAsync(
        CreateNetworkRequest request,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException();

    /// <summary>Removes a network that no container uses.</summary>
    public Task RemoveNetworkAsync(RemoveNetworkRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Tells a recorded decision.</summary>
    public Task<Decision> ExplainAsync(ExplainRequest request, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Looks over the host.</summary>
    public Task<DoctorReport> DoctorAsync(CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Settles a container's exit: what conmon calls when its process has ended.</summary>
    /// <param name="container">The full id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task SettleAsync(string container, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Finishes or undoes what killed commands left half done. Each of the above does so first.</summary>
    public Task ReconcileAsync(CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Closes the state. Containers go on.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
