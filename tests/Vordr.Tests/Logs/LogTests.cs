using System.Text;
using Vordr.Logs;
using Vordr.Tests.Engines;

namespace Vordr.Tests.Logs;

public sealed class LogTests
{
    private const string At = "2026-11-24T20:36:44.123456789+00:00";

    [Theory]
    [InlineData("")]
    [InlineData("no record at all")]
    [InlineData("2026-11-24T20:36:44.123456789+00:00 stdwhat F text")]
    [InlineData("never stdout F text")]
    [InlineData("2026-11-24T20:36:44.123456789+00:00 stdout")]
    public void Parse_what_is_no_record_is_none(string record) =>
        LogFormat.Parse(Encoding.UTF8.GetBytes(record)).Should().BeNull();

    [Theory]
    [InlineData("stdout F a b", LogStream.Output, "a b", false)]
    [InlineData("stderr P part", LogStream.Error, "part", true)]
    [InlineData("stdout F ", LogStream.Output, "", false)]
    [InlineData("stdout F", LogStream.Output, "", false)]
    public void Parse_record_gives_stream_text_and_whether_it_goes_on(
        string record,
        LogStream stream,
        string text,
        bool partial
    )
    {
        var line = LogFormat.Parse(Encoding.UTF8.GetBytes($"{At} {record}"))!;

        line.Stream.Should().Be(stream);
        Encoding.UTF8.GetString(line.Text.Span).Should().Be(text);
        line.Partial.Should().Be(partial);
        line.At.Should().BeCloseTo(DateTimeOffset.Parse("2026-11-24T20:36:44.123Z"), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "three")]
    [InlineData(2, "two-a two-b three")]
    [InlineData(3, "one two-a two-b three")]
    [InlineData(9, "one two-a two-b three")]
    public void Find_tail_counts_lines_not_records(int lines, string expected)
    {
        string[] records = ["stdout F one", "stdout P two-a", "stdout F two-b", "stderr F three"];

        Tail(records, lines).Should().Be(expected);
    }

    [Fact]
    public void Find_tail_of_a_line_that_goes_on_counts_it()
    {
        Tail(["stdout F one", "stdout P two"], 1).Should().Be("two");
        Tail(["stdout F one", "stdout P two"], 2).Should().Be("one two");
    }

    [Fact]
    public void Find_tail_of_lines_longer_than_a_chunk_is_exact()
    {
        var records = Enumerable.Range(0, 20).Select(i => $"stdout F {i}-{new string('x', 40_000)}").ToArray();

        var tail = Tail(records, 3).Split(' ');

        tail.Select(text => text[..2]).Should().Equal("17", "18", "19");
    }

    [Fact]
    public async Task Read_follow_goes_on_to_the_end_and_tail_and_since_choose()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("echo one; echo two >&2; sleep 1; printf last");

        var all = await ReadAsync(host, new(Caller.CommandLine, run.Container.Name) { Follow = true });
        var tail = await ReadAsync(host, new(Caller.CommandLine, run.Container.Name) { Tail = 1 });
        var late = await ReadAsync(
            host,
            new(Caller.CommandLine, run.Container.Name) { Since = TimeProvider.System.GetUtcNow().AddHours(1) }
        );

        all.Should().Equal("Output one", "Error two", "Output last");
        tail.Should().Equal("Output last");
        late.Should().BeEmpty();
    }

    private static async Task<List<string>> ReadAsync(EngineHost host, LogsRequest request)
    {
        var lines = new List<string>();
        await foreach (var line in host.Engine.LogsAsync(request))
            lines.Add($"{line.Stream} {Encoding.UTF8.GetString(line.Text.Span)}");
        return lines;
    }

    private static string Tail(string[] records, int lines)
    {
        var path = Path.Join(Path.GetTempPath(), $"vordr-log{Guid.NewGuid():n}");
        File.WriteAllText(path, string.Concat(records.Select(record => $"{At} {record}\n")));
        try
        {
            using var log = File.OpenHandle(path);
            var begin = LogTail.Find(log, lines);
            var rest = File.ReadAllBytes(path).AsSpan((int)begin);
            var texts = Encoding.UTF8.GetString(rest).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return string.Join(
                ' ',
                texts.Select(text => Encoding.UTF8.GetString(LogFormat.Parse(Encoding.UTF8.GetBytes(text))!.Text.Span))
            );
        }
        finally
        {
            File.Delete(path);
        }
    }
}
