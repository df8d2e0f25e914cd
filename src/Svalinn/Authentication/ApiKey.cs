using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Svalinn.Authentication;

/// <summary>
/// The text that a caller holds: <c>sv_&lt;id&gt;_&lt;secret&gt;</c>, 16 and 64 lower-case hex digits. The secret is 256
/// random bits and is shown once.
/// </summary>
internal sealed class ApiKey
{
    private const string Prefix = "sv_";
    private const int IdLength = 16;
    private const int SecretLength = 64;
    private const int TextLength = 3 + IdLength + 1 + SecretLength;

    private ApiKey(string text)
    {
        Text = text;
        Id = text.Substring(Prefix.Length, IdLength);
    }

    /// <summary>Names the key; no secret.</summary>
    public string Id { get; }

    /// <summary>The whole key. A secret.</summary>
    public string Text { get; }

    /// <summary>A new key.</summary>
    public static ApiKey Generate() =>
        new(
            Prefix
                + RandomNumberGenerator.GetHexString(IdLength, lowercase: true)
                + "_"
                + RandomNumberGenerator.GetHexString(SecretLength, lowercase: true)
        );

    /// <summary>Reads a key; one text form and no other.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        if (text is not { Length: TextLength } || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        for (var i = Prefix.Length; i < text.Length; i++)
        {
            var separator = i == Prefix.Length + IdLength;
            if (separator ? text[i] != '_' : !char.IsAsciiHexDigitLower(text[i]))
                return false;
        }
        key = new ApiKey(text);
        return true;
    }

    /// <summary>The id alone: a key never prints its secret by accident.</summary>
    public override string ToString() => Prefix + Id + "_…";
}
