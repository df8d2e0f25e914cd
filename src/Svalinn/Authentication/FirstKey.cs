using Svalinn.State;

namespace Svalinn.Authentication;

/// <summary>
/// The admin key of a first start. The file is written before the row: dying in between leaves a key that opens
/// nothing and is replaced next time, never a row whose key nobody has.
/// </summary>
internal static class FirstKey
{
    private const string FileName = "admin.key";

    /// <summary>Makes the key if none was ever made.</summary>
    /// <returns>The path of the file that holds it, or null when there were keys already.</returns>
    public static async Task<string?> EnsureAsync(
        StateDirectory state,
        ApiKeyStore keys,
        CancellationToken cancellationToken
    )
    {
        if (!keys.IsEmpty)
            return null;
        var key = ApiKey.Generate();
        var path = state.WriteSecret(FileName, key.Text, overwrite: true);
        await keys.AddAsync(key, "first admin", Role.Admin, expiresAt: null, cancellationToken);
        return path;
    }
}
