namespace Vordr.Storage;

/// <summary>Names of the files that are a bundle's evidence.</summary>
internal static class EvidenceFiles
{
    /// <summary>The summary as read.</summary>
    public const string Summary = "summary.json";

    /// <summary>The package manifest as read.</summary>
    public const string Manifest = "manifest.toml";

    /// <summary>The layout's index as read.</summary>
    public const string Index = "index.json";

    /// <summary>The attestation set as read.</summary>
    public const string Attestations = "attestations.json";

    /// <summary>Refuses any other name: it becomes part of a path.</summary>
    public static void Require(string name)
    {
        if (name is not (Summary or Manifest or Index or Attestations))
            throw new ArgumentException($"Not an evidence file: '{name}'.", nameof(name));
    }
}
