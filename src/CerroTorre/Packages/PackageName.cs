using Oci;

namespace CerroTorre.Packages;

/// <summary>The two words that name a package: an OCI repository path, and an OCI tag as its version.</summary>
public static class PackageName
{
    /// <summary>Throws <see cref="FormatException"/> unless <paramref name="name"/> is an OCI repository path.</summary>
    public static void RequireName(string name)
    {
        if (!ImageReference.IsRepositoryPath(name))
        {
            throw new FormatException(
                $"'{Shown(name)}' can't be a package name: lower-case letters and digits, joined by . _ __ or -, in "
                    + $"parts joined by /, up to {ImageReference.MaxRepositoryLength} characters (an OCI repository path)"
            );
        }
    }

    /// <summary>Throws <see cref="FormatException"/> unless <paramref name="version"/> is an OCI tag.</summary>
    public static void RequireVersion(string version)
    {
        if (ImageReference.IsTag(version))
            return;
        var hint = version.Contains('+', StringComparison.Ordinal)
            ? $"; write '{Shown(version.Replace('+', '_'))}': a tag has no +"
            : "";
        throw new FormatException(
            $"'{Shown(version)}' can't be a package version: letters, digits, . _ and -, up to 128 characters "
                + $"(an OCI tag){hint}"
        );
    }

    /// <summary>Foreign text for a message: short, control and bidirectional characters escaped.</summary>
    internal static string Shown(string text) => ShownText.Of(text, 80);
}
