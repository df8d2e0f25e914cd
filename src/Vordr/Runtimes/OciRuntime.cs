#pragma warning disable CS9113 // filled this evening
using Oci.Runtime;
using Vordr.Processes;

namespace Vordr.Runtimes;

/// <summary>The verbs of an OCI runtime, except <c>create</c>, which is conmon's to call.</summary>
/// <param name="program">The runtime.</param>
/// <param name="stateDirectory">Where the runtime keeps its state (<c>--root</c>): one an instance, on a tmpfs or not.</param>
/// <param name="watcher">Waits for the runtime's end.</param>
internal sealed class OciRuntime(OciRuntimeProgram program, string stateDirectory, ProcessWatcher watcher)
{
    /// <summary>The runtime.</summary>
    public OciRuntimeProgram Program { get; } = program;

    /// <summary>Arguments that stand before every verb: the state directory and the cgroup manager.</summary>
    public IReadOnlyList<string> GlobalArguments => throw new NotImplementedException();

    /// <summary>Lets a created container's process go.</summary>
    public Task StartAsync(string containerId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Signals the container's init, or all of its processes. False when nothing runs any more.</summary>
    public Task<bool> KillAsync(string containerId, int signal, bool all, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Removes what the runtime holds of a stopped container; with force kills it first. Twice is once.</summary>
    public Task DeleteAsync(string containerId, bool force, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The runtime's own view, or null when it doesn't know the container.</summary>
    public Task<RuntimeState?> StateAsync(string containerId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Runs another process in a running container to its end.</summary>
    public Task<ExecResult> ExecAsync(ExecRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>What the runtime says of its version: first line of <c>--version</c>.</summary>
    public Task<string> VersionAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
