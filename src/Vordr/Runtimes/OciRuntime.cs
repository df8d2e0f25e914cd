using System.Runtime.InteropServices;
using System.Text.Json;
using Oci.Runtime;
using Vordr.Cgroups;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Runtimes;

/// <summary>
/// The verbs of an OCI runtime, except <c>create</c>, which is conmon's to call. New containers are made by one runtime;
/// a container that another one made, before that was installed or chosen, stays with the one that made it.
/// </summary>
internal sealed class OciRuntime
{
    private readonly RuntimeLocator locator;
    private readonly string stateDirectory;
    private readonly ProcessWatcher watcher;

    /// <summary>Finds the runtime.</summary>
    /// <param name="locator">Where runtimes are found.</param>
    /// <param name="stateDirectory">Where runtimes keep their state, each in a directory of its name: one an instance.</param>
    /// <param name="watcher">Waits for a runtime's end.</param>
    /// <param name="wanted">The runtime for new containers, or null for the best there is.</param>
    public OciRuntime(RuntimeLocator locator, string stateDirectory, ProcessWatcher watcher, string? wanted = null)
    {
        this.locator = locator;
        this.stateDirectory = stateDirectory;
        this.watcher = watcher;
        Program = locator.Find(wanted);
    }

    /// <summary>The runtime that makes new containers.</summary>
    public OciRuntimeProgram Program { get; }

    /// <summary>Arguments that stand before <c>create</c>: the state directory and the cgroup manager.</summary>
    public IReadOnlyList<string> CreateArguments => Arguments(Program);

    /// <summary>The control group that the runtime makes for a container.</summary>
    public string ControlGroup(string instance, string containerId) =>
        Program.SystemdCgroups
            ? CgroupPaths.SystemdContainer(instance, containerId)
            : CgroupPaths.Container(instance, containerId);

    /// <summary>Lets a created container's process go.</summary>
    public async Task StartAsync(string containerId, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(containerId, ["start", containerId], cancellationToken);
        if (outcome.Code != 0)
            throw RuntimeFailure.Of("start the container", outcome.Error);
    }

    /// <summary>Signals the container's init, or all of its processes. False when nothing runs any more.</summary>
    public async Task<bool> KillAsync(string containerId, int signal, bool all, CancellationToken cancellationToken)
    {
        string[] arguments = all ? ["kill", "--all", containerId, $"{signal}"] : ["kill", containerId, $"{signal}"];
        var outcome = await RunAsync(containerId, arguments, cancellationToken);
        if (outcome.Code == 0)
            return true;
        // Each runtime has its own words for "it has ended": its state is asked instead.
        if (await StateAsync(containerId, cancellationToken) is null or { Status: "stopped" })
            return false;
        throw RuntimeFailure.Of("signal the container", outcome.Error);
    }

    /// <summary>Removes what the runtime holds of a stopped container; with force kills it first. Twice is once.</summary>
    public async Task DeleteAsync(string containerId, bool force, CancellationToken cancellationToken)
    {
        if (!Knows(containerId))
            return;
        string[] arguments = force ? ["delete", "--force", containerId] : ["delete", containerId];
        var outcome = await RunAsync(containerId, arguments, cancellationToken);
        if (outcome.Code != 0 && Knows(containerId))
            throw RuntimeFailure.Of("remove the container from the runtime", outcome.Error);
    }

    /// <summary>The runtime's own view, or null when it doesn't know the container.</summary>
    public async Task<RuntimeState?> StateAsync(string containerId, CancellationToken cancellationToken)
    {
        if (!Knows(containerId))
            return null;
        var outcome = await RunAsync(containerId, ["state", containerId], cancellationToken);
        if (outcome.Code == 0)
            return JsonSerializer.Deserialize(outcome.Output, RuntimeJson.Default.RuntimeState);
        return Knows(containerId) ? throw RuntimeFailure.Of("read the container's state", outcome.Error) : null;
    }

    /// <summary>Runs another process in a running container to its end.</summary>
    /// <exception cref="Oci.Errors.PublicError">It could not be executed, with exit code 126 or 127.</exception>
    public Task<ExecResult> ExecAsync(ExecRequest request, CancellationToken cancellationToken)
    {
        var owner = Owner(request.ContainerId);
        return new ContainerExec(owner, Arguments(owner), watcher).RunAsync(request, cancellationToken);
    }

    /// <summary>What the runtime says of its version: first line of <c>--version</c>.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var outcome = await CallAsync([Program.Path], ["--version"], cancellationToken);
        return outcome.Output.Split('\n')[0].Trim();
    }

    // Every runtime keeps a directory a container in its state directory.
    private bool Knows(string containerId) => Knows(Owner(containerId), containerId);

    private bool Knows(OciRuntimeProgram program, string containerId) =>
        Directory.Exists(Path.Combine(State(program), containerId));

    private string State(OciRuntimeProgram program) => Path.Combine(stateDirectory, program.Name);

    /// <summary>The runtime that made the container; for one that none knows, the one for new containers.</summary>
    private OciRuntimeProgram Owner(string containerId)
    {
        if (Knows(Program, containerId) || !Directory.Exists(stateDirectory))
            return Program;
        foreach (var other in Directory.EnumerateDirectories(stateDirectory))
        {
            if (Directory.Exists(Path.Combine(other, containerId)))
                return locator.Find(Path.GetFileName(other));
        }
        return Program;
    }

    private string[] Arguments(OciRuntimeProgram program) =>
        [
            "--root",
            State(program),
            "--log-format",
            "json",
            .. program.SystemdCgroups ? ["--systemd-cgroup"] : Array.Empty<string>(),
        ];

    /// <summary>
    /// Calls the runtime directly, and in its wrapper only when that fails: start, kill and delete of a wrapped crun work
    /// without, and save a process start; a version that can't is helped.
    /// </summary>
    private async Task<Outcome> RunAsync(
        string containerId,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var owner = Owner(containerId);
        IReadOnlyList<string> all = [.. Arguments(owner), .. arguments];
        var outcome = await CallAsync([owner.Path], all, cancellationToken);
        return
            outcome.Code != 0 && owner.Wrapped && outcome.Error.Contains("cgroup", StringComparison.OrdinalIgnoreCase)
            ? await CallAsync(owner.CreateCommand, all, cancellationToken)
            : outcome;
    }

    private async Task<Outcome> CallAsync(
        IReadOnlyList<string> command,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var output = Descriptors.MemoryFile("stdout");
        using var error = Descriptors.MemoryFile("stderr");
        using var child = ChildProcess.Start(
            new Launch
            {
                Path = command[0],
                Arguments = [.. command.Skip(1), .. arguments],
                Descriptors = new Dictionary<int, SafeHandle> { [1] = output, [2] = error },
            }
        );
        var exit = await child.WaitAsync(watcher, cancellationToken);
        return new(exit.Code, Descriptors.ReadText(output), Descriptors.ReadText(error));
    }

    private sealed record Outcome(int Code, string Output, string Error);
}
