using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Oci.Errors;
using Vordr.Client;
using Vordr.Client.Bundles;

namespace Vordr.Server.Tests.Uploads;

public sealed class UploadTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    [InlineData("application/gzip")]
    public async Task Other_media_type_is_refused(string type)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.SocketHttp();
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var response = await http.PutAsync("bundles", content);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await ProblemOf(response))["id"]!.GetValue<string>().Should().Be("ERR_UNSUPPORTED_MEDIA");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_the_limit_is_refused_whether_announced_or_not(bool announced)
    {
        await using var server = await ServerFixture.StartAsync(options => options with { UploadLimit = 100 });
        using var http = server.SocketHttp();
        using var request = new HttpRequestMessage(HttpMethod.Put, "bundles")
        {
            Content = new StreamContent(new MemoryStream(new byte[1 << 20])),
        };
        request.Headers.TransferEncodingChunked = !announced;
        if (announced)
            request.Content.Headers.ContentLength = 1 << 20;

        using var response = await http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await ProblemOf(response))["id"]!.GetValue<string>().Should().Be("ERR_TOO_LARGE");
    }

    [Fact]
    public async Task What_is_no_bundle_is_refused_under_the_callers_trace_and_leaves_nothing()
    {
        await using var server = await ServerFixture.StartAsync();
        using var content = new MemoryStream(new byte[100_000]);

        var upload = () =>
            server.Client.UploadAsync(
                content,
                content.Length,
                new CallContext { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01", Principal = "alice" },
                CancellationToken.None
            );

        var error = (await upload.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.BundleMalformed);
        error.Verdict!["code"]!.GetValue<string>().Should().Be("MALFORMED_BUNDLE");
        server
            .Log.Messages.Should()
            .Contain(line =>
                line.Contains($"PUT /bundles for alice (via uid:0): ERR_BUNDLE_MALFORMED") && line.Contains(Trace)
            );
        Directory.EnumerateFiles(Path.Join(server.Root, "blobs"), "*", SearchOption.AllDirectories).Should().BeEmpty();
        (await server.Client.ImagesAsync(CallContext.None, CancellationToken.None)).Images.Should().BeEmpty();
    }

    [Fact]
    public async Task Sender_that_is_refused_early_reads_the_answer_although_it_is_still_sending()
    {
        await using var server = await ServerFixture.StartAsync();
        using var content = new MemoryStream(new byte[8 << 20]);

        var upload = () => server.Client.UploadAsync(content, length: null, CallContext.None, CancellationToken.None);

        (await upload.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.BundleMalformed);
    }

    [Fact]
    public async Task Upload_that_nobody_made_is_not_found()
    {
        await using var server = await ServerFixture.StartAsync();

        var load = () =>
            server.Client.LoadAsync(
                new BundleLoadRequest { Upload = Oci.Digest.Of("x"u8) },
                CallContext.None,
                CancellationToken.None
            );

        (await load.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.NotFound);
    }

    [Fact]
    public async Task Upload_to_a_server_that_is_away_is_unreachable()
    {
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Unix("/nonexistent/mcp.sock") }
        );

        var upload = () =>
            client.UploadAsync(new MemoryStream([1]), length: 1, CallContext.None, CancellationToken.None);

        (await upload.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.RuntimeUnreachable);
    }

    private static async Task<JsonNode> ProblemOf(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
