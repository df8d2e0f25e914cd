namespace Vordr.Client.Bundles;

/// <summary>The one way in for a bundle's bytes.</summary>
public static class BundleUpload
{
    /// <summary>The path that <c>PUT</c> goes to.</summary>
    public const string Path = "/bundles";

    /// <summary>The media type of a <c>.ctp</c> file.</summary>
    public const string MediaType = "application/vnd.verified-container.bundle.v1+tar";
}
