using Oci.Errors;
using Oci.Runtime;
using Vordr.Specs;

namespace Vordr.Tests.Specs;

public sealed class ExecProcessTests
{
    private static readonly RuntimeSpec Container = new()
    {
        OciVersion = "1.0.2",
        Root = new("/nonexistent"),
        Linux = new(),
        Process = new()
        {
            User = new() { Uid = 5, Gid = 6 },
            Args = ["init"],
            Env = ["A=1", "HOME=/srv", "PATH=/bin"],
            Cwd = "/srv",
            Terminal = true,
            NoNewPrivileges = true,
            Capabilities = new() { Bounding = ["CAP_CHOWN"], Permitted = ["CAP_CHOWN"] },
            Rlimits = [new("RLIMIT_NOFILE", 10, 10)],
        },
    };

    [Fact]
    public void Container_without_capability_sets_gives_none_not_the_runtimes() =>
        ExecProcess
            .Build(
                Container with
                {
                    Process = Container.Process with { Capabilities = null },
                },
                "/nonexistent",
                new() { Command = ["x"] }
            )
            .Capabilities!.All()
            .Should()
            .BeEmpty();

    [Theory]
    [InlineData("relative")]
    [InlineData("/a\0b")]
    public void Working_directory_that_is_no_path_is_refused(string directory)
    {
        var build = () => ExecProcess.Build(Container, "/", new() { Command = ["x"], WorkingDirectory = directory });

        build.Should().Throw<PublicError>();
    }

    [Fact]
    public void Process_is_the_containers_but_for_what_was_asked()
    {
        var process = ExecProcess.Build(
            Container,
            "/nonexistent",
            new()
            {
                Command = ["sh", "-c", "x"],
                Env = ["A=2"],
                WorkingDirectory = "/srv/../tmp",
            }
        );

        process.Args.Should().Equal("sh", "-c", "x");
        process.Env.Should().BeEquivalentTo("A=2", "HOME=/srv", "PATH=/bin");
        process.Cwd.Should().Be("/tmp");
        process.Terminal.Should().BeFalse();
        process.NoNewPrivileges.Should().BeTrue();
        process.User.Should().Be(Container.Process.User);
        process.Capabilities.Should().Be(Container.Process.Capabilities);
        process.Rlimits.Should().Equal(Container.Process.Rlimits);
    }
}
