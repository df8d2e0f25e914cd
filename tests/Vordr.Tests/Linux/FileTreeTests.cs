using Vordr.Linux;
using Vordr.Tests.Storage;

namespace Vordr.Tests.Linux;

public sealed class FileTreeTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Remove_does_not_follow_links()
    {
        File.WriteAllText(_directory.New("canary") + "/secret", "x");
        File.CreateSymbolicLink(_directory.New("tree") + "/link", _directory["canary"]);
        File.CreateSymbolicLink(_directory["link"], _directory["canary"]);

        FileTree.Remove(_directory["tree"]);
        FileTree.Remove(_directory["link"]);

        Directory.Exists(_directory["tree"]).Should().BeFalse();
        File.Exists(_directory["canary/secret"]).Should().BeTrue();
    }

    [Fact]
    public void Remove_takes_a_tree_deeper_than_any_path_may_be_long()
    {
        var name = new string('n', 200);
        var current = FileSystem.OpenDirectory(_directory.New("tree"));
        for (var depth = 0; depth < 300; depth++)
        {
            FileSystem.TryMakeDirectory(current, name, 0x1c0).Should().Be(0);
            FileSystem.TryMakeNode(current, "file", FileKind.Regular, 0, 0).Should().Be(0);
            var next = OpenAt2.Open(current, name, OpenFlags.Directory, ResolveFlags.Beneath);
            current.Dispose();
            current = next;
        }
        current.Dispose();

        FileTree.Remove(_directory["tree"]);

        Directory.Exists(_directory["tree"]).Should().BeFalse();
    }

    [Fact]
    public void Remove_takes_thousands_of_names_and_nothing_at_all()
    {
        _directory.New("tree");
        for (var i = 0; i < 5000; i++)
            File.Create(_directory[$"tree/{i}"]).Dispose();

        FileTree.Remove(_directory["tree"]);
        FileTree.Remove(_directory["tree"]);
        FileTree.Remove(_directory["no/such/parent"]);

        Directory.Exists(_directory["tree"]).Should().BeFalse();
    }
}
