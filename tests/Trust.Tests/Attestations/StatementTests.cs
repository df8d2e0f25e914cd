using System.Text;
using Oci;
using Trust.Attestations;

namespace Trust.Tests.Attestations;

public sealed class StatementTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Type = "\"_type\":\"https://in-toto.io/Statement/v1\"";
    private const string Subject = "\"subject\":[{\"name\":\"n\",\"digest\":{\"sha256\":\"" + Hex + "\"}}]";
    private const string Predicate = "\"predicateType\":\"https://example.org/p\",\"predicate\":{}";

    [Theory]
    [InlineData("[]", "*is not an object")]
    [InlineData("{" + Subject + "," + Predicate + "}", "*/_type *")]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v0.1\"," + Subject + "," + Predicate + "}", "*/_type *")]
    [InlineData("{" + Type + "," + Predicate + "}", "*/subject *")]
    [InlineData("{" + Type + ",\"subject\":[]," + Predicate + "}", "*/subject names nothing")]
    [InlineData("{" + Type + ",\"subject\":[1]," + Predicate + "}", "*/subject/0 *")]
    [InlineData("{" + Type + ",\"subject\":[{\"name\":\"n\"}]," + Predicate + "}", "*/subject/0/digest *")]
    [InlineData("{" + Type + ",\"subject\":[{\"digest\":{}}]," + Predicate + "}", "*/subject/0/digest *")]
    [InlineData("{" + Type + ",\"subject\":[{\"digest\":{\"sha256\":\"AB\"}}]," + Predicate + "}", "*/digest/sha256 *")]
    [InlineData("{" + Type + ",\"subject\":[{\"digest\":{\"sha1\":7}}]," + Predicate + "}", "*/digest/sha1 *")]
    [InlineData("{" + Type + "," + Subject + "}", "*/predicateType *")]
    [InlineData("{" + Type + "," + Subject + ",\"predicateType\":\"release\"}", "*/predicateType *")]
    [InlineData(
        "{" + Type + "," + Subject + ",\"predicateType\":\"https://x.org/p\",\"predicate\":[]}",
        "*/predicate *"
    )]
    [InlineData("{" + Type + "," + Type + "," + Subject + "," + Predicate + "}", "*stands twice*")]
    public void Parse_what_is_no_statement_is_refused(string json, string message)
    {
        var parse = () => Statement.Parse(Encoding.UTF8.GetBytes(json));
        parse.Should().Throw<FormatException>().WithMessage(message);
    }

    [Fact]
    public void Parse_members_that_the_specification_does_not_name_are_ignored()
    {
        var json = "{\"x\":1," + Type + "," + Subject + "," + Predicate + "}";
        var statement = Statement.Parse(Encoding.UTF8.GetBytes(json));
        statement.Subjects.Should().Equal(new Subject("n", Digest.Parse("sha256:" + Hex)));
        statement.IsAbout(Digest.Parse("sha256:" + Hex)).Should().BeTrue();
        statement.IsAbout(Case.Root).Should().BeFalse();
    }

    [Fact]
    public void Create_release_is_exactly_what_the_format_says() =>
        Encoding
            .UTF8.GetString(ReleaseStatement.Create("acme/web", "1.4.2", Case.Root, Case.Manifest, Suites.Ed25519))
            .Should()
            .Be(
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{\"suite\":\"CT-SIG-01\"},"
                    + "\"predicateType\":\"https://verified-container.org/v1/release\",\"subject\":["
                    + $"{{\"digest\":{{\"sha256\":\"{Case.Root.Hex}\"}},\"name\":\"acme/web:1.4.2\"}},"
                    + $"{{\"digest\":{{\"sha256\":\"{Case.Manifest.Hex}\"}},\"name\":\"manifest.toml\"}}]}}"
            );

    [Theory]
    [InlineData("Acme", "1")]
    [InlineData("acme", "1+2")]
    [InlineData("", "1")]
    [InlineData("acme:1", "1")]
    public void Create_release_of_what_can_be_no_name_is_refused(string name, string version)
    {
        var create = () => ReleaseStatement.Create(name, version, Case.Root, Case.Manifest, Suites.Ed25519);
        create.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("\"suite\":\"CT-SIG-01\"", "\"suite\":\"CT-SIG-01\",\"also\":1")] // says more
    [InlineData("\"suite\":\"CT-SIG-01\"", "")] // says less
    [InlineData("\"suite\":\"CT-SIG-01\"", "\"suite\":1")]
    [InlineData("\"name\":\"manifest.toml\"", "\"name\":\"other.toml\"")]
    [InlineData("\"name\":\"manifest.toml\"", "\"title\":\"manifest.toml\"")]
    [InlineData("acme/web:1.4.2", "acme/web")]
    [InlineData("acme/web:1.4.2", "Acme/web:1.4.2")]
    [InlineData("\"subject\":[", "\"subject\":[{\"digest\":{\"sha1\":\"00\"}},")] // a third subject
    [InlineData("\"sha256\"", "\"sha512\"")]
    public void Read_release_that_says_less_or_more_is_refused(string good, string bad)
    {
        var json = Encoding.UTF8.GetString(Case.ReleasePayload());
        var spoiled = json.Replace(good, bad, StringComparison.Ordinal);
        spoiled.Should().NotBe(json);
        var read = () => ReleaseStatement.Read(Statement.Parse(Encoding.UTF8.GetBytes(spoiled)));
        read.Should().Throw<FormatException>().WithMessage("release statement: *");
    }
}
