using System.CommandLine;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr create</c>: a container, not started.</summary>
internal static class Create
{
    public static Command Build(Shell shell, Globals globals)
    {
        var options = new ContainerOptionSet();
        var command = new Command("create", "Create a container without starting it");
        options.AddTo(command);
        ExamplesHelp.Attach(command, "vordr create --name web -p 8080:80 demo/web:1.0", "vordr start web");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var request = await options.RequestAsync(invocation);
                var result = await invocation.Engine.CreateAsync(request, invocation.Cancellation);
                CreatedContainer.Print(invocation, result.Container, result.Decision, result.Notes);
                return 0;
            }
        );
    }
}
