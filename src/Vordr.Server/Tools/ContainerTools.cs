using System.Text;
using Oci.Errors;
using Vordr.Client.Containers;
using Vordr.Containers;
using Vordr.Logs;
using ContainerDetails = Vordr.Client.Containers.ContainerDetails;
using ContainerState = Vordr.Client.Containers.ContainerState;
using CreateRequest = Vordr.Client.Containers.CreateRequest;
using ExecRequest = Vordr.Client.Containers.ExecRequest;
using InspectRequest = Vordr.Client.Containers.InspectRequest;
using ListRequest = Vordr.Client.Containers.ListRequest;
using LogLine = Vordr.Client.Containers.LogLine;
using LogsRequest = Vordr.Client.Containers.LogsRequest;
using RemoveRequest = Vordr.Client.Containers.RemoveRequest;
using StartRequest = Vordr.Client.Containers.StartRequest;
using StopRequest = Vordr.Client.Containers.StopRequest;

namespace Vordr.Server.Tools;

/// <summary>The tools that make, show and end containers.</summary>
internal sealed class ContainerTools(Engine engine)
{
    private const int DefaultLines = 1000;
    private const int MostLines = 10_000;
    private static readonly TimeSpan DefaultExecTime = TimeSpan.FromSeconds(25);

    public async Task<CreateAnswer> RunAsync(CreateRequest request, ToolCall call, CancellationToken cancellation)
    {
        var run = new RunRequest { Create = RequestMap.Create(request, call) };
        var result = await engine.RunAsync(run, cancellation);
        return AnswerMap.Created(result.Container, result.Decision, result.Notes);
    }

    public async Task<CreateAnswer> CreateAsync(CreateRequest request, ToolCall call, CancellationToken cancellation)
    {
        var result = await engine.CreateAsync(RequestMap.Create(request, call), cancellation);
        return AnswerMap.Created(result.Container, result.Decision, result.Notes);
    }

    public async Task<ContainerState> StartAsync(StartRequest request, ToolCall call, CancellationToken cancellation)
    {
        var start = new Vordr.Containers.StartRequest(call.Caller, request.Container)
        {
            Constraints = request.Constraints?.ToRules(),
        };
        return State((await engine.StartAsync(start, cancellation)).Container);
    }

    public async Task<ContainerState> StopAsync(StopRequest request, ToolCall call, CancellationToken cancellation)
    {
        var timeout = RequestMap.Seconds(request.Timeout, "/timeout");
        await engine.StopAsync(new Vordr.Containers.StopRequest(call.Caller, request.Container, timeout), cancellation);
        return await StateAfterAsync(request.Container, call, cancellation);
    }

    public async Task<RemoveAnswer> RemoveAsync(RemoveRequest request, ToolCall call, CancellationToken cancellation)
    {
        var before = await engine.InspectAsync(
            new Vordr.Containers.InspectRequest(call.Caller, request.Container),
            cancellation
        );
        var id = before.Summary.Id.ToString();
        await engine.RemoveAsync(
            new Vordr.Containers.RemoveRequest(call.Caller, id, request.Force ?? false),
            cancellation
        );
        return new RemoveAnswer(id, before.Summary.Name);
    }

    public async Task<ContainerList> ListAsync(ListRequest request, ToolCall call, CancellationToken cancellation)
    {
        if (request.Limit is < 1)
            throw new PublicError(ErrorId.Usage, "A limit is a positive number.") { Pointer = "/limit" };
        var status = string.IsNullOrEmpty(request.Status) ? null : request.Status;
        if (status is not (null or "created" or "running" or "paused" or "exited"))
        {
            throw new PublicError(ErrorId.Usage, $"'{status}' is not a state: created, running, paused or exited.")
            {
                Pointer = "/status",
            };
        }
        var list = new Vordr.Containers.ListRequest(call.Caller)
        {
            All = request.All is true || status is not null,
            Statuses = status is null ? [] : [status],
            Name = string.IsNullOrEmpty(request.Name) ? null : request.Name,
            Limit = request.Limit,
        };
        var containers = await engine.ListAsync(list, cancellation);
        var now = engine.Options.Time.GetUtcNow();
        return new ContainerList([.. containers.Select(container => AnswerMap.Summary(container, now))]);
    }

