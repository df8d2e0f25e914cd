using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Oci;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Tests.Stage;
using Trust.Keys;

namespace Svalinn.Tests.Bundles;

public sealed class UploadTests : IDisposable
{
    private readonly TestBundles _bundles = new();

    public void Dispose() => _bundles.Dispose();

    [Fact]
    public async Task Unsigned_bundle_is_refused_with_the_verdict_and_not_a_byte_goes_down()
    {
        await using var gateway = await StartAsync();

        var problem = (await gateway.UploadAsync(await _bundles.PackAsync(key: null))).IsProblem(
            403,
            "ERR_POLICY_DENIED"
        );

        problem["verdict"]!["code"]!.GetValue<string>().Should().Be("MISSING_ATTESTATION");
        problem["verdict"]!["checks"]!.AsArray().Should().NotBeEmpty();
        gateway.Vordr.Uploads.Should().BeEmpty();
        var decision = (await gateway.GetAsync($"/decisions/{problem["decision"]}", Role.Auditor)).Is(200).Json;
        decision["allowed"]!.GetValue<bool>().Should().BeFalse();
        decision["code"]!.GetValue<string>().Should().Be("MISSING_ATTESTATION");
        decision["verdict"]!["checks"]!.AsArray().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Unsigned_copy_of_an_allowed_bundle_is_refused()
    {
        await using var gateway = await StartAsync();
        (await AllowedAsync(gateway, await _bundles.PackAsync(_bundles.Key))).Is(201);

        (await gateway.UploadAsync(await _bundles.PackAsync(key: null))).IsProblem(403, "ERR_POLICY_DENIED");
    }

    [Fact]
    public async Task Bundle_of_an_unknown_key_is_refused_by_code()
    {
        await using var gateway = await StartAsync();
        using var stranger = SigningKey.Generate();

        var problem = (await gateway.UploadAsync(await _bundles.PackAsync(stranger))).IsProblem(
            403,
            "ERR_POLICY_DENIED"
        );

        problem["verdict"]!["code"]!.GetValue<string>().Should().Be("UNKNOWN_KEY");
    }

    [Fact]
    public async Task Without_a_trust_store_nobody_is_trusted()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.UploadAsync(await _bundles.PackAsync(_bundles.Key))).IsProblem(403, "ERR_POLICY_DENIED");
    }

    [Fact]
    public async Task Trust_store_that_became_unreadable_leaves_nothing_in_force()
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key);
        (await AllowedAsync(gateway, bundle)).Is(201);

        await File.WriteAllTextAsync(gateway.PathOf("trust-store.json"), "{ not a trust store");

        var problem = (await gateway.UploadAsync(bundle)).IsProblem(500, "ERR_CONFIG");
        problem.ToJsonString().Should().NotContain(gateway.PathOf(""));
        gateway.Vordr.Uploads.Should().ContainSingle();
        _bundles.Trust(gateway.PathOf("trust-store.json"));
        (await gateway.UploadAsync(bundle)).Is(201);
    }

    [Fact]
    public async Task Each_byte_of_the_head_flipped_is_refused_and_nothing_goes_down()
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key);
        var head = (int)(await TestBundles.HeadOfAsync(bundle)).LayersOffset;

        // A prime step keeps the test short and meets every kind of entry; every byte is flipped in CerroTorre's tests.
        for (var position = 0; position < head; position += 211)
        {
            var tampered = (byte[])bundle.Clone();
            tampered[position] ^= 0x01;
            var answer = await gateway.UploadAsync(tampered);
            answer.Status.Should().BeOneOf([403, 422], "byte {0} was changed", position);
            answer.Json["verdict"].Should().NotBeNull();
        }
        gateway.Vordr.Uploads.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(512)]
    [InlineData(5000)]
    public async Task Truncated_bundle_is_malformed(int length)
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key);

        (await gateway.UploadAsync(bundle[..length])).IsProblem(422, "ERR_BUNDLE_MALFORMED");

        gateway.Vordr.Uploads.Should().BeEmpty();
    }

    [Fact]
    public async Task Layer_that_Vordr_finds_changed_is_told_as_Vordr_said_it()
    {
        await using var gateway = await StartAsync();
        gateway.Vordr.OnUpload = _ => throw new PublicError(ErrorId.DigestMismatch, "layer 1 has another digest");

        var problem = (await gateway.UploadAsync(await _bundles.PackAsync(_bundles.Key))).IsProblem(
            422,
            "ERR_DIGEST_MISMATCH"
        );

        problem["detail"]!.GetValue<string>().Should().Be("layer 1 has another digest");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    [InlineData("multipart/mixed; boundary=x")]
    public async Task Other_content_type_is_refused(string type)
    {
        await using var gateway = await StartAsync();
        var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        var answer = await gateway.SendAsync(HttpMethod.Post, "/bundles/upload", Role.Operator, content);

        answer.IsProblem(415, "ERR_UNSUPPORTED_MEDIA");
    }

    [Fact]
    public async Task Form_whose_first_field_is_another_is_refused()
    {
        await using var gateway = await StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("x"), "policy" } };
        form.Add(new ByteArrayContent(await _bundles.PackAsync(_bundles.Key)), "bundle", "app.ctp");

        var answer = await gateway.SendAsync(HttpMethod.Post, "/bundles/upload", Role.Operator, form);

        answer.IsProblem(400, "ERR_USAGE");
        gateway.Vordr.Uploads.Should().BeEmpty();
    }

    [Fact]
    public async Task Form_that_goes_on_after_the_bundle_is_refused_before_Vordr_has_it_whole()
    {
        await using var gateway = await StartAsync();
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(await _bundles.PackAsync(_bundles.Key)), "bundle", "app.ctp");
        form.Add(new StringContent("x"), "policy");

        var answer = await gateway.SendAsync(HttpMethod.Post, "/bundles/upload", Role.Operator, form);

        answer.IsProblem(400, "ERR_USAGE");
        gateway.Vordr.Uploads.Should().BeEmpty();
        await TestGateway.UntilAsync(() => gateway.Rows("SELECT 1 FROM audit WHERE kind = 'outcome'").Count == 1);
    }

    [Fact]
    public async Task Oversize_upload_is_refused_before_it_is_read()
    {
        await using var gateway = await StartAsync(limits => limits with { UploadBytes = 1000 });

        (await gateway.UploadAsync(await _bundles.PackAsync(_bundles.Key))).IsProblem(413, "ERR_TOO_LARGE");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_bundle_goes_through_byte_for_byte(bool multipart)
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key, fileSize: 3 * 1024 * 1024);
        var head = await TestBundles.HeadOfAsync(bundle);
        gateway.Vordr.OnUpload = _ => TestBundles.AnswerFor(bundle, head);

        Answer answer;
        if (multipart)
        {
            using var form = new MultipartFormDataContent();
            form.Add(new ByteArrayContent(bundle), "bundle", "app.ctp");
            answer = await gateway.SendAsync(HttpMethod.Post, "/api/v1/bundles/upload", Role.Operator, form);
        }
        else
        {
            answer = await gateway.UploadAsync(bundle);
        }

        var json = answer.Is(201).Json;
        json["name"]!.GetValue<string>().Should().Be("demo/web");
        json["bundleDigest"]!.GetValue<string>().Should().Be(Digest.Of(bundle).ToString());
        json["imageDigest"]!.GetValue<string>().Should().Be(head.Root.Digest.ToString());
        json["verdict"]!["summary"]!.GetValue<string>().Should().Be("Vörðr's own");
        gateway.Vordr.Uploads.Single().AsSpan().SequenceEqual(bundle).Should().BeTrue();
        gateway.Vordr.UploadHeaders.Single()["Vordr-Principal"].ToString().Should().StartWith("key:");
        // Either id finds the decision: the gateway's own, and Vörðr's on the same matter.
        var decision = (await gateway.GetAsync($"/decisions/{json["decision"]}", Role.Auditor)).Is(200).Json;
        (await gateway.GetAsync("/decisions/7", Role.Auditor)).Is(200).Json["id"]!
            .GetValue<string>()
            .Should()
            .Be(decision["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bundle_that_Vordr_had_already_is_200()
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key);
        var head = await TestBundles.HeadOfAsync(bundle);
        gateway.Vordr.OnUpload = _ => TestBundles.AnswerFor(bundle, head, known: true);

        (await gateway.UploadAsync(bundle)).Is(200);
    }

    [Fact]
    public async Task Early_refusal_reaches_a_sender_that_reads_only_after_it_has_sent_everything()
    {
        await using var gateway = await StartAsync();
        var key = await gateway.KeyAsync(Role.Operator);
        var body = new byte[16 * 1024 * 1024];

        var answer = await RawAsync(gateway, $"Authorization: Bearer {key}\r\nContent-Length: {body.Length}\r\n", body);

        answer.Should().StartWith("HTTP/1.1 422 ").And.Contain("ERR_BUNDLE_MALFORMED");
        answer.Should().Contain("Connection: close");
    }

    [Fact]
    public async Task Sender_that_asks_first_and_has_no_key_is_never_told_to_go_on()
    {
        await using var gateway = await StartAsync();

        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Head("Expect: 100-continue\r\nContent-Length: 1000000\r\n"));
        using var reader = new StreamReader(stream);
        var answer = "";
        var buffer = new char[4096];
        while (!answer.EndsWith('}'))
            answer += new string(buffer, 0, await reader.ReadAsync(buffer));

        answer.Should().StartWith("HTTP/1.1 401 ").And.Contain("ERR_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Sender_that_hangs_up_leaves_an_outcome_and_no_bundle()
    {
        await using var gateway = await StartAsync();
        var bundle = await _bundles.PackAsync(_bundles.Key, fileSize: 2 * 1024 * 1024);
        var key = await gateway.KeyAsync(Role.Operator);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Head($"Authorization: Bearer {key}\r\nContent-Length: {bundle.Length}\r\n"));
            await stream.WriteAsync(bundle.AsMemory(0, bundle.Length / 2));
            await TestGateway.UntilAsync(() => gateway.Rows("SELECT 1 FROM audit WHERE kind = 'intended'").Count == 1);
        }

        await TestGateway.UntilAsync(() => gateway.Rows("SELECT 1 FROM audit WHERE kind = 'outcome'").Count == 1);

        gateway.Vordr.Uploads.Should().BeEmpty();
        gateway.Service<Svalinn.Runtime.RuntimeStatus>().IsDown.Should().BeFalse("it was the sender that failed");
    }

    private async Task<TestGateway> StartAsync(
        Func<Svalinn.Limits.GatewayLimits, Svalinn.Limits.GatewayLimits>? limits = null
    )
    {
        var gateway = await TestGateway.StartAsync(options =>
            options with
            {
                Limits = limits?.Invoke(options.Limits) ?? options.Limits,
            }
        );
        _bundles.Trust(gateway.PathOf("trust-store.json"));
        return gateway;
    }

    private static async Task<Answer> AllowedAsync(TestGateway gateway, byte[] bundle)
    {
        var head = await TestBundles.HeadOfAsync(bundle);
        gateway.Vordr.OnUpload = _ => TestBundles.AnswerFor(bundle, head);
        return await gateway.UploadAsync(bundle);
    }

    private static byte[] Head(string headers) =>
        Encoding.ASCII.GetBytes(
            $"POST /bundles/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n{headers}\r\n"
        );

    /// <summary>Sends everything, and only then reads until the server closes.</summary>
    private static async Task<string> RawAsync(TestGateway gateway, string headers, byte[] body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Head(headers));
        await stream.WriteAsync(body);
        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        return await reader.ReadToEndAsync(limit.Token);
    }
}
