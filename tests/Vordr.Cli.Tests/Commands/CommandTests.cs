using System.Text.Json;

namespace Vordr.Cli.Tests.Commands;

/// <summary>Command lines against an engine of their own, as far as they go without a container.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData(2, "ps", "--frob")]
    [InlineData(2, "network")]
    [InlineData(2, "stop")]
    [InlineData(2, "load")]
    [InlineData(2, "stop", "-t", "soon", "web")]
    [InlineData(125, "run")]
    [InlineData(125, "run", "--frob", "image")]
    [InlineData(125, "run", "--memory", "many", "image")]
    [InlineData(125, "run", "-p", "eighty", "image")]
    [InlineData(125, "run", "-v", "relative:/x", "image")]
    [InlineData(125, "run", "nothing:1.0", "true")]
    [InlineData(125, "run", "/nonexistent/app.ctp")]
    [InlineData(125, "exec", "web")]
    [InlineData(125, "exec", "web", "true")]
    [InlineData(71, "stop", "web")]
    [InlineData(71, "rm", "-f", "web")]
    [InlineData(71, "inspect", "web")]
    [InlineData(71, "logs", "web")]
    [InlineData(33, "load", "/nonexistent/app.ctp")]
    [InlineData(33, "verify", "nothing:1.0")]
    [InlineData(33, "network", "rm", "nothing")]
    public async Task Failure_has_its_exit_code_and_says_why(int code, params string[] arguments)
    {
        using var shell = new TestShell();

        (await shell.RunAsync(arguments)).Should().Be(code, "{0}", shell.Error);

        shell.Error.Should().StartWith("vordr: ").And.NotContain("   at ");
    }

    [Fact]
    public async Task Failure_as_json_is_the_error_object_on_standard_error()
    {
        using var shell = new TestShell();

        await shell.RunAsync("--json", "logs", "web");

        var error = JsonElement.Parse(shell.Error);
        error.GetProperty("id").GetString().Should().Be("ERR_CONTAINER_NOT_FOUND");
        error.GetProperty("suggestions").GetArrayLength().Should().BeGreaterThan(0);
        shell.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task One_name_of_several_that_fails_does_not_stop_the_others()
    {
        using var shell = new TestShell();

        await shell.RunAsync("stop", "one", "two");

        shell.Error.Should().Contain("one").And.Contain("two");
    }

    [Theory]
    [InlineData("ps")]
    [InlineData("images")]
    public async Task Empty_lists_are_empty(string verb)
    {
        using var shell = new TestShell();

        (await shell.RunAsync(verb, "--json")).Should().Be(0, "{0}", shell.Error);
        JsonElement.Parse(shell.Out).GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Ps_prints_the_headings_that_fingers_know()
    {
        using var shell = new TestShell();

        await shell.RunAsync("ps", "-a");

        shell.Out.Should().Be("CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n");
    }

    [Fact]
    public async Task Nothing_and_help_both_teach_with_examples()
    {
        using var shell = new TestShell();

        (await CommandLine.RunAsync([], shell.Shell())).Should().Be(0);
        (await CommandLine.RunAsync(["run", "--help"], shell.Shell())).Should().Be(0);

        shell.Out.Should().Contain("vordr explain --last").And.Contain("vordr run --ctp app.ctp echo hello");
    }

    [Fact]
    public async Task Every_command_has_examples()
    {
        using var shell = new TestShell();
        var verbs = CommandLine.Root(shell.Shell(), verb: null).Subcommands;

        foreach (var verb in verbs.Where(verb => verb.Subcommands.Count == 0 && verb.Name != "serve"))
        {
            using var help = new TestShell();
            await CommandLine.RunAsync([verb.Name, "--help"], help.Shell());
            help.Out.Should().Contain($"Examples:\n  vordr {verb.Name}", "{0} teaches", verb.Name);
        }
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("version")]
    public async Task Version_is_printed(string word)
    {
        using var shell = new TestShell();

        (await CommandLine.RunAsync([word], shell.Shell())).Should().Be(0);

        shell.Out.Should().Be("vordr 0.1.0\n");
    }

    [Fact]
    public async Task Response_files_are_not_read()
    {
        using var shell = new TestShell();
        await File.WriteAllTextAsync(shell.PathOf("words"), "--help");

        (await shell.RunAsync("run", $"@{shell.PathOf("words")}")).Should().Be(125);

        shell.Error.Should().Contain("@/");
    }
}
