using System.CommandLine;
using Oci.Errors;
using Vordr.Cli.Parsing;
using Vordr.Logs;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr logs</c>: each stream to its own, byte for byte.</summary>
internal static class Logs
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static Command Create(Shell shell, Globals globals)
    {
        var name = Names.Container();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the container ends" };
        var tail = new Option<string?>("--tail", "-n")
        {
            Description = "Only the last N lines, or all",
            HelpName = "N",
        };
        var since = new Option<string?>("--since")
        {
            Description = "Only what was written after this time, or in this span before now",
            HelpName = "TIME|10m",
        };
        var times = new Option<bool>("--timestamps", "-t") { Description = "Print when each line was written" };
        var command = new Command("logs", "Show what a container wrote") { follow, tail, since, times, name };
        ExamplesHelp.Attach(command, "vordr logs web", "vordr logs -f --tail 10 web", "vordr logs --since 5m -t web");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var parse = invocation.Parse;
                var request = new LogsRequest(invocation.Caller, parse.GetRequiredValue(name))
                {
                    Follow = parse.GetValue(follow),
                    Tail = Lines(parse.GetValue(tail)),
                    Since = parse.GetValue(since) is { } text ? PointInTime.Parse(text, shell.Time) : null,
                };
                await using var output = shell.OpenOutput();
                await using var error = shell.OpenError();
                await foreach (var line in invocation.Engine.LogsAsync(request, invocation.Cancellation))
                {
                    var stream = line.Stream == LogStream.Output ? output : error;
                    await WriteAsync(stream, line, parse.GetValue(times), invocation.Cancellation);
                }
                return 0;
            }
        );
    }

    private static async Task WriteAsync(Stream stream, LogLine line, bool times, CancellationToken cancellation)
    {
        if (times)
        {
            var time = System.Text.Encoding.ASCII.GetBytes($"{line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} ");
            await stream.WriteAsync(time, cancellation);
        }
        await stream.WriteAsync(line.Text, cancellation);
        if (!line.Partial)
            await stream.WriteAsync(LineEnd, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private static int? Lines(string? text) =>
        text is null or "all" ? null
        : int.TryParse(text, out var lines) && lines >= 0 ? lines
        : throw new PublicError(ErrorId.Usage, $"'{text}' is not a number of lines.", "--tail 10", "--tail all");
}
