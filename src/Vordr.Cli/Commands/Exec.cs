using System.CommandLine;
using Oci.Errors;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr exec</c>: a process beside the container's own.</summary>
internal static class Exec
{
    public static Command Create(Shell shell, Globals globals)
    {
        var env = new Option<string[]>("--env", "-e")
        {
            Description = "Environment variable; without a value, ours",
            HelpName = "NAME[=VALUE]",
        };
        var user = new Option<string?>("--user", "-u") { Description = "Name or id inside", HelpName = "USER[:GROUP]" };
        var workdir = new Option<string?>("--workdir", "-w") { Description = "Working directory", HelpName = "DIR" };
        var interactive = new Option<bool>("--interactive", "-i") { Description = "Hand in standard input" };
        var words = new Argument<string[]>("CONTAINER COMMAND...")
        {
            Description = "Name or id of the container, and what to execute in it",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("exec", "Run a command in a running container")
        {
            env,
            user,
            workdir,
            interactive,
            words,
        };
        ExamplesHelp.Attach(
            command,
            "vordr exec web ps",
            "vordr exec -u 1000 -w /srv web sh -c 'id; pwd'",
            "vordr exec -i db psql < dump.sql"
        );
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var parse = invocation.Parse;
                if (parse.GetRequiredValue(words) is not [var container, _, ..] given)
                    throw new PublicError(ErrorId.Usage, "No command is given.", "vordr exec CONTAINER sh -c '…'");
                var request = new ExecRequest(invocation.Caller, container, given[1..])
                {
                    Env =
                    [
                        .. (parse.GetValue(env) ?? []).SelectMany(text => ContainerOptionSet.Environment(text, shell)),
                    ],
                    User = parse.GetValue(user),
                    WorkDir = parse.GetValue(workdir),
                    InheritStreams = true,
                    InheritInput = parse.GetValue(interactive),
                };
                return (await invocation.Engine.ExecAsync(request, invocation.Cancellation)).ExitCode;
            },
            containerCodes: _ => true
        );
    }
}
