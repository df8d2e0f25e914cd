using CsCheck;

namespace Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string Alphabet = "aB1._-/:@[]";
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("")]
    [InlineData(" nginx")]
    [InlineData("nginx ")]
    [InlineData("nginx\n")]
    [InlineData("nginx:latest\n")]
    [InlineData("Nginx")]
    [InlineData("acme/Web")]
    [InlineData("ghcr.io/acme/Web")]
    [InlineData(":latest")]
    [InlineData("nginx:")]
    [InlineData("nginx:-x")]
    [InlineData("nginx:.x")]
    [InlineData("nginx:1.0+build")]
    [InlineData("nginx@")]
    [InlineData("nginx@sha512:" + Hex)]
    [InlineData("nginx@sha256:abc")]
    [InlineData("nginx@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("nginx@sha256:" + Hex + "@sha256:" + Hex)]
    [InlineData("nginx:1@latest")]
    [InlineData(Hex)]
    [InlineData("/nginx")]
    [InlineData("nginx/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("-a/b")]
    [InlineData("a-/b")]
    [InlineData("a___b/c")]
    [InlineData("a..b/c/d")]
    [InlineData("a._b/c")]
    [InlineData("https://ghcr.io/acme/web")]
    [InlineData("ghcr.io:port/acme/web")]
    [InlineData("ghcr.io:123456/acme/web")]
    [InlineData("-ghcr.io/acme/web")]
    [InlineData("ghcr..io/acme/web")]
    [InlineData("[::1/acme/web")]
    [InlineData("[]:5000/web")]
    [InlineData("ghcr.io/")]
    [InlineData("ghcr.io/acme/wëb")]
    public void Parse_what_is_no_reference_is_refused(string text)
    {
        ImageReference.TryParse(text, out _).Should().BeFalse();
        var parse = () => ImageReference.Parse(text);
        parse.Should().Throw<FormatException>().WithMessage("Not an image reference: *.");
    }

    // The table of distribution's reference/normalize_test.go, as far as it is about sha256.
    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.25", "docker.io/library/nginx:1.25")]
    [InlineData("library/nginx", "docker.io/library/nginx:latest")]
    [InlineData("acme/web", "docker.io/acme/web:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/acme/web:2", "docker.io/acme/web:2")]
    [InlineData("localhost/web", "localhost/web:latest")]
    [InlineData("localhost:5000/web", "localhost:5000/web:latest")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000")]
    [InlineData("127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c")]
    [InlineData("[2001:db8::1]:5000/web", "[2001:db8::1]:5000/web:latest")]
    [InlineData("[2001:db8::1]/web", "[2001:db8::1]/web:latest")]
    [InlineData("ghcr.io/acme/web", "ghcr.io/acme/web:latest")]
    [InlineData("Ghcr.io/acme/web", "Ghcr.io/acme/web:latest")]
    [InlineData("REGISTRY/web", "REGISTRY/web:latest")]
    [InlineData("a__b/c--d/e.f_g", "docker.io/a__b/c--d/e.f_g:latest")]
    [InlineData("web:_X.y-Z", "docker.io/library/web:_X.y-Z")]
    [InlineData("nginx@sha256:" + Hex, "docker.io/library/nginx@sha256:" + Hex)]
    [InlineData("nginx:1@sha256:" + Hex, "docker.io/library/nginx:1@sha256:" + Hex)]
    public void Parse_what_people_write_is_normalised_as_docker_does(string text, string normalised)
    {
        var reference = ImageReference.Parse(text);
        reference.ToString().Should().Be(normalised);
        ImageReference.Parse(normalised).Should().Be(reference);
    }

    [Fact]
    public void Parse_parts_are_told_apart()
    {
        var reference = ImageReference.Parse("ghcr.io:443/acme/web:1.2@sha256:" + Hex);
        reference.Registry.Should().Be("ghcr.io:443");
        reference.Repository.Should().Be("acme/web");
        reference.Name.Should().Be("ghcr.io:443/acme/web");
        reference.Tag.Should().Be("1.2");
        reference.Digest.Should().Be(Digest.Parse("sha256:" + Hex));
        ImageReference.Parse("nginx").WithDigest(Digest.Parse("sha256:" + Hex)).Tag.Should().Be("latest");
    }

    [Fact]
    public void Parse_lengths_are_limited()
    {
        ImageReference.IsRepositoryPath(new string('a', 255)).Should().BeTrue();
        ImageReference.IsRepositoryPath(new string('a', 256)).Should().BeFalse();
        ImageReference.IsTag(new string('a', 128)).Should().BeTrue();
        ImageReference.IsTag(new string('a', 129)).Should().BeFalse();
        ImageReference.TryParse(new string('a', 5000), out _).Should().BeFalse();
    }

    [Fact]
    public void Parse_any_text_is_refused_or_normalised_for_good() =>
        Gen.Int[0, Alphabet.Length - 1]
            .Select(i => Alphabet[i])
            .Array[0, 24]
            .Select(chars => new string(chars))
            .Sample(text =>
            {
                if (!ImageReference.TryParse(text, out var reference))
                    return;
                ImageReference.Parse(reference.ToString()).Should().Be(reference);
                (reference.Tag is not null || reference.Digest is not null).Should().BeTrue();
            });
}
