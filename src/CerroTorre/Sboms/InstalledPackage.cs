namespace CerroTorre.Sboms;

/// <summary>One package that an image's package database says is installed.</summary>
internal sealed record InstalledPackage
{
    /// <summary>Type of its package URL: <c>deb</c> or <c>apk</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version, as the database has it.</summary>
    public required string Version { get; init; }

    /// <summary>Its architecture, in the database's words; empty where it doesn't say.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>What the image's own tool calls it: <c>dpkg-query -W</c> says <c>libc6:amd64</c>.</summary>
    public required string QueryName { get; init; }

    /// <summary>Source package, where it has another name.</summary>
    public string? Source { get; init; }

    /// <summary>Declared licence, or null.</summary>
    public string? License { get; init; }

    /// <summary>Who made the package, or null.</summary>
    public string? Supplier { get; init; }

    /// <summary>Home page, or null.</summary>
    public string? Homepage { get; init; }
}

/// <summary>The distribution of an image (os-release(5)).</summary>
/// <param name="Id">E.g. <c>debian</c>.</param>
/// <param name="VersionId">E.g. <c>12</c>, or null.</param>
internal sealed record Distribution(string Id, string? VersionId)
{
    /// <summary>Reads an <c>os-release</c>; null when it doesn't name one.</summary>
    public static Distribution? Parse(string text)
    {
        string? id = null;
        string? version = null;
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                continue;
            var value = line[(equals + 1)..].Trim().Trim('"', '\'');
            switch (line[..equals].Trim())
            {
                case "ID":
                    id = value;
                    break;
                case "VERSION_ID":
                    version = value;
                    break;
                default:
                    break;
            }
        }
        return string.IsNullOrEmpty(id) ? null : new Distribution(id, string.IsNullOrEmpty(version) ? null : version);
    }
}
