using System.Text;
using Oci.Image;

namespace Oci.Tests.Image;

/// <summary>Foreign manifests, indexes and configs: bound whole, or refused with a reason.</summary>
public sealed class ImageDocumentsTests
{
    private const string Zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private const string Layer = $$"""{"mediaType":"{{MediaTypes.LayerGzip}}","digest":"{{Zero}}","size":1}""";

    private const string Manifest = $$"""
        {"schemaVersion":2,"mediaType":"{{MediaTypes.ImageManifest}}",
         "config":{"mediaType":"{{MediaTypes.ImageConfig}}","digest":"{{Zero}}","size":1},
         "layers":[{{Layer}}]}
        """;

    private const string Config = $$$"""
        {"architecture":"amd64","os":"linux","config":{"Env":["A=b"],"Cmd":["x"]},
         "rootfs":{"type":"layers","diff_ids":["{{{Zero}}}"]}}
        """;

    [Theory]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":1", "schema 1")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":2.0", "schemaVersion is not 2")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":\"2\"", "schemaVersion is not 2")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":2,\"manifests\":[]", "ambiguous")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":2,\"schemaVersion\":2", "image")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":2,\"annotations\":{\"a\":\"1\",\"a\":\"2\"}", "image")]
    [InlineData("\"layers\":[", "\"layers\":[null,", "null")]
    [InlineData("\"layers\":[", "\"layers\":[1,", "image")]
    [InlineData("\"layers\":[", "\"layer\":[", "image")]
    [InlineData("\"size\":1", "\"size\":-1", "negative")]
    [InlineData("\"size\":1", "\"size\":1.5", "image")]
    [InlineData("\"size\":1", "\"size\":99999999999999999999", "image")]
    [InlineData("sha256:00", "sha512:00", "sha512")]
    [InlineData("sha256:00", "sha256:0A", "image")]
    [InlineData("image.manifest.v1", "image.index.v1", "where its descriptor says")]
    [InlineData("{\"schemaVersion\"", "\ufeff{\"schemaVersion\"", "image")]
    public void Manifest_with_a_fault_is_refused(string good, string bad, string words)
    {
        var parse = () =>
            ImageDocuments.ParseManifest(
                Encoding.UTF8.GetBytes(Manifest.Replace(good, bad, StringComparison.Ordinal)),
                MediaTypes.ImageManifest
            );
        parse.Should().Throw<FormatException>().Which.Message.Should().Contain(words);
    }

    [Theory]
    [InlineData("\"Env\":[\"A=b\"]", "\"Env\":[null]", "null in 'Env'")]
    [InlineData("\"Cmd\":[\"x\"]", "\"Cmd\":[null]", "null in 'Cmd'")]
    [InlineData("\"Cmd\":[\"x\"]", "\"Cmd\":\"x\"", "image")]
    [InlineData("\"Cmd\":[\"x\"]", "\"Cmd\":[\"x\"],\"cmd\":[\"y\"]", "image")]
    [InlineData("\"os\":\"linux\"", "\"os\":\"linux\",\"OS\":\"windows\"", "image")]
    [InlineData("\"os\":\"linux\"", "\"os\":\"\"", "os and architecture")]
    [InlineData("\"os\":\"linux\",", "", "image")]
    [InlineData("\"type\":\"layers\"", "\"type\":\"base\"", "rootfs")]
    [InlineData("\"rootfs\":{", "\"rootfs\":null,\"x\":{", "image")]
    [InlineData("\"diff_ids\":[", "\"diff_ids\":[null,", "image")]
    [InlineData("\"diff_ids\":[", "\"diff_ids\":null,\"x\":[", "image")]
    [InlineData("\"diff_ids\":[", $"\"diff_ids\":[\"{Zero}\",", "diff_ids for 1 layers")]
    public void Config_with_a_fault_is_refused(string good, string bad, string words)
    {
        var manifest = ImageDocuments.ParseManifest(Encoding.UTF8.GetBytes(Manifest), MediaTypes.ImageManifest);
        var parse = () =>
            ImageDocuments.ParseConfig(
                Encoding.UTF8.GetBytes(Config.Replace(good, bad, StringComparison.Ordinal)),
                manifest
            );
        parse.Should().Throw<FormatException>().Which.Message.Should().Contain(words);
    }

    [Theory]
    [InlineData("""{"schemaVersion":2,"manifests":[null]}""", "null")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""", "ambiguous")]
    [InlineData("""{"schemaVersion":2}""", "image")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("""{"schemaVersion":2,"manifests":[]}x""", "image")]
    public void Index_with_a_fault_is_refused(string index, string words)
    {
        var parse = () => ImageDocuments.ParseIndexOfLayout(Encoding.UTF8.GetBytes(index));
        parse.Should().Throw<FormatException>().Which.Message.Should().Contain(words);
    }

    [Fact]
    public void Sound_documents_are_bound()
    {
        var manifest = ImageDocuments.ParseManifest(Encoding.UTF8.GetBytes(Manifest), MediaTypes.ImageManifest);
        manifest.Layers.Should().ContainSingle().Which.Size.Should().Be(1);
        var config = ImageDocuments.ParseConfig(Encoding.UTF8.GetBytes(Config), manifest);
        config.Config!.Env.Should().Equal("A=b");
    }

    [Fact]
    public void Config_in_the_case_of_docker_and_with_what_nobody_knows_is_bound()
    {
        var manifest = ImageDocuments.ParseManifest(Encoding.UTF8.GetBytes(Manifest), MediaTypes.ImageManifest);
        var docker = Config.Replace(
            "\"os\"",
            "\"docker_version\":\"27\",\"container_config\":{\"Cmd\":null},\"os\"",
            StringComparison.Ordinal
        );
        ImageDocuments.ParseConfig(Encoding.UTF8.GetBytes(docker), manifest).Os.Should().Be("linux");
    }
}
