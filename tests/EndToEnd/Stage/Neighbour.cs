namespace EndToEnd.Stage;

/// <summary>A third network namespace on a wire to the host: another machine of the same segment.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    // TEST-NET-2 (RFC 5737): nobody's addresses.
    public const string Host = "198.51.100.1";
    public const string Address = "198.51.100.2";

    private readonly string _name;
    private readonly string _folder;

    private Neighbour(string name)
    {
        _name = name;
        _folder = Directory.CreateTempSubdirectory("stack-neighbour-").FullName;
        File.WriteAllText(Path.Combine(_folder, "index.html"), "hello from the neighbour\n");
    }

    public static async Task<Neighbour> CreateAsync()
    {
        var name = "nb" + Guid.NewGuid().ToString("n")[..8];
        var neighbour = new Neighbour(name);
        try
        {
            await HostAsync("ip", "netns", "add", name);
            await HostAsync("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
            await HostAsync("ip", "addr", "add", $"{Host}/24", "dev", name);
            await HostAsync("ip", "link", "set", name, "up");
            await neighbour.RunAsync("ip", "addr", "add", $"{Address}/24", "dev", "eth0");
            await neighbour.RunAsync("ip", "link", "set", "eth0", "up");
            return neighbour;
        }
        catch
        {
            await neighbour.DisposeAsync();
            throw;
        }
    }

    public async Task RunAsync(params string[] command) =>
        (await Command.RunAsync("ip", ["netns", "exec", _name, .. command], environment: null)).Succeeded();

    /// <summary>What the neighbour gets from http://<paramref name="target"/>/ within two seconds.</summary>
    public Task<Outcome> FetchAsync(string target) =>
        Command.RunAsync(
            "ip",
            [
                "netns",
                "exec",
                _name,
                "curl",
                "-sf",
                "-m",
                "2",
                "--retry",
                "3",
                "--retry-connrefused",
                $"http://{target}/",
            ],
            environment: null
        );

    /// <summary>A web server of the neighbour's.</summary>
    public IAsyncDisposable Serve(int port) =>
        new Served(
            Command.Start(
                "ip",
                ["netns", "exec", _name, "busybox", "httpd", "-f", "-p", $"{Address}:{port}", "-h", _folder],
                environment: null
            )
        );

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("ip", "link", "delete", _name);
        await Command.RunAsync("ip", "netns", "delete", _name);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task HostAsync(string program, params string[] arguments) =>
        (await Command.RunAsync(program, arguments)).Succeeded();

    private sealed class Served(System.Diagnostics.Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
