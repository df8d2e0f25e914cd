using System.Text;
using System.Text.Json.Serialization;
using Oci.Json;

namespace Oci.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "/a")]
    [InlineData("{\"b\":[{\"x\":1},{\"a\":1,\"\\u0061\":2}]}", "/b/1/a")]
    [InlineData("{\"a/b\":{\"~\":1,\"~\":1}}", "/a~1b/~0")]
    public void Parse_duplicate_member_is_refused_with_its_pointer(string json, string pointer)
    {
        var parse = () => StrictJson.Parse(Encoding.UTF8.GetBytes(json), "policy");
        parse.Should().Throw<FormatException>().WithMessage($"policy: at {pointer}: the member stands twice");
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("[{\"a\":[\"\\ud83d\"]}]")]
    public void Parse_half_of_a_surrogate_pair_is_refused(string json)
    {
        var parse = () => StrictJson.Parse(Encoding.UTF8.GetBytes(json), "x");
        parse.Should().Throw<FormatException>().WithMessage("*surrogate*");
    }

    [Fact]
    public void Parse_byte_order_mark_is_refused()
    {
        var parse = () => StrictJson.Parse((byte[])[0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], "x");
        parse.Should().Throw<FormatException>().WithMessage("x: begins with a byte order mark");
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })] // overlong
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })] // an encoded surrogate
    public void Parse_bytes_that_are_not_utf8_are_refused(byte[] json)
    {
        var parse = () => StrictJson.Parse(json, "x");
        parse.Should().Throw<FormatException>().WithMessage("x: is not UTF-8");
    }

    [Fact]
    public void Parse_depth_is_limited_to_64()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        using (StrictJson.Parse(Nested(64), "x")) { }
        var parse = () => StrictJson.Parse(Nested(65), "x");
        parse.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("{} {}")]
    [InlineData("{},")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("/* */ {}")]
    [InlineData("{} // x")]
    [InlineData("{'a':1}")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("")]
    [InlineData(" ")]
    public void Parse_latitude_is_refused(string json)
    {
        var parse = () => StrictJson.Parse(Encoding.UTF8.GetBytes(json), "x");
        parse.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"count\":1,\"extra\":true}", "document: at /extra: no such member")]
    [InlineData("{\"name\":\"a\",\"count\":1,\"inner\":{\"oops\":1}}", "document: at /inner/oops: no such member")]
    [InlineData("{\"name\":\"a\"}", "document: missing: count")]
    [InlineData("{\"name\":\"a\",\"count\":\"1\"}", "document: at /count: a value of another type stands here")]
    [InlineData("{\"name\":null,\"count\":1}", "document: at /name: null stands where a value must")]
    [InlineData("null", "document: null stands where a value must")]
    [InlineData("[]", "document: a value of another type stands here")]
    public void Deserialize_wrong_shape_says_what_and_where(string json, string message)
    {
        var parse = () =>
            StrictJson.Deserialize(Encoding.UTF8.GetBytes(json), StrictJsonTestsContext.Default.Sample, "document");
        parse.Should().Throw<FormatException>().WithMessage(message);
    }

    [Fact]
    public void Deserialize_right_shape_binds()
    {
        var sample = StrictJson.Deserialize(
            "{\"count\":3,\"name\":\"web\"}"u8,
            StrictJsonTestsContext.Default.Sample,
            "document"
        );
        sample.Should().Be(new Sample("web", 3, null));
    }
}

internal sealed record Sample(string Name, int Count, Sample.Nested? Inner = null)
{
    internal sealed record Nested(int? Value = null);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Sample))]
internal sealed partial class StrictJsonTestsContext : JsonSerializerContext;
