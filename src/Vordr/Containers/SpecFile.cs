using System.Text.Json;
using Oci.Errors;
using Oci.Runtime;

namespace Vordr.Containers;

/// <summary>The finished runtime spec of a container, <c>config.json</c>.</summary>
internal static class SpecFile
{
    /// <summary>Writes it; it holds the environment, and so perhaps secrets: nobody but root reads it.</summary>
    public static async Task WriteAsync(string path, RuntimeSpec spec, CancellationToken cancellation)
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await JsonSerializer.SerializeAsync(file, spec, RuntimeJson.Default.RuntimeSpec, cancellation);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.StateCorrupt"/>: it is missing or damaged.</exception>
    public static async Task<RuntimeSpec> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync(file, RuntimeJson.Default.RuntimeSpec, cancellation)
                ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new PublicError(
                ErrorId.StateCorrupt,
                $"The runtime spec {path} is missing or damaged.",
                error,
                "vordr rm -f the container, and make it again"
            );
        }
    }
}
