using System.Text;

namespace CerroTorre.Sboms;

/// <summary>Package URLs (purl-spec).</summary>
internal static class PackageUrl
{
    /// <summary>The purl of an installed package.</summary>
    public static string Of(InstalledPackage package, Distribution? distribution)
    {
        var vendor = distribution?.Id ?? (package.Type == "deb" ? "debian" : "alpine");
        var qualifiers = new List<string>();
        if (package.Architecture.Length > 0)
            qualifiers.Add($"arch={Encode(package.Architecture)}");
        if (distribution is { VersionId: { } version })
            qualifiers.Add($"distro={Encode($"{distribution.Id}-{version}")}");
        if (package.Source is { } source)
            qualifiers.Add($"upstream={Encode(source)}");
        var purl =
            $"pkg:{package.Type}/{Encode(vendor)}/{Encode(package.Name.ToLowerInvariant())}@{Encode(package.Version)}";
        return qualifiers.Count == 0 ? purl : $"{purl}?{string.Join('&', qualifiers)}";
    }

    // Unreserved characters and the colon stay (purl-spec, "Character encoding").
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '~' or ':')
                encoded.Append(c);
            else
                encoded.Append('%').Append(Convert.ToHexString([b]));
        }
        return encoded.ToString();
    }
}
