using System.Globalization;
using System.Security.Cryptography;
using Oci.Errors;

namespace Vordr.Containers;

/// <summary>Names of containers: what people may give, and what they get when they give none.</summary>
internal static class ContainerNames
{
    private const int Longest = 128;

    private static readonly string[] Adjectives =
    [
        "amber",
        "bold",
        "brave",
        "bright",
        "calm",
        "clear",
        "crisp",
        "deft",
        "eager",
        "early",
        "fair",
        "fast",
        "fine",
        "firm",
        "fresh",
        "gentle",
        "glad",
        "golden",
        "grand",
        "green",
        "keen",
        "kind",
        "lively",
        "lucid",
        "mellow",
        "merry",
        "mild",
        "neat",
        "noble",
        "proud",
        "quick",
        "quiet",
        "ready",
        "sharp",
        "silent",
        "sleek",
        "smart",
        "solid",
        "steady",
        "still",
        "strong",
        "sunny",
        "swift",
        "tidy",
        "true",
        "vivid",
        "warm",
        "wise",
    ];

    private static readonly string[] Nouns =
    [
        "ash",
        "aspen",
        "badger",
        "beech",
        "birch",
        "brook",
        "cedar",
        "cliff",
        "cove",
        "crane",
        "dale",
        "elm",
        "falcon",
        "fen",
        "fern",
        "finch",
        "fjord",
        "fox",
        "glade",
        "grove",
        "hare",
        "hawk",
        "heron",
        "hill",
        "isle",
        "lake",
        "lark",
        "linden",
        "lynx",
        "maple",
        "marsh",
        "moor",
        "oak",
        "otter",
        "owl",
        "pine",
        "raven",
        "reef",
        "ridge",
        "river",
        "robin",
        "seal",
        "spruce",
        "stone",
        "swan",
        "vale",
        "wren",
        "yew",
    ];

    /// <summary>A name that is very likely free, and easy to say.</summary>
    public static string Draw() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Of(Adjectives)}_{Of(Nouns)}_{RandomNumberGenerator.GetInt32(0x10000):x4}"
        );

    /// <summary>Refuses what isn't a name.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>.</exception>
    public static void Check(string name)
    {
        var valid =
            name.Length is > 0 and <= Longest
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        // What reads as an id would hide the container of that id.
        if (!valid || ContainerId.TryParse(name, out _))
        {
            throw new PublicError(
                ErrorId.Usage,
                "A container's name begins with a letter or digit, goes on with letters, digits, '_', '.' or '-', has at most 128 of them, and isn't an id.",
                "--name web-1"
            )
            {
                Pointer = "/name",
            };
        }
    }

    private static string Of(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
