using Microsoft.Data.Sqlite;
using Oci;
using Vordr.State;

namespace Vordr.Bundles;

/// <summary>The stored bundles' rows, inside the transaction that needs them.</summary>
internal static class BundleTable
{
    private const string Select = """
        SELECT digest, evidence, root, name, version, package_manifest, manifest, config, platform, size, created, loaded
        FROM bundles
        """;

    /// <summary>Records a bundle, and gives it its name.</summary>
    public static void Insert(
        this Session session,
        BundleRow row,
        IReadOnlyList<BundleLayer> layers,
        IEnumerable<Digest> documents
    )
    {
        session.Execute(
            """
            INSERT INTO bundles (digest, evidence, root, name, version, package_manifest, manifest, config, platform,
                                 size, created, loaded)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (digest) DO NOTHING
            """,
            row.Digest.ToString(),
            row.Evidence.ToString(),
            row.Root.ToString(),
            row.Name,
            row.Version,
            row.PackageManifest.ToString(),
            row.Manifest.ToString(),
            row.Config.ToString(),
            row.Platform,
            row.Size,
            row.Created?.ToUnixTimeMilliseconds(),
            row.Loaded.ToUnixTimeMilliseconds()
        );
        for (var position = 0; position < layers.Count; position++)
        {
            session.Execute(
                """
                INSERT INTO bundle_layers (bundle, position, blob, media_type, size, diff_id, chain_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
                """,
                row.Digest.ToString(),
                position,
                layers[position].Blob.ToString(),
                layers[position].MediaType,
                layers[position].Size,
                layers[position].DiffId.ToString(),
                layers[position].ChainId.ToString()
            );
        }
        foreach (var document in documents)
        {
            session.Execute(
                "INSERT INTO bundle_documents (bundle, blob) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                row.Digest.ToString(),
                document.ToString()
            );
        }
        session.NameBundle(row);
    }

    /// <summary>Lets <c>name:version</c> lead to this bundle from now on.</summary>
    public static void NameBundle(this Session session, BundleRow row) =>
        session.Execute(
            """
            INSERT INTO names (name, version, bundle) VALUES ($1, $2, $3)
            ON CONFLICT (name, version) DO UPDATE SET bundle = excluded.bundle
            """,
            row.Name,
            row.Version,
            row.Digest.ToString()
        );

    /// <summary>The bundle whose file has this digest.</summary>
    public static BundleRow? FindBundle(this Session session, Digest digest) =>
        session.First(Select + " WHERE digest = $1", Read, digest.ToString());

    /// <summary>The bundle with this <see cref="EvidenceKey"/>.</summary>
    public static BundleRow? FindBundleByEvidence(this Session session, Digest evidence) =>
        session.First(Select + " WHERE evidence = $1", Read, evidence.ToString());

    /// <summary>The bundles whose file or root has this digest, loaded last first.</summary>
    public static List<BundleRow> BundlesByDigest(this Session session, Digest digest) =>
        session.Query(
            Select + " WHERE digest = $1 OR root = $1 ORDER BY digest = $1 DESC, loaded DESC, digest",
            Read,
            digest.ToString()
        );

    /// <summary>The bundle that is called so.</summary>
    public static BundleRow? FindBundleByName(this Session session, string name, string version) =>
        session.First(
            Select + " WHERE digest = (SELECT bundle FROM names WHERE name = $1 AND version = $2)",
            Read,
            name,
            version
        );

    /// <summary>The versions under which a name is known.</summary>
    public static List<string> Versions(this Session session, string name) =>
        session.Query("SELECT version FROM names WHERE name = $1 ORDER BY version", row => row.GetString(0), name);

    /// <summary>Every bundle, loaded last first.</summary>
    public static List<BundleRow> Bundles(this Session session) =>
        session.Query(Select + " ORDER BY loaded DESC, digest", Read);

    /// <summary>A bundle's layers, lowest first.</summary>
    public static List<BundleLayer> Layers(this Session session, Digest bundle) =>
        session.Query(
            "SELECT blob, media_type, size, diff_id, chain_id FROM bundle_layers WHERE bundle = $1 ORDER BY position",
            row => new BundleLayer(row.Digest(0), row.GetString(1), row.GetInt64(2), row.Digest(3), row.Digest(4)),
            bundle.ToString()
        );

    private static BundleRow Read(SqliteDataReader row) =>
        new()
        {
            Digest = row.Digest(0),
            Evidence = row.Digest(1),
            Root = row.Digest(2),
            Name = row.GetString(3),
            Version = row.GetString(4),
            PackageManifest = row.Digest(5),
            Manifest = row.Digest(6),
            Config = row.Digest(7),
            Platform = row.GetString(8),
            Size = row.GetInt64(9),
            Created = row.TimeOrNull(10),
            Loaded = row.Time(11),
        };
}
