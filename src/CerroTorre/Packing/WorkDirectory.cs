namespace CerroTorre.Packing;

/// <summary>A directory for what is made on the way, on the file system of the result; gone when disposed.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private WorkDirectory(string path) => Path = path;

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>One beside <paramref name="output"/>, for this user only.</summary>
    public static WorkDirectory Beside(string output)
    {
        var full = System.IO.Path.GetFullPath(output);
        var path = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(full)!,
            $".{System.IO.Path.GetFileName(full)}.{System.IO.Path.GetRandomFileName()}"
        );
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new WorkDirectory(path);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
