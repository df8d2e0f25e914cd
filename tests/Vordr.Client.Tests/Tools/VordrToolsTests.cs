using System.Reflection;
using Vordr.Client.Tools;

namespace Vordr.Client.Tests.Tools;

public sealed class VordrToolsTests
{
    [Fact]
    public void Table_lists_every_tool_once_in_the_documented_form()
    {
        var declared = typeof(VordrTools)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<VordrTool>();

        VordrTools.All.Should().BeEquivalentTo(declared);
        VordrTools
            .All.Select(tool => tool.Name)
            .Should()
            .OnlyHaveUniqueItems()
            .And.AllSatisfy(name => name.Should().MatchRegex("^vordr_[a-z]+(_[a-z]+)?$"));
    }

    [Fact]
    public void Reading_tools_are_neither_destructive_nor_unrepeatable() =>
        VordrTools.All.Where(tool => tool.ReadOnly).Should().OnlyContain(tool => !tool.Destructive && tool.Idempotent);
}
