using System.Text;
using Oci.Errors;
using Vordr.Client.Binding;

namespace Vordr.Client.Tests.Binding;

public sealed class StrictBindingTests
{
    [Theory]
    [InlineData("""{"image":"web","colour":"red"}""", "/colour", null)]
    [InlineData("""{"image":"web","cmd":["x"]}""", "/cmd", "command")]
    [InlineData("""{"image":"web","Command":["x"]}""", "/Command", "command")]
    [InlineData("""{"image":"web","comand":["x"]}""", "/comand", "command")]
    [InlineData("""{"image":"web","config":{"cap_add":[]}}""", "/config/cap_add", "capAdd")]
    [InlineData("""{"image":"web","config":{"read-only":true}}""", "/config/read-only", "readOnly")]
    [InlineData("""{"image":"web","config":{"environment":{}}}""", "/config/environment", "env")]
    [InlineData("""{"image":"web","env":{}}""", "/env", "/config/env")]
    [InlineData("""{"image":"web","rm":true}""", "/rm", "/config/autoRemove")]
    [InlineData("""{"image":"web","config":{"command":[]}}""", "/config/command", "/command")]
    [InlineData("""{"image":"web","a/b~c":1}""", "/a~1b~0c", null)]
    public void Unknown_member_is_named_by_pointer_with_the_right_name(string json, string pointer, string? right)
    {
        var error = Refused(json);

        error.Id.Should().Be(ErrorId.Usage);
        error.Pointer.Should().Be(pointer);
        error.Suggestions.Should().BeEquivalentTo(right is null ? [] : [$"use {right}"]);
    }

    [Theory]
    [InlineData("""[]""", "", "is an array, and must be an object")]
    [InlineData("""null""", "", "is null, and must be an object")]
    [InlineData("""{"image":5}""", "/image", "is a number, and must be a string")]
    [InlineData("""{"command":"true"}""", "/command", "is a string, and must be an array")]
    [InlineData("""{"command":["a",7]}""", "/command/1", "is a number, and must be a string")]
    [InlineData("""{"command":["a",null]}""", "/command/1", "is null, and must have a value")]
    [InlineData("""{"config":{"env":["A=b"]}}""", "/config/env", "is an array, and must be an object")]
    [InlineData("""{"config":{"env":{"A":1}}}""", "/config/env/A", "is a number, and must be a string")]
    [InlineData("""{"config":{"memory":"64m"}}""", "/config/memory", "is a string, and must be an integer")]
    [InlineData("""{"config":{"memory":1.5}}""", "/config/memory", "is a number, and must be an integer")]
    [InlineData("""{"config":{"memory":99999999999999999999}}""", "/config/memory", "must be an integer")]
    [InlineData("""{"config":{"privileged":"false"}}""", "/config/privileged", "must be true or false")]
    public void Wrong_kind_is_named_by_pointer(string json, string pointer, string words)
    {
        var error = Refused(json);

        error.Pointer.Should().Be(pointer);
        error.Message.Should().Contain(words.Replace("is a number, and must be an integer", "must be an integer"));
    }

    [Theory]
    [InlineData("""{"image":"a","image":"b"}""")]
    [InlineData("""{"image":"a"} {}""")]
    [InlineData("""{"image":"a",}""")]
    [InlineData("""{"image":"a"/* */}""")]
    [InlineData("""{"image":"a" """)]
    [InlineData("\uFEFF{}")]
    [InlineData("")]
    public void Malformed_document_is_refused(string json) => Refused(json).Id.Should().Be(ErrorId.Usage);

    [Fact]
    public void Invalid_utf8_is_refused()
    {
        byte[] bytes = [.. "{\"image\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        var bind = () => StrictBinding.Bind(bytes.AsMemory(), WireJson.Default.CreateRequest);

        bind.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Depth_over_64_is_refused()
    {
        var deep = "{\"config\":" + new string('[', 70) + new string(']', 70) + "}";

        Refused(deep).Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Missing_required_member_is_named()
    {
        var bind = () => StrictBinding.Bind("{}"u8.ToArray(), WireJson.Default.StopRequest);

        bind.Should().Throw<PublicError>().Which.Pointer.Should().Be("/container");
    }

    [Fact]
    public void Null_in_a_required_member_is_refused()
    {
        var bind = () => StrictBinding.Bind("""{"container":null}"""u8.ToArray(), WireJson.Default.StopRequest);

        bind.Should().Throw<PublicError>().Which.Pointer.Should().Be("/container");
    }

    [Fact]
    public void Falsy_members_bind_and_ask_for_nothing()
    {
        var request = StrictBinding.Bind(
            """{"image":"web","config":{"privileged":false,"capAdd":null,"devices":[],"pid":""}}"""u8.ToArray(),
            WireJson.Default.CreateRequest
        );

        request.Config!.Privileged.Should().BeFalse();
        request.Config.CapAdd.Should().BeNull();
        request.Config.Devices.Should().BeEmpty();
    }

    [Theory]
    [InlineData("$", "")]
    [InlineData("$.config.ports[2]", "/config/ports/2")]
    [InlineData("$['a.b'].c", "/a.b/c")]
    [InlineData(null, "")]
    public void Serializer_path_becomes_a_pointer(string? path, string pointer) =>
        JsonPointer.FromPath(path).Should().Be(pointer);

    private static PublicError Refused(string json)
    {
        var bind = () => StrictBinding.Bind(Encoding.UTF8.GetBytes(json), WireJson.Default.CreateRequest);
        return bind.Should().Throw<PublicError>().Which;
    }
}
