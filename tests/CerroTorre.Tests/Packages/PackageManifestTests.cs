using System.Text;
using CerroTorre.Packages;
using CsCheck;
using Oci;

namespace CerroTorre.Tests.Packages;

/// <summary><c>manifest.toml</c>.</summary>
public sealed class PackageManifestTests
{
    private const string Good = """
        ctp-version = "1.0"
        name = "acme/web"
        version = "1.4.2"
        created = 2026-11-23T00:00:00Z
        root = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

        """;

    [Theory]
    [InlineData("name = \"acme/web\"", "name = \"Acme/Web\"")]
    [InlineData("name = \"acme/web\"", "name = \"../web\"")]
    [InlineData("name = \"acme/web\"", "name = \"acme/web\\n\"")]
    [InlineData("name = \"acme/web\"", "name = 1")]
    [InlineData("name = \"acme/web\"", "")]
    [InlineData("version = \"1.4.2\"", "version = \"1.4.2+3\"")]
    [InlineData("version = \"1.4.2\"", "version = \"-1\"")]
    [InlineData("created = 2026-11-23T00:00:00Z", "created = 2026-11-23T00:00:00+01:00")]
    [InlineData("created = 2026-11-23T00:00:00Z", "created = 2026-11-23")]
    [InlineData("created = 2026-11-23T00:00:00Z", "created = \"2026-11-23T00:00:00Z\"")]
    [InlineData("sha256:00", "sha512:00")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = \"1.1\"")]
    [InlineData("ctp-version = \"1.0\"", "")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = \"1.0\"\ntrusted = true")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = \"1.0\"\nname = \"other\"")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = \"1.0\"\nannotations = 1")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = \"1.0\"\nannotations = { a = 1 }")]
    [InlineData("ctp-version = \"1.0\"", "\ufeffctp-version = \"1.0\"")]
    [InlineData("ctp-version = \"1.0\"", "ctp-version = ")]
    public void Manifest_with_a_bad_member_is_refused(string good, string bad)
    {
        var parse = () =>
            PackageManifest.Parse(Encoding.UTF8.GetBytes(Good.Replace(good, bad, StringComparison.Ordinal)));
        parse.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("[annotations]\na = '1'\na = '2'\n")]
    [InlineData("[annotations]\na = '1'\n[annotations]\nb = '2'\n")]
    [InlineData("[annotations]\na = '1'\n'a' = '2'\n")]
    [InlineData("annotations.a = '1'\n[annotations]\nb = '2'\n")]
    [InlineData("annotations.a = '1'\nannotations.a = '2'\n")]
    [InlineData("annotations = { a = '1', a = '2' }\n")]
    [InlineData("annotations = { a = '1' }\n[annotations]\nb = '1'\n")]
    public void Member_that_stands_twice_is_refused(string toml)
    {
        var parse = () => PackageManifest.Parse(Encoding.UTF8.GetBytes(Good + toml));
        parse.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("x = ", "[")]
    [InlineData("x = ", "{a=")]
    [InlineData("x", ".a")]
    [InlineData("[x", ".a")]
    public void Manifest_nested_as_deep_as_it_can_be_is_refused(string start, string nest)
    {
        var toml =
            Good + start + string.Concat(Enumerable.Repeat(nest, (PackageManifest.MaxSize - 1000) / nest.Length));
        var parse = () => PackageManifest.Parse(Encoding.UTF8.GetBytes(toml));
        parse.Should().Throw<FormatException>();
    }

    [Fact]
    public void Random_text_is_refused_and_never_crashes() =>
        Gen
            .String.Array[1, 20]
            .Sample(
                parts =>
                {
                    var parse = () =>
                        PackageManifest.Parse(Encoding.UTF8.GetBytes(Good + "\n= [" + string.Join("\n= [", parts)));
                    parse.Should().Throw<FormatException>();
                },
                iter: 2000
            );

    [Fact]
    public void Manifest_that_is_not_utf8_is_refused()
    {
        var parse = () => PackageManifest.Parse([.. Encoding.UTF8.GetBytes(Good), (byte)'#', 0xff]);
        parse.Should().Throw<FormatException>();
    }

    [Fact]
    public void Version_with_a_plus_is_refused_with_a_hint()
    {
        var require = () => PackageName.RequireVersion("1.0+build");
        require.Should().Throw<FormatException>().WithMessage("*'1.0_build'*");
    }

    [Fact]
    public void Manifest_reads_back_what_it_wrote()
    {
        var text = Gen.String.Where(IsTomlText);
        Gen.Select(text, text, Gen.Dictionary(text.Where(t => t.Length > 0), text)[0, 5])
            .Sample(
                (description, license, annotations) =>
                {
                    var manifest = new PackageManifest
                    {
                        Name = "acme/web",
                        Version = "1.4.2",
                        Created = new DateTimeOffset(2026, 11, 23, 1, 2, 3, TimeSpan.Zero),
                        Root = Digest.Of([1]),
                        Description = description,
                        License = license,
                        Annotations = annotations,
                    };
                    PackageManifest.Parse(manifest.ToBytes()).Should().BeEquivalentTo(manifest);
                },
                iter: 500
            );
    }

    [Fact]
    public void Manifest_over_its_limit_is_not_written()
    {
        var manifest = PackageManifest.Parse(Encoding.UTF8.GetBytes(Good)) with
        {
            Description = new string('a', 1 << 20),
        };
        var write = () => manifest.ToBytes();
        write.Should().Throw<FormatException>().WithMessage("*1048576*");
    }

    private static bool IsTomlText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }
        return true;
    }
}
