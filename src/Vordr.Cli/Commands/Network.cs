using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Networks;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr network ls | create | rm</c>.</summary>
internal static class Network
{
    public static Command Create(Shell shell, Globals globals) =>
        new("network", "List, create and remove networks")
        {
            ListNetworks(shell, globals),
            CreateNetwork(shell, globals),
            RemoveNetworks(shell, globals),
        };

    private static Command ListNetworks(Shell shell, Globals globals)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print names only" };
        var command = new Command("ls", "List networks") { quiet };
        command.Aliases.Add("list");
        ExamplesHelp.Attach(command, "vordr network ls", "vordr network ls --json");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var networks = await invocation.Engine.NetworksAsync(
                    new NetworksRequest(invocation.Caller),
                    invocation.Cancellation
                );
                if (invocation.Json)
                    Json.PrintAll(shell, networks.Select(AnswerMap.Network), WireJson.Default.NetworkSummary);
                else if (invocation.Parse.GetValue(quiet))
                {
                    foreach (var network in networks)
                        shell.Out.WriteLine(network.Name);
                }
                else
                {
                    var table = new Table("NAME", "DRIVER", "SUBNET", "GATEWAY", "CONTAINERS");
                    foreach (var network in networks)
                    {
                        table.Add(
                            network.Name,
                            network.Driver,
                            network.Subnet,
                            network.Gateway,
                            $"{network.Containers}"
                        );
                    }
                    table.Write(shell.Out);
                }
                return 0;
            }
        );
    }

    private static Command CreateNetwork(Shell shell, Globals globals)
    {
        var name = new Argument<string>("NAME") { Description = "Its name" };
        var subnet = new Option<string?>("--subnet")
        {
            Description = "IPv4 subnet [default: a free /24]",
            HelpName = "CIDR",
        };
        var command = new Command("create", "Create a bridge network") { subnet, name };
        ExamplesHelp.Attach(command, "vordr network create backend", "vordr network create --subnet 10.99.0.0/24 lab");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var create = new CreateNetworkRequest(
                    invocation.Caller,
                    invocation.Parse.GetRequiredValue(name),
                    invocation.Parse.GetValue(subnet)
                );
                var network = await invocation.Engine.CreateNetworkAsync(create, invocation.Cancellation);
                if (invocation.Json)
                    Json.Print(shell, AnswerMap.Network(network), WireJson.Default.NetworkSummary);
                else
                    shell.Out.WriteLine(network.Name);
                return 0;
            }
        );
    }

    private static Command RemoveNetworks(Shell shell, Globals globals)
    {
        var names = new Argument<string[]>("NAME") { Description = "Its name", Arity = ArgumentArity.OneOrMore };
        var command = new Command("rm", "Remove networks that no container uses") { names };
        command.Aliases.Add("remove");
        ExamplesHelp.Attach(command, "vordr network rm backend");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        var remove = new RemoveNetworkRequest(invocation.Caller, name);
                        await invocation.Engine.RemoveNetworkAsync(remove, invocation.Cancellation);
                        shell.Out.WriteLine(name);
                    }
                )
        );
    }
}
