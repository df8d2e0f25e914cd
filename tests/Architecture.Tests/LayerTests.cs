using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Holds the arrows of the layer table: who may reference whom, and what each layer must not know.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Oci"] = [],
        ["Trust"] = ["Oci"],
        ["CerroTorre"] = ["Oci", "Trust"],
        ["CerroTorre.Cli"] = ["CerroTorre"],
        ["Vordr.Client"] = ["Oci", "Trust"],
        ["Vordr"] = ["CerroTorre", "Oci", "Trust"],
        ["Vordr.Server"] = ["Vordr", "Vordr.Client"],
        ["Vordr.Cli"] = ["Vordr.Server"],
        ["Vordr.Serve"] = ["Vordr.Cli", "Vordr.Server"],
        ["Svalinn"] = ["CerroTorre", "Vordr.Client"],
    };

    // What a layer must not know, as prefixes of assembly names.
    private static readonly Dictionary<string, string[]> s_foreign = new()
    {
        ["Oci"] = ["Microsoft.AspNetCore", "ModelContextProtocol", "NSec", "Microsoft.Data.Sqlite"],
        ["Trust"] =
        [
            "Microsoft.AspNetCore",
            "ModelContextProtocol",
            "Microsoft.Data.Sqlite",
            "System.Formats.Tar",
            "System.Net.Http",
            "System.Net.Sockets",
        ],
        ["CerroTorre"] =
        [
            "Microsoft.AspNetCore",
            "ModelContextProtocol",
            "Microsoft.Data.Sqlite",
            "System.Net.Http",
            "System.Net.Sockets",
        ],
        ["Vordr"] = ["Microsoft.AspNetCore", "ModelContextProtocol", "System.CommandLine", "Spectre.Console"],
        ["Vordr.Client"] = ["Microsoft.AspNetCore", "Microsoft.Data.Sqlite"],
        ["Vordr.Server"] = ["System.CommandLine"],
    };

    public static TheoryData<string> Projects => [.. s_arrows.Keys];

    [Fact]
    public void Every_project_of_src_has_its_row() =>
        Directory
            .EnumerateDirectories(Path.Combine(SourceTree.Root, "src"))
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(s_arrows.Keys);

    [Theory, MemberData(nameof(Projects))]
    public void Project_file_references_what_stands_behind_its_arrow(string project) =>
        ProjectReferences(XDocument.Load(ProjectFile(project))).Should().BeEquivalentTo(s_arrows[project]);

    [Fact]
    public void An_added_arrow_is_seen()
    {
        var document = XDocument.Load(ProjectFile("Trust"));
        document.Root!.Add(
            new XElement(
                "ItemGroup",
                new XElement("ProjectReference", new XAttribute("Include", "../Vordr/Vordr.csproj"))
            )
        );

        ProjectReferences(document).Should().NotBeEquivalentTo(s_arrows["Trust"]);
    }

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_uses_only_what_its_arrows_reach(string project) =>
        AssemblyReferences(project).Where(s_arrows.ContainsKey).Should().BeSubsetOf(Reach(project));

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_knows_nothing_foreign_to_its_layer(string project) =>
        AssemblyReferences(project)
            .Where(name =>
                s_foreign
                    .GetValueOrDefault(project, [])
                    .Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void Kernel_calls_live_in_their_folders() =>
        SourceTree
            .Sources("src")
            .Where(file =>
                File.ReadAllText(file) is var text
                && (
                    text.Contains("[LibraryImport(", StringComparison.Ordinal)
                    || text.Contains("[DllImport(", StringComparison.Ordinal)
                )
            )
            .Select(SourceTree.Relative)
            .Where(file =>
                !file.StartsWith("src/Vordr/Linux/", StringComparison.Ordinal)
                && !file.StartsWith("src/CerroTorre/Linux/", StringComparison.Ordinal)
            )
            .Should()
            .BeEmpty("a folder of each of the two assemblies that need the kernel holds all calls of it");

    private static HashSet<string> Reach(string project)
    {
        var reach = new HashSet<string>(s_arrows[project]);
        foreach (var next in s_arrows[project])
            reach.UnionWith(Reach(next));
        return reach;
    }

    private static string ProjectFile(string project) =>
        Path.Combine(SourceTree.Root, "src", project, project + ".csproj");

    private static List<string> ProjectReferences(XDocument project) =>
        [
            .. project
                .Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)),
        ];

    private static List<string> AssemblyReferences(string project)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(handle =>
                metadata.GetString(metadata.GetAssemblyReference(handle).Name)
            ),
        ];
    }
}
