using CerroTorre.Packing;
using CerroTorre.Sources;
using Oci.Image;
using Trust.Keys;
using Trust.Stores;

namespace Vordr.Tests.Engines;

/// <summary>A publisher: a key, and signed bundles of a small busybox image.</summary>
internal sealed class TestPublisher : IDisposable
{
    public static readonly ExecutionConfig Shell = new() { Cmd = ["/bin/sh"], Env = ["PATH=/bin"] };

    private const string Applets =
        "sh cat echo id ls sleep true false head dd grep wc touch mkdir env pwd ip nc wget httpd kill yes tr hostname";

    public TestPublisher(string directory)
    {
        Directory = directory;
        System.IO.Directory.CreateDirectory(directory);
    }

    public string Directory { get; }

    public SigningKey Key { get; } = SigningKey.Generate();

    /// <summary>A trust store that trusts this publisher for everything.</summary>
    public TrustStore Store() =>
        TrustStore
            .Create("test", TimeProvider.System.GetUtcNow())
            .Add(Roles.Releasers, Key.PublicKey, TimeProvider.System.GetUtcNow().AddHours(-1))
            .Add(Roles.Builders, Key.PublicKey, TimeProvider.System.GetUtcNow().AddHours(-1));

    /// <summary>Packs busybox as <c>name:version</c>; the path of the bundle.</summary>
    public async Task<string> PackAsync(
        string name = "box",
        string version = "1",
        bool signed = true,
        ExecutionConfig? execution = null,
        Action<string>? change = null
    )
    {
        var rootfs = Path.Join(Directory, $"rootfs-{name}-{version}");
        if (!System.IO.Directory.Exists(rootfs))
            MakeRootfs(rootfs);
        change?.Invoke(rootfs);
        var file = Path.Join(Directory, $"{name}-{version}-{(signed ? "signed" : "unsigned")}.ctp");
        File.Delete(file);
        await Packer.PackAsync(
            new PackRequest(SourceSpec.Parse($"dir:{rootfs}"), file)
            {
                Name = name,
                Version = version,
                Key = signed ? Key : null,
                Execution = execution ?? Shell,
                Created = DateTimeOffset.UnixEpoch,
            },
            CancellationToken.None
        );
        return file;
    }

    public void Dispose() => Key.Dispose();

    private static void MakeRootfs(string rootfs)
    {
        foreach (var directory in "bin dev etc proc sys tmp root var www".Split(' '))
            System.IO.Directory.CreateDirectory(Path.Join(rootfs, directory));
        File.Copy("/bin/busybox", Path.Join(rootfs, "bin/busybox"));
        foreach (var applet in Applets.Split(' '))
            File.CreateSymbolicLink(Path.Join(rootfs, "bin", applet), "busybox");
        File.WriteAllText(
            Path.Join(rootfs, "etc/passwd"),
            "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"
        );
        File.WriteAllText(Path.Join(rootfs, "etc/group"), "root:x:0:\napp:x:1000:\n");
        File.WriteAllText(Path.Join(rootfs, "www/index.html"), "served\n");
    }
}