    public async Task<ContainerDetails> InspectAsync(
        InspectRequest request,
        ToolCall call,
        CancellationToken cancellation
    ) =>
        AnswerMap.Details(
            await engine.InspectAsync(
                new Vordr.Containers.InspectRequest(call.Caller, request.Container),
                cancellation
            ),
            call.MaySeeSecrets
        );

    public async Task<LogsAnswer> LogsAsync(LogsRequest request, ToolCall call, CancellationToken cancellation)
    {
        var tail = request.Tail ?? DefaultLines;
        if (tail is < 0 or > MostLines)
            throw new PublicError(ErrorId.Usage, $"tail is 0 to {MostLines} lines.") { Pointer = "/tail" };

        // One more than asked for tells whether there was more.
        var read = new Vordr.Logs.LogsRequest(call.Caller, request.Container)
        {
            Tail = tail + 1,
            Since = request.Since,
        };
        var lines = new LogLines();
        await foreach (var line in engine.LogsAsync(read, cancellation))
            lines.Add(line);
        return lines.Answer(tail);
    }

    public async Task<ExecAnswer> ExecAsync(ExecRequest request, ToolCall call, CancellationToken cancellation)
    {
        if (request.Command.Count == 0)
            throw new PublicError(ErrorId.Usage, "The command is empty.") { Pointer = "/command" };
        var exec = new Vordr.Containers.ExecRequest(call.Caller, request.Container, request.Command)
        {
            Env = RequestMap.Env(request.Env, "/env"),
            WorkDir = string.IsNullOrEmpty(request.Workdir) ? null : request.Workdir,
            User = string.IsNullOrEmpty(request.User) ? null : request.User,
            Timeout = RequestMap.Seconds(request.Timeout, "/timeout") ?? DefaultExecTime,
            Constraints = request.Constraints?.ToRules(),
        };
        var result = await engine.ExecAsync(exec, cancellation);
        return new ExecAnswer(
            result.ExitCode,
            Encoding.UTF8.GetString(result.Output.Span),
            Encoding.UTF8.GetString(result.Error.Span),
            result.Truncated,
            result.TimedOut
        );
    }

    private static ContainerState State(Vordr.Containers.ContainerSummary container) =>
        new(container.Id.ToString(), container.Name, container.State.Text(), container.ExitCode);

    /// <summary>A container that removes itself is gone when it has stopped; that is an answer too.</summary>
    private async Task<ContainerState> StateAfterAsync(string container, ToolCall call, CancellationToken cancellation)
    {
        try
        {
            var after = await engine.InspectAsync(
                new Vordr.Containers.InspectRequest(call.Caller, container),
                cancellation
            );
            return State(after.Summary);
        }
        catch (PublicError e) when (e.Id == ErrorId.ContainerNotFound)
        {
            return new ContainerState(container, container, "removed");
        }
    }

    /// <summary>Joins the parts of long lines, which conmon records one by one, stream by stream.</summary>
    private sealed class LogLines
    {
        private readonly List<LogLine> _lines = [];
        private readonly Dictionary<LogStream, (DateTimeOffset At, List<byte> Bytes)> _open = [];

        public void Add(Vordr.Logs.LogLine line)
        {
            if (!_open.Remove(line.Stream, out var open))
                open = (line.At, []);
            open.Bytes.AddRange(line.Text.Span);
            if (line.Partial)
                _open[line.Stream] = open;
            else
                Close(line.Stream, open.At, open.Bytes);
        }

        public LogsAnswer Answer(int tail)
        {
            foreach (var (stream, open) in _open)
                Close(stream, open.At, open.Bytes);
            var truncated = _lines.Count > tail;
            return new LogsAnswer(truncated ? _lines[^tail..] : _lines, truncated);
        }

        private void Close(LogStream stream, DateTimeOffset at, List<byte> bytes) =>
            _lines.Add(
                new LogLine(at, stream == LogStream.Output ? "stdout" : "stderr", Encoding.UTF8.GetString([.. bytes]))
            );
    }
}
