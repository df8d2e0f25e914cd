using Oci;

namespace Vordr.Storage;

/// <summary>What a layer is made from: a blob of the content store and what its tar must turn out to be.</summary>
/// <param name="Blob">Digest of the blob, as compressed.</param>
/// <param name="DiffId">Digest of the uncompressed tar, from the image config.</param>
/// <param name="Compression">How the blob is compressed, from its media type.</param>
internal sealed record LayerSource(Digest Blob, Digest DiffId, LayerCompression Compression);

/// <summary>A layer that is unpacked and ready to be mounted.</summary>
/// <param name="ChainId">Names the layer together with everything beneath it (OCI image-spec, "Layer ChainID").</param>
/// <param name="Alias">Short name beneath <c>l/</c>, twelve hex digits.</param>
/// <param name="Directory">Absolute path of the unpacked directory.</param>
internal sealed record Layer(Digest ChainId, string Alias, string Directory);
