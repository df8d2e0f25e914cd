using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Containers;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr ps</c>: containers, as the kernel says they are.</summary>
internal static class List
{
    public static Command Create(Shell shell, Globals globals)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Also those that are created or have exited" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print ids only" };
        var whole = new Option<bool>("--no-trunc") { Description = "Shorten nothing" };
        var last = new Option<int?>("--last", "-n") { Description = "Only the newest N, in any state", HelpName = "N" };
        var command = new Command("ps", "List containers") { all, quiet, whole, last };
        ExamplesHelp.Attach(command, "vordr ps", "vordr ps -a", "vordr ps -aq", "vordr ps --json | jq '.[].name'");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var parse = invocation.Parse;
                var limit = parse.GetValue(last);
                var list = new ListRequest(invocation.Caller)
                {
                    All = parse.GetValue(all) || limit is not null,
                    Limit = limit,
                };
                var containers = await invocation.Engine.ListAsync(list, invocation.Cancellation);
                var now = shell.Time.GetUtcNow();
                if (invocation.Json)
                {
                    Json.PrintAll(
                        shell,
                        containers.Select(container => AnswerMap.Summary(container, now)),
                        WireJson.Default.ContainerSummary
                    );
                }
                else if (parse.GetValue(quiet))
                {
                    foreach (var container in containers)
                        shell.Out.WriteLine(Id(container, parse.GetValue(whole)));
                }
                else
                    Print(shell, containers, now, parse.GetValue(whole));
                return 0;
            }
        );
    }

    private static void Print(Shell shell, IReadOnlyList<ContainerSummary> containers, DateTimeOffset now, bool whole)
    {
        var table = new Table("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES");
        foreach (var container in containers)
        {
            table.Add(
                Id(container, whole),
                Words.Printable(container.Image),
                Words.Command(container.Command, whole),
                $"{AnswerMap.Ago(now - container.Created)} ago",
                AnswerMap.Status(container, now) + (container.Unverified ? " (unverified)" : ""),
                Words.Ports(container.Ports),
                container.Name
            );
        }
        table.Write(shell.Out);
    }

    private static string Id(ContainerSummary container, bool whole) =>
        whole ? container.Id.ToString() : container.Id.Short;
}
