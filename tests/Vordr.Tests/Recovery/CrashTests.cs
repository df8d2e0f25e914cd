using System.Diagnostics;
using Vordr.Containers;
using Vordr.Tests.Engines;

namespace Vordr.Tests.Recovery;

/// <summary>Commands killed on their way, in processes of their own; the next command finishes or undoes them.</summary>
public sealed class CrashTests
{
    private static readonly string[] Victim = ["run", "box:1", "victim", "/bin/sleep", "600"];

    // Where strace kills: the n-th call of a kind, counted in each thread. Kinds by what an operation does.
    [Theory]
    [InlineData("run", "mount", 2)]
    [InlineData("run", "sendto,sendmsg", 3)]
    [InlineData("run", "mkdirat,mkdir", 3)]
    [InlineData("rm", "umount2", 2)]
    [InlineData("rm", "unlinkat,unlink,rmdir", 4)]
    [InlineData("load", "rename,renameat,renameat2", 3)]
    [InlineData("load", "fsync,fdatasync", 3)]
    public async Task Killed_at_each_call_leaves_nothing_that_the_next_command_does_not_settle(
        string operation,
        string calls,
        int kills
    )
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs strace");
        await using var host = new EngineHost();
        await host.LoadAsync();
        var witness = await host.RunAsync("sleep 600", new ContainerOptions { Name = "witness" });

        for (var n = 1; n <= kills; n++)
        {
            if (operation == "rm")
                await RunAsync(host, Victim);
            var calm = Files(host);
            string[] verb = operation switch
            {
                "run" => Victim,
                "rm" => ["rm", "victim"],
                _ => ["load", await host.Publisher.PackAsync("other", $"{n}", change: Change)],
            };

            var killed = await KillAsync(host, calls, n, verb);
            await RunAsync(host, "reconcile");

            var because = $"kill {n} at {calls} of {operation}";
            (killed || n > 1).Should().BeTrue("the first call is always made");
            (await host.Engine.ListAsync(new(Caller.CommandLine)))
                .Should()
                .Contain(container => container.Id == witness.Container.Id, because);
            await RemoveVictimAsync(host);
            if (!killed)
                break;
            Files(host).Except(calm).Should().BeEmpty(because);
            if (operation != "rm")
                await RunAsync(host, verb);
            await RemoveVictimAsync(host);
        }
        await host.Engine.RemoveAsync(new(Caller.CommandLine, "witness", Force: true));
        Traces.Of(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Thirty_processes_that_run_at_once_all_start_and_none_shares_an_address()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var starts = Enumerable
            .Range(0, 30)
            .Select(i => RunAsync(host, "run", "box:1", $"c{i}", "/bin/sleep", "600"))
            .ToList();
        await Task.WhenAll(starts);

        var running = await host.Engine.ListAsync(new(Caller.CommandLine));
        running.Should().HaveCount(30);
        var addresses = new HashSet<string>();
        foreach (var container in running)
        {
            var details = await host.Engine.InspectAsync(new(Caller.CommandLine, container.Name));
            addresses.Add(details.Address!).Should().BeTrue();
        }
        await Parallel.ForEachAsync(
            running,
            async (container, cancellation) =>
                await host.Engine.RemoveAsync(new(Caller.CommandLine, container.Name, Force: true), cancellation)
        );
        Traces.Of(host).Should().BeEmpty();
    }

    private static async Task RemoveVictimAsync(EngineHost host)
    {
        foreach (var container in await host.Engine.ListAsync(new(Caller.CommandLine) { All = true, Name = "victim" }))
            await host.Engine.RemoveAsync(new(Caller.CommandLine, container.Name, Force: true));
    }

    // A layer that nobody has yet, so that there is something to store.
    private static void Change(string rootfs) =>
        File.WriteAllText(Path.Join(rootfs, "www/index.html"), $"{Guid.NewGuid()}\n");

    private static List<string> Files(EngineHost host) =>
        [
            .. Directory
                .EnumerateFiles(
                    host.Options.Root,
                    "*",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.ReparsePoint,
                    }
                )
                .Where(path => !path.Contains("/vordr.db", StringComparison.Ordinal))
                .Where(path => !path.Contains("/rootfs/", StringComparison.Ordinal)),
        ];

    private static async Task RunAsync(EngineHost host, params string[] verb)
    {
        using var process = host.Spawn(verb);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, $"{string.Join(' ', verb)}: {error}");
    }

    // strace is the child, and the command's parent: both are gone when the command is, whoever it started goes on.
    private static async Task<bool> KillAsync(EngineHost host, string calls, int n, string[] verb)
    {
        using var strace = Process.Start(
            new ProcessStartInfo(
                "/usr/bin/strace",
                [
                    "-qq",
                    "--seccomp-bpf",
                    "-f",
                    "-b",
                    "execve",
                    "-o",
                    "/dev/null",
                    "-e",
                    $"trace={calls},execve",
                    "-e",
                    $"inject={calls}:signal=KILL:when={n}",
                    Environment.ProcessPath!,
                    "--root",
                    host.Options.Root,
                    "--run-root",
                    host.Options.RunRoot,
                    .. verb,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        await strace.WaitForExitAsync();
        return strace.ExitCode != 0;
    }
}
