using Oci.Errors;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class HostileLayerTests : IDisposable
{
    private static readonly ExtractionLimits Limits = new()
    {
        Bytes = 4 << 20,
        Entries = 3000,
        DirectoryRecordBytes = 6_000_000,
        KeepFree = 0,
    };

    private readonly TestDirectory _directory = new();
    private readonly string _canary;

    public HostileLayerTests()
    {
        // Beside the layer, so that `../canary` from the layer's root is this one.
        _canary = _directory.New("canary");
        File.WriteAllText(_canary + "/secret", "the host's");
        Directory.CreateDirectory(_canary + "/directory");
        File.CreateSymbolicLink(_canary + "/link", "secret");
    }

    public static TheoryData<string> Names => [.. HostileLayers.Table.Select(layer => layer.Name)];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void HostileLayer_extracted_is_contained_or_refused_as_agreed(string name)
    {
        var layer = HostileLayers.Table.Single(row => row.Name == name);
        var outside = Outside();

        var refusal = Extract(layer.Tar(_canary), "layer");

        Outside().Should().Be(outside, "the canary beside the layer must be as it was");
        refusal.Should().Be(layer.Refused?.Code(), "the table says so");
        if (layer.Contains is not [])
            Tree.Names(_directory["layer"])
                .Should()
                .Equal([.. layer.Contains.Append("Directory .").Order(StringComparer.Ordinal)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void HostileLayer_above_a_layer_of_links_changes_nothing_beneath_or_outside(string name)
    {
        // Across layers: every name that the table writes to is a link to the canary in the layer beneath.
        var lower = new TarBuilder();
        foreach (var link in new[] { "out", "a", "b", "c", "d", "etc", "p", "l", "proc", "canary" })
            lower.Link(link, _canary);
        Extract(lower.Build(), "lower").Should().BeNull();
        var outside = Outside();
        var beneath = Tree.Describe(_directory["lower"], times: true);
        var layer = HostileLayers.Table.Single(row => row.Name == name);

        var refusal = Extract(layer.Tar(_canary), "layer", "lower");

        Outside().Should().Be(outside, "the canary beside the layer must be as it was");
        Tree.Describe(_directory["lower"], times: true).Should().Be(beneath, "layers don't change one another");
        refusal.Should().Be(layer.Refused?.Code(), "what lies beneath makes no difference");
    }

    [Fact]
    public void Table_has_each_layer_once_and_thirty_at_least()
    {
        HostileLayers.Table.Select(layer => layer.Name).Should().OnlyHaveUniqueItems();
        HostileLayers.Table.Count.Should().BeGreaterThan(30);
    }

    [Fact]
    public void Codes_of_the_extractor_are_all_in_the_table_but_those_of_the_store()
    {
        var covered = HostileLayers.Table.Select(layer => layer.Refused).OfType<LayerRefusal>().Distinct();
        // These two are about the blob around the tar: LayerStoreTests.
        Enum.GetValues<LayerRefusal>()
            .Except([LayerRefusal.Compression, LayerRefusal.DiffId])
            .Should()
            .BeSubsetOf(covered);
    }

    private string? Extract(byte[] tar, string name, params string[] lower)
    {
        try
        {
            LayerExtractor.Extract(
                new MemoryStream(tar),
                _directory.New(name),
                [.. lower.Select(directory => _directory[directory])],
                Limits,
                CancellationToken.None
            );
            return null;
        }
        catch (PublicError refused) when (refused.Id == ErrorId.BundleMalformed)
        {
            return refused.Message.Split('(', ')')[1];
        }
    }

    // Names, modes, owners, content and times of the canary, and the names beside it.
    private string Outside() =>
        Tree.Describe(_canary, times: true)
        + "\n"
        + string.Join(
            ' ',
            Directory
                .EnumerateFileSystemEntries(_directory.Path)
                .Where(path => !path.EndsWith("/layer", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
}
