using Oci.Errors;
using Vordr.Containers;
using Vordr.Networks;

namespace Vordr.Tests.Containers;

public sealed class OptionChecksTests
{
    public static TheoryData<string> Malformed =>
        [
            "name: -web",
            "name: a b",
            "name: " + new string('a', 129),
            "name: " + new string('0', 64),
            "env: NAME",
            "env: =value",
            "env: A=\0",
            "command: a\0b",
            "workdir: relative",
            "memory: 1024",
            "network: none",
            "network: host",
        ];

    [Theory, MemberData(nameof(Malformed))]
    public void Check_what_cannot_be_meant_is_refused_with_its_pointer(string what)
    {
        var parts = what.Split(": ", 2);
        var options = parts[0] switch
        {
            "name" => new ContainerOptions { Name = parts[1] },
            "env" => new ContainerOptions { Env = [parts[1]] },
            "command" => new ContainerOptions { Command = [parts[1]] },
            "workdir" => new ContainerOptions { WorkDir = parts[1] },
            "memory" => new ContainerOptions { Memory = 1024 },
            _ => new ContainerOptions
            {
                Network = parts[1],
                Ports = [new PublishedPort { HostPort = 80, ContainerPort = 80 }],
            },
        };

        var check = () => OptionChecks.Check(options);

        var error = check.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.Usage);
        error.Pointer.Should().StartWith("/");
    }

    [Fact]
    public void Check_drawn_names_are_names()
    {
        for (var i = 0; i < 100; i++)
            ContainerNames.Check(ContainerNames.Draw());
    }
}
