using System.Text;
using Oci;

namespace Vordr.Bundles;

/// <summary>
/// Names a bundle before its end is read. A bundle has one byte form (bundle.md): root, package manifest and
/// attestation set determine every other byte of it, so two bundles that agree in them are the same file.
/// </summary>
internal static class EvidenceKey
{
    public static Digest Of(Digest root, Digest packageManifest, Digest attestations) =>
        Digest.Of(Encoding.ASCII.GetBytes($"{root} {packageManifest} {attestations}"));
}
