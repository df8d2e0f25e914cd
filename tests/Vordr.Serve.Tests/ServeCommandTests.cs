using Vordr.Cli;

namespace Vordr.Serve.Tests;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData(2, "serve", "--listen", "tcp:80")]
    [InlineData(2, "serve", "--listen", "unix:")]
    [InlineData(2, "serve", "--listen", "/run/x.sock")]
    [InlineData(2, "serve", "--frob")]
    [InlineData(60, "serve", "--listen", "none")]
    [InlineData(60, "serve", "--listen", "none", "--port", "0", "--host", "0.0.0.0")]
    public async Task What_can_not_be_listened_on_is_refused(int code, params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("vordr-serve-").FullName;
        try
        {
            using var error = new StringWriter();
            string[] roots =
            [
                "--root",
                Path.Join(directory, "root"),
                "--run-root",
                Path.Join(directory, "run"),
                "--config-dir",
                Path.Join(directory, "etc"),
            ];

            (await CommandLine.RunAsync([.. roots, .. arguments], ShellOver(error), ServeCommand.Create))
                .Should()
                .Be(code, "{0}", error);

            error.ToString().Should().StartWith("vordr: ");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Help_teaches_with_examples()
    {
        using var output = new StringWriter();

        await CommandLine.RunAsync(["serve", "--help"], ShellOver(output), ServeCommand.Create);

        output.ToString().Should().Contain("--port").And.Contain("vordr serve --stdio");
    }

    private static Shell ShellOver(TextWriter writer) =>
        new()
        {
            Out = writer,
            Error = writer,
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
            OpenError = () => Stream.Null,
        };
}
