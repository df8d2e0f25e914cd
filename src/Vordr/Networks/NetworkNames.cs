using Oci.Errors;

namespace Vordr.Networks;

/// <summary>Names of networks: the reserved ones, and what people may give.</summary>
internal static class NetworkNames
{
    /// <summary>The network that a container gets when it asks for nothing; made at its first use.</summary>
    public const string Default = "bridge";

    /// <summary>Nothing but a loopback.</summary>
    public const string None = "none";

    /// <summary>The host's own namespace.</summary>
    public const string Host = "host";

    private const int Longest = 64;

    /// <summary>Whether containers in it have an address of ours.</summary>
    public static bool IsBridge(string network) => network is not (None or Host);

    /// <summary>Refuses what isn't a name for a new network.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>.</exception>
    public static void Check(string name)
    {
        var valid =
            name.Length is > 0 and <= Longest
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            && name is not (Default or None or Host or "container");
        if (!valid)
        {
            throw new PublicError(
                ErrorId.Usage,
                "A network's name begins with a letter or digit, goes on with letters, digits, '_', '.' or '-', has at most 64 of them, and isn't bridge, none, host or container.",
                "vordr network create backend"
            )
            {
                Pointer = "/name",
            };
        }
    }
}
