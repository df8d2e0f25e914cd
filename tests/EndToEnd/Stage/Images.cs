using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Oci;

namespace EndToEnd.Stage;

/// <summary>Small real images, made on the spot: busybox and what a test needs beside it, as an OCI image layout.</summary>
internal static class Images
{
    private static readonly string[] s_applets =
    [
        "sh",
        "cat",
        "echo",
        "ls",
        "true",
        "false",
        "sleep",
        "httpd",
        "wget",
        "id",
        "hostname",
        "mount",
        "grep",
        "head",
        "dd",
        "nc",
        "ip",
        "kill",
        "ps",
        "env",
        "pwd",
        "touch",
        "mkdir",
        "stat",
        "chmod",
        "mknod",
        "unshare",
        "ping",
        "tr",
        "sort",
        "wc",
        "test",
        "rm",
        "tail",
        "readlink",
        "date",
        "yes",
        "seq",
        "chown",
        "df",
    ];

    /// <summary>Writes an image layout to <paramref name="folder"/> whose default command serves /www on port 80.</summary>
    public static async Task<string> BusyboxAsync(string folder, string page = "hello from a verified container\n")
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var name in new[] { "bin/", "dev/", "etc/", "proc/", "sys/", "tmp/", "var/", "www/", "root/" })
                await AddAsync(writer, TarEntryType.Directory, name, name == "tmp/" ? 0x3FF : 0x1ED);
            await AddAsync(
                writer,
                TarEntryType.RegularFile,
                "bin/busybox",
                0x1ED,
                await File.ReadAllBytesAsync("/bin/busybox")
            );
            foreach (var applet in s_applets)
            {
                await writer.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" }
                );
            }
            await AddAsync(writer, TarEntryType.RegularFile, "www/index.html", 0x1A4, Encoding.UTF8.GetBytes(page));
            await AddAsync(
                writer,
                TarEntryType.RegularFile,
                "etc/passwd",
                0x1A4,
                "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000:web:/www:/bin/sh\n"u8.ToArray()
            );
            await AddAsync(
                writer,
                TarEntryType.RegularFile,
                "etc/group",
                0x1A4,
                "root:x:0:\nweb:x:1000:\n"u8.ToArray()
            );
        }
        return await WriteAsync(folder, tar.ToArray(), ["/bin/httpd", "-f", "-p", "80", "-h", "/www"]);
    }

    /// <summary>Writes an image layout of one gzip layer holding <paramref name="tar"/>.</summary>
    public static async Task<string> WriteAsync(string folder, byte[] tar, string[] command)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(tar);

        var layer = await BlobAsync(folder, compressed.ToArray(), MediaTypes.LayerGzip);
        var config = await BlobAsync(
            folder,
            Json(
                new JsonObject
                {
                    ["architecture"] = "amd64",
                    ["os"] = "linux",
                    ["created"] = "2026-11-01T00:00:00Z",
                    ["config"] = new JsonObject
                    {
                        ["Cmd"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
                        ["Env"] = new JsonArray("PATH=/bin", "GREETING=hello"),
                        ["WorkingDir"] = "/",
                    },
                    ["rootfs"] = new JsonObject
                    {
                        ["type"] = "layers",
                        ["diff_ids"] = new JsonArray(Digest.Of(tar).ToString()),
                    },
                }
            ),
            MediaTypes.ImageConfig
        );
        var manifest = await BlobAsync(
            folder,
            Json(
                new JsonObject
                {
                    ["schemaVersion"] = 2,
                    ["mediaType"] = MediaTypes.ImageManifest,
                    ["config"] = config,
                    ["layers"] = new JsonArray(layer),
                }
            ),
            MediaTypes.ImageManifest
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "index.json"),
            Json(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) })
        );
        return folder;
    }

    private static byte[] Json(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static async Task<JsonObject> BlobAsync(string folder, byte[] content, string mediaType)
    {
        var digest = Digest.Of(content);
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "blobs", "sha256", digest.Hex), content);
        return new JsonObject
        {
            ["mediaType"] = mediaType,
            ["digest"] = digest.ToString(),
            ["size"] = content.Length,
        };
    }

    private static async Task AddAsync(
        TarWriter writer,
        TarEntryType type,
        string name,
        int mode,
        byte[]? content = null
    )
    {
        var entry = new UstarTarEntry(type, name)
        {
            Mode = (UnixFileMode)mode,
            ModificationTime = DateTimeOffset.UnixEpoch,
        };
        if (content is not null)
            entry.DataStream = new MemoryStream(content);
        await writer.WriteEntryAsync(entry);
    }
}
