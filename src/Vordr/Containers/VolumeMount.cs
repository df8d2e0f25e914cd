using Oci.Errors;

namespace Vordr.Containers;

/// <summary>A directory or file of the host, seen inside a container.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container can't write to it.</param>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly = false)
{
    /// <summary>Reads <c>source:target[:ro|rw]</c>, both absolute.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>: the text isn't of that form.</exception>
    public static VolumeMount Parse(string text)
    {
        var parts = text.Split(':');
        var valid =
            parts.Length is 2 or 3
            && Path.IsPathRooted(parts[0])
            && Path.IsPathRooted(parts[1])
            && (parts.Length == 2 || parts[2] is "ro" or "rw")
            && !text.Contains('\0', StringComparison.Ordinal);
        return valid
            ? new VolumeMount(parts[0], parts[1], parts.Length == 3 && parts[2] == "ro")
            : throw new PublicError(
                ErrorId.Usage,
                $"'{text}' is not a mount: expected /source:/target[:ro|rw] with absolute paths.",
                "-v /srv/www:/www:ro"
            );
    }
}
