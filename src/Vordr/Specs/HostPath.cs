using System.Globalization;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Specs;

/// <summary>Paths of the host that a container is to see.</summary>
internal static class HostPath
{
    /// <summary>
    /// Where a path really leads: the spec names that, so that rules judge what will be mounted and not a link to it.
    /// </summary>
    /// <exception cref="PublicError">Nothing is there: a typing error must not become an empty directory.</exception>
    public static string Resolve(string path)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw new PublicError(ErrorId.Usage, $"The host path '{path}' is not absolute.");
        try
        {
            using var handle = FileSystem.OpenPath(path, OpenFlags.Path);
            var link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");
            return new FileInfo(link).LinkTarget ?? throw new IOException("The descriptor has no path");
        }
        catch (IOException missing)
        {
            throw new PublicError(
                ErrorId.Usage,
                $"The host path '{path}' can't be opened.",
                missing,
                "create it first"
            );
        }
    }
}
