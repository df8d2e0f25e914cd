using System.Text;
using Oci;

namespace Vordr.Storage;

/// <summary>
/// OCI image-spec, "Layer ChainID": the chain id of the lowest layer is its diff id; of each further one the digest of
/// the chain id beneath, a space, and its diff id. It names the stack, and so what a directory merged from it holds.
/// </summary>
internal static class ChainId
{
    /// <summary>The chain id of a layer on top of <paramref name="parent"/>, or of the lowest layer.</summary>
    public static Digest Of(Digest? parent, Digest diffId) =>
        parent is { } beneath ? Digest.Of(Encoding.ASCII.GetBytes($"{beneath} {diffId}")) : diffId;

    /// <summary>The chain ids of a stack of layers, lowest first.</summary>
    public static IReadOnlyList<Digest> OfAll(IEnumerable<Digest> diffIds)
    {
        var chain = new List<Digest>();
        foreach (var diffId in diffIds)
            chain.Add(Of(chain.Count == 0 ? null : chain[^1], diffId));
        return chain;
    }
}
