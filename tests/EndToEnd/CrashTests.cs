using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>
/// Every n-th call of the kinds that change the machine is where a command dies, or a child of it. The next command
/// reconciles: nothing stays taken, a neighbour goes on running, and the same command then succeeds.
/// </summary>
public sealed class CrashTests
{
    private const int MostKills = 80;

    // What an operation has no need to call.
    private static readonly HashSet<(string Operation, string Call)> s_without =
    [
        ("run", "/sync"),
        ("rm", "/sync"),
        ("load", "mount"),
        ("load", "umount2"),
        ("load", "execve"),
        ("load", "sendmsg"),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var operation in new[] { "run", "rm", "load" })
            {
                foreach (var call in new[] { "mount", "umount2", "/^rename", "unlinkat", "execve", "sendmsg", "/sync" })
                    cases.Add(operation, call);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Killed_command_leaves_nothing_that_the_next_one_does_not_settle(string operation, string call)
    {
        await using var site = await Site.CreateAsync();
        var bundle = await site.BundleAsync();
        (await site.VordrAsync("run", "-d", "--name", "witness", bundle, "sleep", "600")).Succeeded();
        var port = $"{Ports.Free()}";
        string[] run = ["run", "-d", "--name", "victim", "-p", $"{port}:80", bundle];
        (await site.VordrAsync(run)).Succeeded();
        (await site.VordrAsync("rm", "-f", "victim")).Succeeded();
        var witness = await PidAsync(site, "witness");
        var calm = await Snapshot.OfAsync(site);

        // The runtime alone mounts some fifty times: every fourth of them keeps the test within its time.
        var step = call == "mount" ? 4 : 1;
        var kills = 0;
        while (kills < MostKills)
        {
            if (operation == "load")
                calm = await Snapshot.OfAsync(site);
            if (operation == "rm")
                (await site.VordrAsync(run)).Succeeded();
            string[] command = operation switch
            {
                "run" => run,
                "rm" => ["rm", "-f", "victim"],
                // A layer that nobody has yet: a bundle that is stored already would store nothing.
                _ => ["load", await site.BundleAsync("demo/other", $"{kills + 1}", page: $"{Guid.NewGuid()}\n")],
            };
            if (!await KilledAsync(site, call, (kills * step) + 1, command))
                break;
            kills++;

            (await site.VordrAsync("ps", "-a")).Succeeded();
            (await PidAsync(site, "witness"))
                .Should()
                .Be(witness, "kill {0} at {1} is none of its business", kills, call);
            await site.VordrAsync("rm", "-f", "victim");
            (await Snapshot.ChangesAsync(site, calm))
                .Should()
                .BeEmpty("kill {0} at {1} of {2}", kills, call, operation);
            (await site.VordrAsync(operation == "rm" ? run : command)).Succeeded();
            if (operation != "load")
                (await site.VordrAsync("rm", "-f", "victim")).Succeeded();
        }
        if (!s_without.Contains((operation, call)))
            kills.Should().BePositive("{0} calls {1}: a loop without a kill proves nothing", operation, call);
        kills.Should().BeLessThan(MostKills, "the loop ends when the n-th call doesn't come");
    }

    /// <summary>Runs the command under strace (-I2: it can be told to detach); whether a process of it was killed at its n-th call.</summary>
    private static async Task<bool> KilledAsync(Site site, string call, int n, string[] arguments)
    {
        var log = site.PathOf($"strace-{Guid.NewGuid():n}.log");
        using (
            var command = Command.Start(
                "strace",
                [
                    "-D",
                    "-f",
                    "-I2",
                    "-qq",
                    "-o",
                    log,
                    "-e",
                    $"trace={call}",
                    "-e",
                    $"inject={call}:signal=KILL:when={n}",
                    Programs.Vordr,
                    .. site.VordrArguments(arguments),
                ],
                environment: null
            )
        )
        {
            // Only the command's own end counts: the tracer and what runs on keep its streams open.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            command.StandardInput.Close();
            await command.WaitForExitAsync(limit.Token);
        }
        await Tracer.DetachAsync(log);
        // The call of a thread that is killed in it never returns: strace shows a question mark.
        var killed = (await File.ReadAllLinesAsync(log)).Any(line => line.EndsWith("= ?", StringComparison.Ordinal));
        File.Delete(log);
        return killed;
    }

    private static async Task<string> PidAsync(Site site, string container) =>
        System
            .Text.Json.Nodes.JsonNode.Parse((await site.VordrAsync("inspect", container)).Succeeded().Output)!
            .AsArray()[0]!["pid"]!.ToJsonString();
}
