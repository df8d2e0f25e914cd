using Oci.Errors;
using Trust.Verdicts;

namespace CerroTorre.Cli.Hosting;

/// <summary>A bundle named on the command line.</summary>
internal static class BundleFile
{
    /// <summary>Opens the file, or standard input for <c>-</c>.</summary>
    public static Stream Open(string path, CtHost host)
    {
        if (path == "-")
            return host.OpenIn();
        if (Directory.Exists(path))
            throw new PublicError(ErrorId.Usage, $"{ForeignText.Escape(path)} is a directory, not a bundle");
        return File.Exists(path)
            ? new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan })
            : throw new PublicError(ErrorId.NotFound, $"there is no file {ForeignText.Escape(path)}");
    }
}
