using Oci;
using Vordr.Journals;
using Vordr.State;

namespace Vordr.Bundles;

/// <summary>What a lease is about.</summary>
internal enum LeaseKind
{
    /// <summary>A blob.</summary>
    Blob,

    /// <summary>An unpacked layer, by chain id.</summary>
    Layer,

    /// <summary>The evidence of a bundle.</summary>
    Evidence,
}

/// <summary>
/// Leases: content that a load under way relies on, and that no bundle refers to yet. They live as long as the journal
/// row of their load, and whoever removes content leaves leased content alone.
/// </summary>
internal static class LeaseTable
{
    /// <summary>Holds content for the operation of a journal row.</summary>
    public static void Lease(this Session session, JournalRow row, LeaseKind kind, IEnumerable<Digest> digests)
    {
        foreach (var digest in digests)
        {
            session.Execute(
                "INSERT INTO leases (journal, kind, digest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                row.Id,
                kind.ToString(),
                digest.ToString()
            );
        }
    }

    /// <summary>What the operation holds and nothing else needs: no bundle, no other lease.</summary>
    public static List<Digest> LeasedOnlyBy(this Session session, JournalRow row, LeaseKind kind) =>
        session.Query(
            """
            SELECT l.digest FROM leases l
            WHERE l.journal = $1 AND l.kind = $2
              AND NOT EXISTS (SELECT 1 FROM leases o WHERE o.journal <> $1 AND o.kind = $2 AND o.digest = l.digest)
              AND NOT EXISTS (SELECT 1 FROM bundles b WHERE $2 = 'Evidence' AND b.digest = l.digest)
              AND NOT EXISTS (SELECT 1 FROM bundle_layers b WHERE $2 = 'Blob' AND b.blob = l.digest)
              AND NOT EXISTS (SELECT 1 FROM bundle_documents b WHERE $2 = 'Blob' AND b.blob = l.digest)
              AND NOT EXISTS (SELECT 1 FROM bundle_layers b WHERE $2 = 'Layer' AND b.chain_id = l.digest)
            """,
            reader => reader.Digest(0),
            row.Id,
            kind.ToString()
        );
}
