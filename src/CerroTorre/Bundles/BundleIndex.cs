using System.Text.Json.Nodes;
using Oci;
using Oci.Image;
using Oci.Json;
using Oci.Layout;

namespace CerroTorre.Bundles;

/// <summary>A bundle's <c>index.json</c>: one descriptor, the root, named <c>name:version</c>, in canonical form.</summary>
internal static class BundleIndex
{
    /// <summary>The bytes for a root and the reference that names it.</summary>
    public static byte[] Build(Descriptor root, string reference) =>
        CanonicalJson.Write(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.ImageIndex,
                ["manifests"] = new JsonArray(
                    new JsonObject
                    {
                        ["mediaType"] = root.MediaType,
                        ["digest"] = root.Digest.ToString(),
                        ["size"] = root.Size,
                        ["annotations"] = new JsonObject { [OciLayout.RefNameAnnotation] = reference },
                    }
                ),
            }
        );

    /// <summary>The root that <paramref name="bytes"/> names, which must be all that they say.</summary>
    public static Descriptor Parse(ReadOnlyMemory<byte> bytes, string reference)
    {
        ImageIndex index;
        try
        {
            index = ImageDocuments.ParseIndexOfLayout(bytes);
        }
        catch (FormatException error)
        {
            throw new FaultException(BundleFault.IndexMalformed, $"index.json: {error.Message}");
        }
        if (index.Manifests is not [var root])
        {
            throw new FaultException(
                BundleFault.IndexMalformed,
                $"index.json names {index.Manifests.Count} roots; a bundle has exactly one"
            );
        }
        if (!Build(root, reference).AsSpan().SequenceEqual(bytes.Span))
        {
            throw new FaultException(
                BundleFault.IndexMalformed,
                $"index.json is not the canonical index of {root.Digest} under the name {reference}"
            );
        }
        return new Descriptor
        {
            MediaType = root.MediaType,
            Digest = root.Digest,
            Size = root.Size,
        };
    }
}
