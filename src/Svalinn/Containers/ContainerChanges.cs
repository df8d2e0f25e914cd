using System.Text.Json;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.Decisions;
using Svalinn.Hosting;
using Svalinn.Problems;
using Svalinn.Runtime;
using Svalinn.Validation;
using Svalinn.Verification;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Containers;

/// <summary>What changes existing containers.</summary>
internal sealed class ContainerChanges(Judge judge, DecisionLog decisions, TrustMaterial trust, RuntimeCalls runtime)
{
    private const int DefaultStopSeconds = 10;
    private const int DefaultExecSeconds = 25;
    private const int MostSeconds = 3600;

    /// <summary>
    /// <c>POST /containers/{id}/start</c>: a way into running, so the evidence is judged anew by the policy of now.
    /// </summary>
    public static async Task StartAsync(
        string id,
        HttpContext context,
        ContainerChanges handler,
        CancellationToken cancellationToken
    )
    {
        StrictQuery.Of(context);
        await handler.StartAsync(ContainerId.Parse(id), context, cancellationToken);
    }

    /// <summary><c>POST /containers/{id}/stop</c>: <c>timeout</c> in the body, or in the query.</summary>
    public static async Task StopAsync(
        string id,
        HttpContext context,
        ContainerChanges handler,
        CancellationToken cancellationToken
    )
    {
        var query = StrictQuery.Of(context, "timeout");
        var container = ContainerId.Parse(id);
        var seconds = Seconds(context.OptionalBody<StopBody>()?.Timeout ?? query.Number("timeout", least: 0), least: 0);
        var intent = await context.Audit().IntendAsync(container.Text, decision: null, cancellationToken);
        var answer = await handler.Runtime.ChangeAsync(
            intent,
            VordrTools.Stop,
            new StopRequest { Container = container.Text, Timeout = seconds },
            WireJson.Default.StopRequest,
            extraTime: TimeSpan.FromSeconds(seconds ?? DefaultStopSeconds)
        );
        await JsonAnswer.WriteAsync(context, answer);
    }

    /// <summary><c>DELETE /containers/{id}</c>.</summary>
    public static async Task RemoveAsync(
        string id,
        HttpContext context,
        ContainerChanges handler,
        CancellationToken cancellationToken
    )
    {
        var query = StrictQuery.Of(context, "force");
        var container = ContainerId.Parse(id);
        var request = new RemoveRequest { Container = container.Text, Force = query.Flag("force") };
        var intent = await context.Audit().IntendAsync(container.Text, decision: null, cancellationToken);
        await handler.Runtime.ChangeAsync(
            intent,
            VordrTools.Remove,
            request,
            WireJson.Default.RemoveRequest,
            extraTime: TimeSpan.FromSeconds(DefaultStopSeconds)
        );
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary><c>POST /containers/{id}/exec</c>: judged by the <c>run</c> rules at Vörðr, like a start.</summary>
    public static async Task ExecAsync(
        string id,
        HttpContext context,
        ContainerChanges handler,
        CancellationToken cancellationToken
    )
    {
        StrictQuery.Of(context);
        var container = ContainerId.Parse(id);
        var body = context.Body<ExecBody>();
        if (body.Command.Count == 0)
            throw new PublicError(ErrorId.Usage, "'command' is empty: say what to execute.") { Pointer = "/command" };
        var seconds = Seconds(body.Timeout, least: 1);
        var request = new ExecRequest
        {
            Container = container.Text,
            Command = body.Command,
            Env = body.Env,
            Workdir = body.Workdir,
            User = body.User,
            Timeout = seconds,
            Constraints = handler.Trust.Current.Policy.Constraints(),
        };
        var intent = await context.Audit().IntendAsync(container.Text, decision: null, cancellationToken);
        var answer = await handler.Runtime.ChangeAsync(
            intent,
            VordrTools.Exec,
            request,
            WireJson.Default.ExecRequest,
            extraTime: TimeSpan.FromSeconds(seconds ?? DefaultExecSeconds)
        );
        await JsonAnswer.WriteAsync(context, answer);
    }

    private RuntimeCalls Runtime => runtime;

    private TrustMaterial Trust => trust;

    private async Task StartAsync(ContainerId container, HttpContext context, CancellationToken cancellationToken)
    {
        context.Outcome().Subject = container.Text;

        // 1. What the container was made from, by digest.
        var content = await runtime.ReadAsync(
            context,
            VordrTools.Inspect,
            new InspectRequest { Container = container.Text },
            WireJson.Default.InspectRequest,
            cancellationToken
        );
        var details =
            content.Deserialize(WireJson.Default.ContainerDetails)
            ?? throw new InvalidOperationException("vordr_inspect answered with null.");
        var subject = await judge.ResolveAsync(
            context,
            details.BundleDigest.ToString(),
            image: null,
            cancellationToken
        );
        if (subject.Answer.ImageDigest != details.ImageDigest)
        {
            throw new PublicError(
                ErrorId.DigestMismatch,
                $"The container was made from {details.ImageDigest}; Vörðr gave evidence of {subject.Answer.ImageDigest}."
            );
        }

        // 2. Judge, refuse or intend.
        var judgement = judge.Evaluate(subject.Evidence);
        var violations = RequestRules.Judge(details.Config, judgement.Rules.Policy.RunRules());
        var verdict = judgement.Verdict.WithRun([.. violations.Select(violation => violation.Rule)]);
        var decision = judge.Decide(context, details.Name, details.ImageDigest, verdict);
        if (!verdict.Allowed)
        {
            await context.Audit().RefuseAsync(details.Name, decision, decisions);
            throw verdict.ToError();
        }
        var intent = await context.Audit().IntendAsync(details.Name, decision, cancellationToken);

        // 3. Start exactly that container: by id, since its name may be another's by now.
        var answer = await runtime.ChangeAsync(
            intent,
            VordrTools.Start,
            new StartRequest { Container = details.Id, Constraints = judgement.Rules.Policy.Constraints() },
            WireJson.Default.StartRequest
        );
        await JsonAnswer.WriteAsync(context, answer);
    }

    private static int? Seconds(int? seconds, int least)
    {
        if (seconds is null || (seconds >= least && seconds <= MostSeconds))
            return seconds;
        throw new PublicError(ErrorId.Usage, $"'timeout' is a number of seconds from {least} to {MostSeconds}.")
        {
            Pointer = "/timeout",
        };
    }
}
