using Oci.Errors;
using Vordr.Bundles;
using Vordr.Tests.Engines;

namespace Vordr.Tests.Bundles;

public sealed class ContentNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("web:")]
    [InlineData("web@sha256:beef")]
    [InlineData("@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Parse_what_names_nothing_is_refused(string text)
    {
        var parse = () => ContentName.Parse(text);

        parse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Theory]
    [InlineData("web", "web", null)]
    [InlineData("web:1.2", "web", "1.2")]
    [InlineData("acme/web:1", "acme/web", "1")]
    [InlineData("host:5000/web", "host:5000/web", null)]
    [InlineData("host:5000/web:1", "host:5000/web", "1")]
    public void Parse_name_and_version(string text, string name, string? version)
    {
        var parsed = ContentName.Parse(text);

        parsed.Name.Should().Be(name);
        parsed.Version.Should().Be(version);
        parsed.ToString().Should().Be(text);
    }

    [Fact]
    public async Task Resolve_name_alone_is_the_only_version_or_latest_or_asks()
    {
        await using var host = new EngineHost();
        await host.LoadAsync("box", "1");
        using var look = host.Look();
        BundleRow Resolve(string text) => look.Database.Read(ContentName.Parse(text).Resolve);

        Resolve("box").Version.Should().Be("1");
        await host.LoadFileAsync(await host.Publisher.PackAsync("box", "2", change: Differ));
        var several = () => Resolve("box");
        several.Should().Throw<PublicError>().Which.Message.Should().Contain("1, 2");
        await host.LoadAsync("box", "latest");
        Resolve("box").Version.Should().Be("latest");
        var digest = Resolve("box:2").Root;
        Resolve($"box@{digest}").Version.Should().Be("2");
        var foreign = () => Resolve($"box:1@{digest}");
        foreign.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NotFound);
    }

    private static void Differ(string rootfs) => File.WriteAllText(Path.Join(rootfs, "www/index.html"), "another\n");
}
