using System.CommandLine;
using System.Text.Json.Nodes;
using Oci.Errors;
using Svalinn.Commands;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Commands;

public sealed class KeyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("create", "--name", "ci", "--role", "root")]
    [InlineData("create", "--name", "ci", "--expires-in-days", "0")]
    [InlineData("revoke", "0123456789abcdef")]
    public async Task Nonsense_is_refused(params string[] arguments)
    {
        var run = () => RunAsync(arguments);

        (await run.Should().ThrowAsync<PublicError>()).Which.Id.Should().BeOneOf(ErrorId.Usage, ErrorId.NotFound);
    }

    [Fact]
    public async Task Key_works_at_a_running_gateway_until_it_is_revoked()
    {
        await using var gateway = await TestGateway.StartAsync(options =>
            options with
            {
                StateDirectory = _directory.Of("state"),
            }
        );
        var key = (await RunAsync("create", "--name", "ci", "--role", "viewer")).Trim();
        (await GetAsync()).Is(200);
        var listed = JsonNode.Parse(await RunAsync("list", "--json"))!.AsArray().Single()!;
        listed["name"]!.GetValue<string>().Should().Be("ci");
        listed.ToJsonString().Should().NotContain(key.Split('_')[2]);

        await RunAsync("revoke", listed["id"]!.GetValue<string>());

        (await GetAsync()).IsProblem(401, "ERR_UNAUTHENTICATED");
        (await RunAsync("list")).Should().Contain("revoked");

        Task<Answer> GetAsync() =>
            gateway.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, "/policies") { Headers = { Authorization = new("Bearer", key) } }
            );
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        await Key.Command()
            .Parse([.. arguments, "--state", _directory.Of("state")])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output });
        return output.ToString();
    }
}
