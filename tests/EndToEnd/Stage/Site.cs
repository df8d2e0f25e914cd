using System.Security.Cryptography;
using System.Text;

namespace EndToEnd.Stage;

/// <summary>
/// A place where one test lives: its own roots, keys, trust store and servers, under a folder of its own. Leaving it
/// ends what the test started and fails the test when the kernel or the disk still holds anything of it.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly List<Service> _services = [];

    private Site(string folder)
    {
        Folder = folder;
        foreach (var part in new[] { Home, Root, RunRoot, ConfigDir, GatewayState })
            Directory.CreateDirectory(part);
    }

    public string Folder { get; }

    public string Home => Path.Combine(Folder, "home");

    public string Root => Path.Combine(Folder, "root");

    public string RunRoot => Path.Combine(Folder, "run");

    public string ConfigDir => Path.Combine(Folder, "etc");

    public string GatewayState => Path.Combine(Folder, "svalinn");

    public string Socket => Path.Combine(RunRoot, "mcp.sock");

    public string TrustStore => Path.Combine(ConfigDir, "trust-store.json");

    /// <summary>The name that every host-wide thing of this site's Vörðr carries.</summary>
    public string Instance => "vordr-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..6];

    /// <summary>A site with a key, a trust store that lists it, and nothing else.</summary>
    public static async Task<Site> CreateAsync()
    {
        var site = new Site(Directory.CreateTempSubdirectory("stack-").FullName);
        (await site.CtAsync("keygen", "--name", "release", "--no-password")).Succeeded();
        (await site.CtAsync("trust", "init")).Succeeded();
        File.Copy(Path.Combine(site.Home, ".config", "cerro-torre", "trust-store.json"), site.TrustStore);
        return site;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public Task<Outcome> CtAsync(params string[] arguments) =>
        Command.RunAsync(Programs.Ct, arguments, new Dictionary<string, string> { ["HOME"] = Home });

    public Task<Outcome> VordrAsync(params string[] arguments) =>
        Command.RunAsync(Programs.Vordr, VordrArguments(arguments), environment: null);

    /// <summary>Arguments of a <c>vordr</c> that lives here.</summary>
    public IReadOnlyList<string> VordrArguments(params IEnumerable<string> arguments) =>
        ["--root", Root, "--run-root", RunRoot, "--config-dir", ConfigDir, .. arguments];

    /// <summary>A signed bundle of the busybox image.</summary>
    public async Task<string> BundleAsync(string name = "demo/web", string version = "1.0", string? page = null)
    {
        var bundle = PathOf($"{name.Replace('/', '-')}-{version}.ctp");
        var image = await Images.BusyboxAsync(PathOf($"image-{Guid.NewGuid():n}"), page ?? $"hello from {name}\n");
        (await CtAsync("pack", $"oci:{image}", "-o", bundle, "--name", name, "--version", version)).Succeeded();
        return bundle;
    }

    public async Task<Service> ServeVordrAsync(params string[] arguments)
    {
        var service = await Service.StartAsync(
            Programs.Vordr,
            VordrArguments(["serve", "--listen", $"unix:{Socket}", "--log-format", "json", .. arguments]),
            new Dictionary<string, string>(),
            "listening"
        );
        _services.Add(service);
        return service;
    }

    /// <summary>A gateway on a port of the kernel's choice, in front of this site's Vörðr.</summary>
    public async Task<Gateway> ServeSvalinnAsync(params string[] arguments)
    {
        var service = await Service.StartAsync(
            Programs.Svalinn,
            [
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--runtime",
                $"unix:{Socket}",
                "--state",
                GatewayState,
                "--config-dir",
                ConfigDir,
                "--log-format",
                "json",
                .. arguments,
            ],
            new Dictionary<string, string>(),
            "127.0.0.1:"
        );
        _services.Add(service);
        return await Gateway.OfAsync(service, Path.Combine(GatewayState, "admin.key"));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var service in _services)
                await service.DisposeAsync();
            var containers = (await VordrAsync("ps", "-a", "-q", "--no-trunc")).Output;
            foreach (var id in containers.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                (await VordrAsync("rm", "-f", id)).Succeeded();
            (await Remains.OfAsync(this)).Should().BeEmpty("the last container took everything with it");
        }
        finally
        {
            await Remains.SweepAsync(this);
            Directory.Delete(Folder, recursive: true);
        }
    }
}
