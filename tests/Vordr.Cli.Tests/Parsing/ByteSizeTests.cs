using Oci.Errors;
using Vordr.Cli.Parsing;

namespace Vordr.Cli.Tests.Parsing;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1m")]
    [InlineData("m")]
    [InlineData("1x")]
    [InlineData("1mm")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("9999999t")]
    public void What_is_no_size_is_refused(string text)
    {
        var parse = () => ByteSize.Parse(text);

        parse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("512b", 512)]
    [InlineData("64m", 64L << 20)]
    [InlineData("64M", 64L << 20)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("2 GiB", 2L << 30)]
    public void Units_are_binary(string text, long bytes) => ByteSize.Parse(text).Should().Be(bytes);
}
