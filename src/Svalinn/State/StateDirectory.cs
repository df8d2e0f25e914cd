using System.Text;

namespace Svalinn.State;

/// <summary>The gateway's directory and the secret files in it: for their owner's eyes alone, from the first byte.</summary>
internal sealed class StateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private StateDirectory(string path) => Location = path;

    /// <summary>Absolute path.</summary>
    public string Location { get; }

    /// <summary>Makes the directory (0700) where it is missing.</summary>
    public static StateDirectory Open(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(full, OwnerOnly | UnixFileMode.UserExecute);
        return new StateDirectory(full);
    }

    /// <summary>The path of a file of this directory.</summary>
    public string PathOf(string name) => Path.Combine(Location, name);

    /// <summary>Reads a secret, or makes it by <paramref name="make"/> when there is none.</summary>
    /// <exception cref="IOException">Others may read the file: it is no secret any more.</exception>
    public byte[] ReadOrCreateSecret(string name, Func<byte[]> make)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
            WriteSecret(name, make(), overwrite: false);
        var mode = File.GetUnixFileMode(path);
        return (mode & ~OwnerOnly) == UnixFileMode.None
            ? File.ReadAllBytes(path)
            : throw new IOException($"{path} has mode {Octal(mode)}; it must be 0600.");
    }

    /// <summary>Writes a secret (0600): temporary file, fsync, rename.</summary>
    /// <returns>The path.</returns>
    public string WriteSecret(string name, ReadOnlySpan<byte> content, bool overwrite)
    {
        var path = PathOf(name);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            if (!overwrite && File.Exists(path))
                return path;
            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            // Another process was first; what it wrote counts.
        }
        finally
        {
            File.Delete(temporary);
        }
        return path;
    }

    /// <summary>As <see cref="WriteSecret(string, ReadOnlySpan{byte}, bool)"/>, for text and a final newline.</summary>
    public string WriteSecret(string name, string text, bool overwrite) =>
        WriteSecret(name, Encoding.UTF8.GetBytes(text + "\n"), overwrite);

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);
}
