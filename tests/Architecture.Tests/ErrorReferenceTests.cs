using System.Text;
using Oci.Errors;

namespace Architecture.Tests;

/// <summary><c>docs/reference/errors.md</c> is generated from the error table; STACK_UPDATE_DOCS=1 writes it anew.</summary>
public sealed class ErrorReferenceTests
{
    [Fact]
    public void Page_is_what_the_table_says()
    {
        var page = Path.Combine(SourceTree.Root, "docs", "reference", "errors.md");
        var expected = Render();
        if (Environment.GetEnvironmentVariable("STACK_UPDATE_DOCS") == "1")
            File.WriteAllText(page, expected);

        File.ReadAllText(page)
            .Should()
            .Be(expected, "STACK_UPDATE_DOCS=1 ./dev test Architecture.Tests writes it anew");
    }

    [Fact]
    public void Names_are_unique() => ErrorId.All.Select(error => error.Name).Should().OnlyHaveUniqueItems();

    private static string Render()
    {
        var page = new StringBuilder(
            """
            # Errors

            Generated from `src/Oci/Errors/ErrorId.cs`. An error has one id everywhere: in the JSON of `--json`, in the
            problem document of an HTTP answer (RFC 9457), in the result of an MCP tool. `run`, `start -a` and `exec` end
            with 125 for any of them, 126 and 127 as Docker does, else with the container's own code.

            | id | means | HTTP | exit |
            |---|---|---|---|

            """
        );
        foreach (var error in ErrorId.All)
            page.AppendLine($"| `{error.Name}` | {error.Title} | {error.HttpStatus} | {error.ExitCode} |");
        return page.ToString();
    }
}
