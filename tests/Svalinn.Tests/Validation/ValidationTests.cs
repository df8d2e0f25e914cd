using System.Net.Http.Headers;
using System.Text;
using Svalinn.Authentication;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Validation;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("/run", """{"bundle":"a:1","config":{"priviledged":true}}""", "/config/priviledged", "privileged")]
    [InlineData("/run", """{"bundle":"a:1","environment":{}}""", "/environment", null)]
    [InlineData("/run", """{"bundle":"a:1","constraints":{}}""", "/constraints", null)]
    [InlineData("/run", """{"bundle":"a:1","policy":{}}""", "/policy", null)]
    [InlineData("/run", """{"bundle":"a:1","command":"sh"}""", "/command", null)]
    [InlineData("/run", """{"bundle":"a:1","config":{"memory":"1"}}""", "/config/memory", null)]
    [InlineData("/run", """{"bundle":"a:1","bundle":"b:1"}""", "", null)]
    [InlineData("/run", """{"bundle":"a:1"} {}""", "", null)]
    [InlineData("/run", """{"bundle":"a:1",}""", "", null)]
    [InlineData("/run", "[]", "", null)]
    [InlineData("/run", "null", "", null)]
    [InlineData("/run", "{", "", null)]
    [InlineData("/run", """{"bundle":"a:1","image":"b"}""", "/image", null)]
    [InlineData("/run", "{}", "", null)]
    [InlineData("/containers/web/exec", """{"env":{}}""", "/command", null)]
    [InlineData("/containers/web/exec", """{"command":[]}""", "/command", null)]
    [InlineData("/containers/web/exec", """{"command":["sh"],"timeout":0}""", "/timeout", null)]
    [InlineData("/containers/web/stop", """{"timeout":-1}""", "/timeout", null)]
    public async Task Body_that_does_not_fit_is_refused_with_its_pointer(
        string path,
        string body,
        string pointer,
        string? rightName
    )
    {
        await using var gateway = await TestGateway.StartAsync();

        var problem = (await gateway.PostAsync(path, body)).IsProblem(400, "ERR_USAGE");

        problem["pointer"]!.GetValue<string>().Should().Be(pointer);
        if (rightName is not null)
            problem.ToJsonString().Should().Contain(rightName);
        gateway.Vordr.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Other_content_type_is_refused(string? type)
    {
        await using var gateway = await TestGateway.StartAsync();
        var content = new ByteArrayContent("""{"bundle":"a:1"}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        var answer = await gateway.SendAsync(HttpMethod.Post, "/run", Role.Operator, content);

        answer.IsProblem(415, "ERR_UNSUPPORTED_MEDIA");
    }

    [Fact]
    public async Task Body_with_invalid_utf8_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync();
        var content = new ByteArrayContent([.. "{\"bundle\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var answer = await gateway.SendAsync(HttpMethod.Post, "/run", Role.Operator, content);

        answer.IsProblem(400, "ERR_USAGE");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Oversize_body_is_refused_whether_or_not_it_says_its_length(bool announced)
    {
        await using var gateway = await TestGateway.StartAsync();
        var bytes = Encoding.UTF8.GetBytes($$"""{"bundle":"{{new string('a', 2 * 1024 * 1024)}}"}""");
        HttpContent content = announced ? new ByteArrayContent(bytes) : new StreamContent(new Unseekable(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var answer = await gateway.SendAsync(HttpMethod.Post, "/run", Role.Operator, content);

        answer.IsProblem(413, "ERR_TOO_LARGE");
    }

    [Fact]
    public async Task Body_where_none_is_taken_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.PostAsync("/containers/web/start", "{}")).IsProblem(400, "ERR_USAGE");
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
