using Vordr.Linux;

namespace Vordr.Tests.Storage;

/// <summary>A directory that a test owns: removed at the end, mounts in it taken off first, also when the test failed.</summary>
internal sealed class TestDirectory : IDisposable
{
    public TestDirectory()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"vordr-storage-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A new directory in it.</summary>
    public string New(string name)
    {
        Directory.CreateDirectory(this[name]);
        return this[name];
    }

    public void Dispose()
    {
        foreach (var mount in MountTable.Read().Reverse())
        {
            if (mount.Target.StartsWith(Path + "/", StringComparison.Ordinal))
                Mount.TryUnmount(mount.Target);
        }
        FileTree.Remove(Path);
    }
}
