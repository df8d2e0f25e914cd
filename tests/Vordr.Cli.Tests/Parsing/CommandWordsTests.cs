using Oci.Errors;
using Vordr.Cli.Parsing;

namespace Vordr.Cli.Tests.Parsing;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("run image sh -c true", "run image -- sh -c true")]
    [InlineData("run -d --name web -p 80:80 image sh -d", "run -d --name web -p 80:80 image -- sh -d")]
    [InlineData("run --name=web -p80:80 image", "run --name=web -p80:80 image")]
    [InlineData("run -dp 80:80 image ls -l", "run -dp 80:80 image -- ls -l")]
    [InlineData("run -dp80:80 image ls -l", "run -dp80:80 image -- ls -l")]
    [InlineData("run --ctp app.ctp ls -l", "run --ctp app.ctp -- ls -l")]
    [InlineData("run --ctp=app.ctp", "run --ctp=app.ctp")]
    [InlineData("--root /r --json run image ls", "--root /r --json run image -- ls")]
    [InlineData("run image -- ls", "run image -- -- ls")]
    [InlineData("run -- image ls", "run -- image ls")]
    [InlineData("exec -u 0 web ls --all", "exec -u 0 web -- ls --all")]
    [InlineData("create image run -x", "create image -- run -x")]
    [InlineData("ps -aq", "ps -aq")]
    [InlineData("rm -f web", "rm -f web")]
    [InlineData("network create --subnet 10.0.0.0/24 lab", "network create --subnet 10.0.0.0/24 lab")]
    [InlineData("load -", "load -")]
    public void Container_command_is_separated_behind_the_image(string typed, string separated) =>
        Separate(typed).Should().Equal(separated.Split(' '));

    [Theory]
    [InlineData("imagse", "vordr has no command imagse.", "did you mean vordr images?")]
    [InlineData("frobnicate", "vordr has no command frobnicate.", "vordr --help")]
    [InlineData("run --nam web image", "vordr run has no option --nam.", "did you mean --name?")]
    [InlineData("run -Z image", "vordr run has no option -Z.", "vordr run --help")]
    [InlineData("run -dZ image", "vordr run has no option -Z.", "vordr run --help")]
    [InlineData("stop --forse web", "vordr stop has no option --forse.", "vordr stop --help")]
    [InlineData("network craete lab", "vordr network has no command craete.", "did you mean vordr network create?")]
    public void Unknown_word_is_told_with_the_one_that_was_meant(string typed, string message, string suggestion)
    {
        var separate = () => Separate(typed);

        var error = separate.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.Usage);
        error.Message.Should().Be(message);
        error.Suggestions[0].Should().Be(suggestion);
    }

    private static IReadOnlyList<string> Separate(string typed)
    {
        using var shell = new TestShell();
        return CommandWords.Separate(typed.Split(' '), CommandLine.Root(shell.Shell(), verb: null));
    }
}
