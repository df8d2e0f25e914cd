using System.Text.Json;
using Oci.Errors;
using Vordr.Bundles;
using Vordr.Calls;
using Vordr.Decisions;
using Vordr.Specs;
using Vordr.State;

namespace Vordr.Containers;

/// <summary>
/// Runs a process in a running container: never with more than the container's own process has, judged like a start
/// over the spec with that process in it, and recorded.
/// </summary>
internal sealed class ExecInContainer(Instance instance)
{
    public Task<ExecResult> ExecuteAsync(ExecRequest request, CancellationToken cancellation) =>
        // Not repeatable: a process that was cut off may have done its work all the same.
        new IdempotentCalls(instance).MakeAsync(
            request.Caller,
            "exec",
            request.IdempotencyKey,
            repeatable: false,
            call => ExecAsync(request, call, cancellation),
            outcome => Task.FromResult(Retell(outcome)),
            cancellation
        );

    private async Task<ExecResult> ExecAsync(ExecRequest request, CallKey? call, CancellationToken cancellation)
    {
        if (request.Command.Count == 0)
            throw new PublicError(ErrorId.Usage, "There is no command to execute.") { Pointer = "/command" };
        OptionChecks.Check(
            new ContainerOptions
            {
                Env = request.Env,
                Command = request.Command,
                WorkDir = request.WorkDir,
            }
        );
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State != ContainerState.Running)
            throw Lifecycle.NotRunning(container.Name);
        var process = await AllowedAsync(request, container, cancellation);
        if (call is not null)
            instance.Database.Write(session => call.Open(session, null, instance.Time.GetUtcNow()));
        var ended = await instance.Runtime.ExecAsync(
            new Runtimes.ExecRequest
            {
                ContainerId = container.Id.ToString(),
                Process = process,
                ScratchDirectory = instance.Paths.Persist(container.Id),
                InheritStreams = request.InheritStreams,
                InheritInput = request.InheritInput,
                Input = request.Input,
                Timeout = request.Timeout,
            },
            cancellation
        );
        var result = new ExecResult(ended.ExitCode, ended.Output, ended.Error, ended.Truncated, ended.TimedOut);
        if (call is not null)
            instance.Database.Write(session => call.Complete(session, Tell(result)));
        return result;
    }

    private async Task<Oci.Runtime.RuntimeProcess> AllowedAsync(
        ExecRequest request,
        ContainerRow container,
        CancellationToken cancellation
    )
    {
        var bundle = instance.Database.Read(session => session.FindBundle(container.Bundle))!;
        var matter = new Matter(request.Caller, "exec", bundle.Reference, container.Id.ToString());
        var verdict = instance.Gate.Judge(await instance.Gate.EvidenceAsync(bundle, cancellation));
        if (!verdict.Allowed)
            throw instance.Gate.Refused(matter, verdict);
        var spec = await SpecFile.ReadAsync(instance.Paths.Spec(container.Id), cancellation);
        var process = ExecProcess.Build(
            spec,
            spec.Root.Path,
            new ExecOptions
            {
                Command = request.Command,
                Env = request.Env,
                User = request.User,
                WorkingDirectory = request.WorkDir,
            }
        );
        var rules = RunVerdict.Rules(instance.Gate.Policy(), request.Caller, request.Constraints, narrowing: null);
        var whole = RunVerdict.Over(
            spec with
            {
                Process = process,
            },
            BringUp.Facts(instance, container),
            new SpecRules(verdict, rules)
        );
        if (!whole.Allowed)
            throw instance.Gate.Refused(matter, whole);
        instance.Gate.Record(matter, whole);
        return process;
    }

    private static string Tell(ExecResult result) =>
        JsonSerializer.Serialize(
            new ExecOutcome(
                result.ExitCode,
                result.Output.ToArray(),
                result.Error.ToArray(),
                result.Truncated,
                result.TimedOut
            ),
            StateJson.Default.ExecOutcome
        );

    private static ExecResult Retell(string outcome)
    {
        var told = JsonSerializer.Deserialize(outcome, StateJson.Default.ExecOutcome)!;
        return new ExecResult(told.ExitCode, told.Output, told.Error, told.Truncated, told.TimedOut);
    }
}

/// <summary>What came of an exec, kept for whoever repeats the call.</summary>
internal sealed record ExecOutcome(int ExitCode, byte[] Output, byte[] Error, bool Truncated, bool TimedOut);
