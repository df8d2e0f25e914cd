using Oci.Errors;
using Vordr.Containers;

namespace Vordr.Tests.Containers;

public sealed class HostPathTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vordr-path").FullName;

    [Theory]
    [InlineData("link/below", "real/below")]
    [InlineData("link/../real", "real")]
    [InlineData("chain", "real")]
    [InlineData("real/./below/..", "real")]
    public void Resolve_follows_links_as_the_kernel_would(string path, string expected)
    {
        Directory.CreateDirectory(Path.Join(_directory, "real/below"));
        File.CreateSymbolicLink(Path.Join(_directory, "link"), "real");
        File.CreateSymbolicLink(Path.Join(_directory, "chain"), Path.Join(_directory, "link"));

        HostPath.Resolve(Path.Join(_directory, path)).Should().Be(Path.Join(_directory, expected));
    }

    [Fact]
    public void Resolve_link_that_leaves_is_where_it_leads()
    {
        File.CreateSymbolicLink(Path.Join(_directory, "out"), "/etc");

        HostPath.Resolve(Path.Join(_directory, "out")).Should().Be("/etc");
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("loop/x")]
    public void Resolve_nothing_there_is_refused(string path)
    {
        File.CreateSymbolicLink(Path.Join(_directory, "loop"), "loop");

        var resolve = () => HostPath.Resolve(Path.Join(_directory, path));

        resolve.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
