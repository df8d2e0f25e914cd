using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Rules of the house that a reader would notice and a compiler doesn't.</summary>
public sealed partial class HouseRulesTests
{
    [Theory]
    [InlineData("src", 400)]
    // A table of hostile cases stands in one file with the test that reads it, so that nothing of it is overlooked.
    [InlineData("tests", 600)]
    public void No_file_is_longer_than_one_subject_needs(string folder, int mostLines) =>
        SourceTree
            .Sources(folder)
            .Select(file => (File: SourceTree.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > mostLines)
            .Should()
            .BeEmpty("a file has one subject");

    [Fact]
    public void No_product_code_is_a_stub() =>
        SourceTree
            .Sources("src")
            .Where(file => Stub().IsMatch(File.ReadAllText(file)))
            .Select(SourceTree.Relative)
            .Should()
            .BeEmpty("what isn't built is absent and says so in docs/status.md");

    [Fact]
    public void No_folder_or_file_is_named_after_nothing() =>
        SourceTree
            .Sources("src", "tests")
            .Select(SourceTree.Relative)
            .Where(file => VagueName().IsMatch(file))
            .Should()
            .BeEmpty("names are the field's standard terms");

    [Fact]
    public void No_test_sleeps() =>
        SourceTree
            .Sources("tests")
            .Where(file => !file.EndsWith("HouseRulesTests.cs", StringComparison.Ordinal))
            .Where(file => Sleep().IsMatch(File.ReadAllText(file)))
            .Select(SourceTree.Relative)
            .Should()
            .BeEmpty("tests wait for events, not for the clock");

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Stub();

    [GeneratedRegex(@"(Utils?|Helpers?|Manager|Misc|Common)(/|\.cs$)")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(\d")]
    private static partial Regex Sleep();
}
