using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Cgroups;
using Vordr.Linux;
using Vordr.Processes;
using Vordr.Runtimes;

namespace Vordr.Conmon;

/// <summary>
/// Starts conmon, which creates the container through the OCI runtime and stays its parent:
/// <list type="number">
/// <item>conmon is executed with a sync pipe, on which it answers, and a start pipe, on which it waits;</item>
/// <item>it is put into a control group of its own, else it would end with its starter's unit;</item>
/// <item>it is let go, forks, calls the runtime's <c>create</c>, and answers with the container's pid or with what the
/// runtime wrote.</item>
/// </list>
/// </summary>
/// <param name="conmonPath">Absolute path of conmon; <see cref="Find"/> finds it.</param>
/// <param name="runtime">The OCI runtime.</param>
/// <param name="cgroups">The host's control groups.</param>
/// <param name="watcher">Waits for descriptors.</param>
internal sealed class ConmonLauncher(
    string conmonPath,
    OciRuntime runtime,
    CgroupHierarchy cgroups,
    ProcessWatcher watcher
)
{
    private const int SyncDescriptor = 3;
    private const int StartDescriptor = 4;

    /// <summary>Where conmon is.</summary>
    /// <exception cref="PublicError">It isn't installed.</exception>
    public static string Find() =>
        RuntimeLocator.TryFind("conmon")
        ?? throw new PublicError(
            ErrorId.RuntimeNotFound,
            "conmon, which watches over containers, is not installed.",
            "install it: apt-get install conmon",
            "vordr doctor"
        );

    /// <summary>Creates the container; its process waits for <see cref="OciRuntime.StartAsync"/>.</summary>
    /// <exception cref="PublicError">The runtime refused; its own words are in the message.</exception>
    public async Task<ContainerProcess> CreateAsync(ConmonStart start, CancellationToken cancellationToken)
    {
        var group = CgroupPaths.Conmon(start.Instance, start.ContainerId);
        var pidFile = Path.Combine(start.PersistDirectory, "conmon.pid");
        var complaints = Descriptors.MemoryFile("conmon-stderr");
        var (ourSync, theirSync) = Descriptors.SocketPair();
        var (ourStart, theirStart) = Descriptors.SocketPair();
        using var answers = new Socket(new SafeSocketHandle(ourSync.DangerousGetHandle(), ownsHandle: false));
        using (ourSync)
        using (ourStart)
        using (complaints)
        {
            ChildProcess conmon;
            using (theirSync)
            using (theirStart)
            {
                conmon = ChildProcess.Start(
                    new Launch
                    {
                        Path = conmonPath,
                        Arguments = Arguments(start, pidFile),
                        Environment = [$"_OCI_SYNCPIPE={SyncDescriptor}", $"_OCI_STARTPIPE={StartDescriptor}"],
                        Descriptors = new Dictionary<int, SafeHandle>
                        {
                            [2] = complaints,
                            [SyncDescriptor] = theirSync,
                            [StartDescriptor] = theirStart,
                        },
                        // Where conmon leaves its second `oom` file.
                        WorkingDirectory = start.PersistDirectory,
                    }
                );
            }
            using (conmon)
            {
                try
                {
                    cgroups.Enter(group, conmon.Pid);
                    FileSystem.Write(ourStart, "\n"u8);
                    var answer = await ReadAnswerAsync(answers, cancellationToken);
                    await conmon.WaitAsync(watcher, cancellationToken);
                    return Interpret(answer, pidFile, complaints);
                }
                catch
                {
                    // conmon, the runtime that it executes, and whatever they made are all in these two groups.
                    await cgroups.RemoveAsync(group, watcher, CancellationToken.None);
                    await runtime.DeleteAsync(start.ContainerId, force: true, CancellationToken.None);
                    await cgroups.RemoveAsync(
                        runtime.ControlGroup(start.Instance, start.ContainerId),
                        watcher,
                        CancellationToken.None
                    );
                    throw;
                }
            }
        }
    }

    private List<string> Arguments(ConmonStart start, string pidFile)
    {
        var arguments = new List<string>
        {
            "--api-version",
            "1",
            "--cid",
            start.ContainerId,
            "--cuuid",
            start.ContainerId,
            "--name",
            start.Name,
            "--runtime",
            runtime.Program.CreateCommand[0],
            "--bundle",
            start.BundleDirectory,
            "--container-pidfile",
            Path.Combine(start.PersistDirectory, "init.pid"),
            "--conmon-pidfile",
            pidFile,
            "--log-path",
            $"k8s-file:{start.LogPath}",
            "--log-level",
            "error",
            "--exit-dir",
            start.ExitDirectory,
            "--persist-dir",
            start.PersistDirectory,
            // The attach socket lies in the bundle, whose path may be longer than a socket's name can be.
            "--full-attach",
        };
        foreach (var argument in runtime.Program.CreateCommand.Skip(1).Concat(runtime.CreateArguments))
            arguments.AddRange(["--runtime-arg", argument]);
        if (start.StandardInput)
            arguments.Add("--stdin");
        if (start.Terminal)
            arguments.Add("--terminal");
        if (start.ExitCommand.Count > 0)
            arguments.AddRange(["--exit-command", start.ExitCommand[0]]);
        foreach (var argument in start.ExitCommand.Skip(1))
            arguments.AddRange(["--exit-command-arg", argument]);
        return arguments;
    }

    /// <summary>One line of JSON, or null when conmon ended without an answer.</summary>
    private static async Task<SyncAnswer?> ReadAnswerAsync(Socket socket, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var buffer = new byte[4096];
        int count;
        while ((count = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)) > 0)
        {
            line.AddRange(buffer.AsSpan(0, count));
            if (buffer.AsSpan(0, count).Contains((byte)'\n'))
                break;
        }
        if (line.Count == 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize(line.ToArray(), ConmonJson.Default.SyncAnswer);
        }
        // conmon cuts what the runtime wrote at a number of bytes, in the middle of a character or an escape.
        catch (JsonException)
        {
            return new(-1, Encoding.UTF8.GetString(line.ToArray()));
        }
    }

    private static ContainerProcess Interpret(SyncAnswer? answer, string pidFile, SafeFileHandle complaints)
    {
        if (answer is not { Data: > 0 })
            throw RuntimeFailure.Of("create the container", answer?.Message ?? Descriptors.ReadText(complaints));
        var monitor = int.Parse(File.ReadAllText(pidFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
        return ProcessIdentity.Of(answer.Data) is { } init && ProcessIdentity.Of(monitor) is { } conmon
            ? new(init, conmon)
            : throw RuntimeFailure.Of(
                "create the container",
                "the container's first process ended before it was started"
            );
    }
}

/// <summary>What conmon writes to its sync pipe.</summary>
/// <param name="Data">The container's pid, or a negative number.</param>
/// <param name="Message">What the runtime wrote to its error output, when it failed.</param>
internal sealed record SyncAnswer(int Data, string? Message = null);

/// <summary>JSON of conmon's sync pipe.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SyncAnswer))]
internal sealed partial class ConmonJson : JsonSerializerContext;
