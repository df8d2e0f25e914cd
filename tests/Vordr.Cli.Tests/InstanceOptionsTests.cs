namespace Vordr.Cli.Tests;

public sealed class InstanceOptionsTests
{
    [Fact]
    public void Another_root_brings_a_run_root_of_its_own()
    {
        var one = InstanceOptions.Of("/srv/one", null, null, _ => null);
        var two = InstanceOptions.Of("/srv/two", null, null, _ => null);

        one.RunRoot.Should().MatchRegex("^/run/vordr-[0-9a-f]{6}$").And.NotBe(two.RunRoot);
    }

    [Fact]
    public void Default_root_has_the_default_run_root() =>
        InstanceOptions
            .Of(null, null, null, _ => null)
            .Should()
            .Be(new InstanceOptions("/var/lib/vordr", "/run/vordr", "/etc/vordr"));

    [Fact]
    public void Option_wins_over_environment_wins_over_default()
    {
        string? Environment(string name) => name == InstanceOptions.RootVariable ? "/env" : null;

        InstanceOptions.Of(null, "/u", null, Environment).Root.Should().Be("/env");
        InstanceOptions.Of("/option", "/u", null, Environment).Root.Should().Be("/option");
    }
}
