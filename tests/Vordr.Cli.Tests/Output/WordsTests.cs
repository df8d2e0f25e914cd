using Vordr.Cli.Output;

namespace Vordr.Cli.Tests.Output;

public sealed class WordsTests
{
    [Theory]
    [InlineData("\u001b[2Jx", "\\u{1b}[2Jx")]
    [InlineData("a\u202eb", "a\\u{202e}b")]
    [InlineData("line\nbreak", "line\\u{a}break")]
    [InlineData("Vörðr", "Vörðr")]
    public void Foreign_text_can_not_move_the_cursor(string text, string printed) =>
        Words.Printable(text).Should().Be(printed);

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1_060_000, "1.06MB")]
    [InlineData(42_000_000, "42.0MB")]
    [InlineData(421_000_000_000, "421GB")]
    public void Sizes_have_three_digits(long bytes, string text) => Words.Size(bytes).Should().Be(text);

    [Fact]
    public void Table_aligns_its_columns()
    {
        var table = new Table("A", "LONG", "B");
        table.Add("value", "x", "y");
        using var output = new StringWriter();

        table.Write(output);

        output.ToString().Should().Be("A       LONG   B\nvalue   x      y\n");
    }
}
