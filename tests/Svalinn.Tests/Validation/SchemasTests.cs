using System.Text.Json.Nodes;
using Svalinn.Validation;

namespace Svalinn.Tests.Validation;

/// <summary>
/// <c>schemas/</c> is exported from the records. When a record changed on purpose: run the tests with
/// <c>UPDATE_SCHEMAS=1</c>, and read the difference.
/// </summary>
public sealed class SchemasTests
{
    private static readonly string s_folder = Path.Combine(RepositoryRoot(), "schemas");

    [Fact]
    public void Published_schemas_are_those_of_the_records()
    {
        var expected = Schemas.All.Keys.ToDictionary(name => $"{name}.json", Schemas.Text);
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
        {
            Directory.CreateDirectory(s_folder);
            foreach (var old in Directory.GetFiles(s_folder, "*.json"))
                File.Delete(old);
            foreach (var (name, text) in expected)
                File.WriteAllText(Path.Combine(s_folder, name), text);
        }

        Directory.GetFiles(s_folder, "*.json").Select(Path.GetFileName).Should().BeEquivalentTo(expected.Keys);
        foreach (var (name, text) in expected)
            File.ReadAllText(Path.Combine(s_folder, name)).Should().Be(text, "UPDATE_SCHEMAS=1 writes {0} anew", name);
    }

    [Theory]
    [InlineData("create-container")]
    [InlineData("exec")]
    [InlineData("stop-container")]
    [InlineData("verify")]
    public void Schema_of_a_body_takes_no_unknown_member(string name)
    {
        var schema = JsonNode.Parse(Schemas.Text(name))!;

        schema["additionalProperties"]!.GetValue<bool>().Should().BeFalse();
        schema["properties"]!.AsObject().Should().NotContain(member => member.Key == "constraints");
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Stack.slnx")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
