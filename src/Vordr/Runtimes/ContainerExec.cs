using System.Globalization;
using System.Text.Json;
using Oci.Runtime;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Runtimes;

/// <summary>
/// One run of the runtime's <c>exec</c>: another process in a running container, to its end. The runtime puts it into
/// the container's namespaces, control group and filter; it stays its parent and passes its exit code on.
/// </summary>
/// <param name="program">The runtime.</param>
/// <param name="globalArguments">Arguments before the verb.</param>
/// <param name="watcher">Waits for descriptors.</param>
internal sealed class ContainerExec(
    OciRuntimeProgram program,
    IReadOnlyList<string> globalArguments,
    ProcessWatcher watcher
)
{
    private const int OwnerReadWrite = 0x180;

    /// <summary>Runs it.</summary>
    public async Task<ExecResult> RunAsync(ExecRequest request, CancellationToken cancellationToken)
    {
        var name = Path.Combine(request.ScratchDirectory, $"exec-{Guid.NewGuid():N}");
        var files = new Files($"{name}.json", $"{name}.pid", $"{name}.log");
        try
        {
            await WriteProcessAsync(files.Process, request.Process, cancellationToken);
            var attempt = await AttemptAsync([program.Path], request, files, cancellationToken);
            // As for the other verbs: the wrapper is only for a version that needs it here too. Nothing has run yet.
            if (attempt.Refusal?.Contains("cgroup", StringComparison.OrdinalIgnoreCase) == true && program.Wrapped)
                attempt = await AttemptAsync(program.CreateCommand, request, files, cancellationToken);
            return attempt.Refusal is null
                ? attempt.Result
                : throw RuntimeFailure.Of("execute the command in the container", attempt.Refusal);
        }
        finally
        {
            File.Delete(files.Process);
            File.Delete(files.Pid);
            File.Delete(files.Log);
        }
    }

    private async Task<Attempt> AttemptAsync(
        IReadOnlyList<string> command,
        ExecRequest request,
        Files files,
        CancellationToken cancellationToken
    )
    {
        using var streams = request.InheritStreams
            ? ExecStreams.Inherited(request.InheritInput)
            : ExecStreams.Captured(request.Input, request.CaptureLimit);
        using var child = ChildProcess.Start(
            new Launch
            {
                Path = command[0],
                Arguments =
                [
                    .. command.Skip(1),
                    .. globalArguments,
                    "--log",
                    files.Log,
                    "exec",
                    "--process",
                    files.Process,
                    "--pid-file",
                    files.Pid,
                    request.ContainerId,
                ],
                Descriptors = streams.Child,
            }
        );
        streams.CloseChildEnds();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Timeout is { } timeout)
            limit.CancelAfter(timeout);
        using var ended = new CancellationTokenSource();
        var capture = streams.CaptureAsync(watcher, ended.Token);
        var exit = new ChildExit(Signaled: true, Signals.Kill);
        var timedOut = false;
        try
        {
            exit = await WaitAsync(child, files.Pid, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            timedOut = true;
        }
        finally
        {
            // A process that was left in the background may hold the pipes for ever: what is there now is all.
            await ended.CancelAsync();
            await capture;
        }
        return new(
            new ExecResult
            {
                ExitCode = exit.Code,
                Output = streams.Output,
                Error = streams.Error,
                Truncated = streams.Truncated,
                TimedOut = timedOut,
            },
            timedOut || exit.Code == 0 ? null : Refusal(files)
        );
    }

    /// <summary>
    /// The runtime kills nothing when it is killed itself, so the process is killed first, as long as the runtime is its
    /// parent: its pid is in the pid file as soon as there is one.
    /// </summary>
    private async Task<ChildExit> WaitAsync(ChildProcess child, string pidFile, CancellationToken cancellationToken)
    {
        await using var kill = cancellationToken.UnsafeRegister(
            _ =>
            {
                KillProcess(child.Pid, pidFile);
                child.Signal(Signals.Kill);
            },
            null
        );
        var exit = await child.WaitAsync(watcher, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return exit;
    }

    private static void KillProcess(int runtimePid, string pidFile)
    {
        if (ReadPid(pidFile) is not { } pid)
            return;
        using var pidfd = PidFd.TryOpen(pid);
        // The pid may be another's by now; as long as its parent is our runtime, which has not collected it, it isn't.
        if (pidfd is not null && ProcessIdentity.Read(pid)?.ParentPid == runtimePid)
            PidFd.Send(pidfd, Signals.Kill);
    }

    /// <summary>
    /// The runtime's own words when it, and not the process, failed: its log holds an error, or no process ever was.
    /// </summary>
    private static string? Refusal(Files files)
    {
        var log = File.Exists(files.Log) ? File.ReadAllText(files.Log) : "";
        var failed =
            log.Contains("\"error\"", StringComparison.Ordinal) || log.Contains("\"fatal\"", StringComparison.Ordinal);
        return failed || ReadPid(files.Pid) is null ? log : null;
    }

    private static int? ReadPid(string file) =>
        File.Exists(file)
        && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;

    private static async Task WriteProcessAsync(
        string file,
        RuntimeProcess process,
        CancellationToken cancellationToken
    )
    {
        // The environment may hold secrets: nobody else reads the file, whatever the directory allows.
        using var handle = FileSystem.OpenPath(
            file,
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive,
            OwnerReadWrite
        );
        await using var stream = new FileStream(handle, FileAccess.Write);
        await JsonSerializer.SerializeAsync(stream, process, RuntimeJson.Default.RuntimeProcess, cancellationToken);
    }

    private sealed record Files(string Process, string Pid, string Log);

    private sealed record Attempt(ExecResult Result, string? Refusal);
}
