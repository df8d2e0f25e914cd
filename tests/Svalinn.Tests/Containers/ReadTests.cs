using System.Text.Json.Nodes;
using Svalinn.Tests.Stage;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Containers;

public sealed class ReadTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task List_hands_Vordrs_bytes_through_under_the_callers_trace()
    {
        await using var gateway = await TestGateway.StartAsync();
        const string containers = """[{"id":"1","name":"wéb","state":"running"},{"id":"2"}]""";
        gateway.Vordr.Answers(VordrTools.List, _ => JsonNode.Parse($$"""{"containers":{{containers}}}""")!);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/containers?all&limit=3&status=running&name=w");
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        request.Headers.Authorization = new("Bearer", await gateway.KeyAsync(Svalinn.Authentication.Role.Viewer));

        var answer = await gateway.SendAsync(request);

        JsonNode.DeepEquals(answer.Is(200).Json, JsonNode.Parse(containers)).Should().BeTrue();
        answer.ContentType.Should().Be("application/json");
        var call = gateway.Vordr.Calls.Single();
        call.Tool.Should().Be("vordr_ps");
        call.Arguments.GetRawText().Should().Be("""{"all":true,"status":"running","name":"w","limit":3}""");
        call.Meta!["traceparent"]!.GetValue<string>().Should().StartWith($"00-{Trace}-").And.EndWith("-01");
        call.Meta["traceparent"]!
            .GetValue<string>()
            .Should()
            .NotContain("00f067aa0ba902b7", "a new span is the parent");
        answer.Message.Headers.GetValues("traceresponse").Single().Should().Contain(Trace);
        await TestGateway.UntilAsync(() =>
            gateway.Log.Lines.Any(line => line.Contains("GET /containers 200") && line.Contains(Trace))
        );
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("garbage")]
    public async Task Malformed_traceparent_begins_a_new_trace(string traceparent)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.TryAddWithoutValidation("traceparent", traceparent);

        var answer = (await gateway.SendAsync(request)).Is(200);

        var trace = answer.Message.Headers.GetValues("traceresponse").Single().Split('-')[1];
        trace.Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe(new string('0', 32));
    }

    [Fact]
    public async Task Logs_come_as_json_or_as_plain_lines()
    {
        await using var gateway = await TestGateway.StartAsync();
        const string logs =
            """{"lines":[{"time":"2026-11-24T20:00:00+00:00","stream":"stdout","text":"hällo"},{"time":"2026-11-24T20:00:01+00:00","stream":"stderr","text":"b"}],"truncated":false}""";
        gateway.Vordr.Answers(VordrTools.Logs, _ => JsonNode.Parse(logs)!);

        var json = await gateway.GetAsync("/containers/web/logs?tail=5&since=2026-11-24T20:00:00Z");
        JsonNode.DeepEquals(json.Is(200).Json, JsonNode.Parse(logs)).Should().BeTrue();
        var call = gateway.Vordr.Calls.Single();
        call.Arguments.GetProperty("tail").GetInt32().Should().Be(5);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/containers/web/logs");
        request.Headers.Accept.ParseAdd("text/plain");
        request.Headers.Authorization = new("Bearer", await gateway.KeyAsync(Svalinn.Authentication.Role.Viewer));
        (await gateway.SendAsync(request)).Is(200).Text.Should().Be("hällo\nb\n");
    }

    [Fact]
    public async Task Policies_say_what_is_in_force_and_where_it_comes_from()
    {
        await using var gateway = await TestGateway.StartAsync();

        var builtIn = (await gateway.GetAsync("/policies")).Is(200).Json.AsArray().Single()!;
        builtIn["source"]!.GetValue<string>().Should().Be("built-in");
        builtIn["mode"]!.GetValue<string>().Should().Be("strict");
        builtIn["run"]!["privileged"]!.GetValue<bool>().Should().BeFalse();

        await File.WriteAllTextAsync(
            gateway.PathOf("policy.json"),
            """{"version":1,"mode":"permissive","requiredPredicates":[]}"""
        );
        var file = (await gateway.GetAsync("/policies")).Is(200).Json.AsArray().Single()!;
        file["source"]!.GetValue<string>().Should().Be("file");
        file["mode"]!.GetValue<string>().Should().Be("permissive");
    }
}
