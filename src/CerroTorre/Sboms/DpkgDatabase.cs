using System.Text;

namespace CerroTorre.Sboms;

/// <summary>
/// Debian's package database: <c>var/lib/dpkg/status</c>, and <c>status.d/</c> with one file a package, which
/// distroless images have. Lists what <c>dpkg-query -W</c> lists of installed packages, under the names that it prints.
/// </summary>
internal static class DpkgDatabase
{
    /// <summary>The database.</summary>
    public const string StatusPath = "var/lib/dpkg/status";

    /// <summary>The directory of single records.</summary>
    public const string StatusDirectory = "var/lib/dpkg/status.d/";

    /// <summary>The packages of the database in <paramref name="files"/>, in the order of <c>dpkg-query -W</c>.</summary>
    public static IReadOnlyList<InstalledPackage> Read(IReadOnlyDictionary<string, byte[]> files)
    {
        var stanzas = new List<Dictionary<string, string>>();
        foreach (var (path, content) in files)
        {
            if (
                path == StatusPath
                || (
                    path.StartsWith(StatusDirectory, StringComparison.Ordinal)
                    && !path.EndsWith(".md5sums", StringComparison.Ordinal)
                )
            )
                stanzas.AddRange(Stanzas(Encoding.UTF8.GetString(content)));
        }
        stanzas.RemoveAll(stanza => !IsInstalled(stanza));
        var native = NativeArchitecture(stanzas);
        return
        [
            .. stanzas
                .Select(stanza => PackageOf(stanza, native))
                .OrderBy(package => package.Name, StringComparer.Ordinal)
                .ThenBy(package => package.Architecture, StringComparer.Ordinal),
        ];
    }

    /// <summary>Stanzas of a control file (deb822(5)); only first lines of fields matter here.</summary>
    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        var stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                if (stanza.Count > 0)
                    yield return stanza;
                stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !char.IsWhiteSpace(line[0]))
                stanza[line[..colon]] = line[(colon + 1)..].Trim();
        }
        if (stanza.Count > 0)
            yield return stanza;
    }

    // Without files on disk: not-installed, and config-files, which a removed package leaves.
    private static bool IsInstalled(Dictionary<string, string> stanza)
    {
        if (!stanza.ContainsKey("Package") || !stanza.ContainsKey("Version"))
            return false;
        if (!stanza.TryGetValue("Status", out var status))
            return true;
        var state = status.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return state is not ("not-installed" or "config-files");
    }

    // dpkg is compiled for it; without dpkg, what most packages are for.
    private static string? NativeArchitecture(List<Dictionary<string, string>> stanzas) =>
        stanzas.FirstOrDefault(stanza => stanza["Package"] == "dpkg")?.GetValueOrDefault("Architecture")
        ?? stanzas
            .Select(stanza => stanza.GetValueOrDefault("Architecture"))
            .Where(architecture => architecture is not (null or "all"))
            .GroupBy(architecture => architecture, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Key;

    private static InstalledPackage PackageOf(Dictionary<string, string> stanza, string? native)
    {
        var name = stanza["Package"];
        var architecture = stanza.GetValueOrDefault("Architecture") ?? "";
        // dpkg's pkgbin_name, "nonambig": the architecture is said where another could be installed beside.
        var isAmbiguous =
            stanza.GetValueOrDefault("Multi-Arch") == "same"
            || (architecture is not ("" or "all") && architecture != native);
        return new InstalledPackage
        {
            Type = "deb",
            Name = name,
            Version = stanza["Version"],
            Architecture = architecture,
            QueryName = isAmbiguous ? $"{name}:{architecture}" : name,
            Source = stanza.GetValueOrDefault("Source")?.Split(' ')[0],
            Supplier = stanza.GetValueOrDefault("Maintainer"),
            Homepage = stanza.GetValueOrDefault("Homepage"),
        };
    }
}
