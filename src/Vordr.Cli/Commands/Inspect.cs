using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Server.Tools;
using InspectRequest = Vordr.Containers.InspectRequest;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr inspect</c>: everything, as JSON.</summary>
internal static class Inspect
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var command = new Command("inspect", "Show containers in full, as a JSON array") { names };
        ExamplesHelp.Attach(command, "vordr inspect web", "vordr inspect web | jq '.[0].address'");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var found = new List<ContainerDetails>();
                var code = await invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        var inspect = new InspectRequest(invocation.Caller, name);
                        var details = await invocation.Engine.InspectAsync(inspect, invocation.Cancellation);
                        // Whoever may run this reads the state directory anyway.
                        found.Add(AnswerMap.Details(details, secrets: true));
                    }
                );
                Json.PrintAll(shell, found, WireJson.Default.ContainerDetails);
                return code;
            }
        );
    }
}
