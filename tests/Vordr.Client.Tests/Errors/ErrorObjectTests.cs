using System.Text.Json.Nodes;
using Oci.Errors;
using Vordr.Client.Errors;

namespace Vordr.Client.Tests.Errors;

public sealed class ErrorObjectTests
{
    [Fact]
    public void Unexpected_exception_leaves_nothing_but_the_trace_id()
    {
        var told = ErrorObject.From(new InvalidOperationException("/root/secret"), "abc");

        told.Id.Should().Be("ERR_INTERNAL");
        told.Detail.Should().NotContain("secret").And.Contain("abc");
    }

    [Fact]
    public void Public_error_survives_the_way_there_and_back()
    {
        var error = new PublicError(ErrorId.PolicyDenied, "no", "do this")
        {
            Pointer = "/config/privileged",
            Verdict = JsonNode.Parse("""{"allowed":false}"""),
        };

        var back = ErrorObject.From(error, "t").ToPublicError();

        back.Id.Should().Be(ErrorId.PolicyDenied);
        back.Message.Should().Be("no");
        back.Suggestions.Should().Equal("do this");
        back.Pointer.Should().Be("/config/privileged");
        back.Verdict!.ToJsonString().Should().Be("""{"allowed":false}""");
    }
}
