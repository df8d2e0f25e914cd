using System.Security.Cryptography;
using System.Text;
using Oci.Errors;

namespace Vordr.Server.Listening;

/// <summary>The token that every TCP caller must show. Its holder is equal to root.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int SecretBytes = 32;
    private const int LongestFile = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _hash;

    private BearerToken(string secret, string file, bool made)
    {
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        File = file;
        Made = made;
    }

    /// <summary>Where it is kept.</summary>
    public string File { get; }

    /// <summary>It was made just now.</summary>
    public bool Made { get; }

    /// <summary>Reads the token, making one where there is none.</summary>
    /// <exception cref="PublicError">The file is empty, or others than its owner may read it.</exception>
    public static BearerToken LoadOrMake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var made = TryMake(file);
        if (made is not null)
            return new BearerToken(made, file, made: true);

        var mode = System.IO.File.GetUnixFileMode(file);
        if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
        {
            throw new PublicError(
                ErrorId.Config,
                $"The token file {file} can be read by others than its owner.",
                $"chmod 0600 {file}",
                $"rm {file}, and a new token is made"
            );
        }
        using var stream = System.IO.File.OpenRead(file);
        var bytes = new byte[LongestFile];
        var secret = Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, LongestFile, false)).Trim();
        return secret.Length >= 16
            ? new BearerToken(secret, file, made: false)
            : throw new PublicError(
                ErrorId.Config,
                $"The token in {file} is shorter than 16 characters.",
                $"rm {file}, and a new token is made"
            );
    }

    /// <summary>Whether <paramref name="authorization"/>, a header's value, shows the token; takes the same time for any.</summary>
    public bool IsShownBy(string? authorization)
    {
        var shown =
            authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? authorization[Scheme.Length..].Trim()
                : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), _hash);
    }

    /// <summary>Writes a new token beside the file and links it into place: two first starts agree on one.</summary>
    private static string? TryMake(string file)
    {
        if (System.IO.File.Exists(file))
            return null;
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        try
        {
            using var stream = new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            );
            stream.Write(Encoding.UTF8.GetBytes(secret + "\n"));
            stream.Flush(flushToDisk: true);
            return secret;
        }
        catch (IOException) when (System.IO.File.Exists(file))
        {
            return null;
        }
    }
}
