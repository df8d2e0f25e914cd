using System.Text.Json;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.Decisions;
using Svalinn.Hosting;
using Svalinn.Runtime;
using Svalinn.Validation;
using Svalinn.Verification;
using Trust.Policies;
using Trust.Verdicts;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Containers;

/// <summary>
/// <c>POST /containers/create</c> and <c>POST /run</c>:
/// <list type="number">
/// <item>The name is resolved once, by Vörðr, which answers with digests and evidence.</item>
/// <item>The evidence is judged by this gateway's own trust store and policy, and the request by its <c>run</c> rules.</item>
/// <item>A refusal is recorded and told, with the verdict; nothing goes down.</item>
/// <item>The intention and the decision are on disk.</item>
/// <item>Vörðr is called by digest, with the <c>run</c> rules as constraints.</item>
/// <item>The answer is Vörðr's, under the id of the decision made here.</item>
/// </list>
/// </summary>
internal sealed class CreateContainer(Judge judge, DecisionLog decisions, RuntimeCalls runtime)
{
    /// <summary><c>POST /containers/create</c>.</summary>
    public static Task CreateAsync(HttpContext context, CreateContainer handler, CancellationToken cancellationToken) =>
        handler.HandleAsync(context, VordrTools.Create, cancellationToken);

    /// <summary><c>POST /run</c>.</summary>
    public static Task RunAsync(HttpContext context, CreateContainer handler, CancellationToken cancellationToken) =>
        handler.HandleAsync(context, VordrTools.Run, cancellationToken);

    private async Task HandleAsync(HttpContext context, VordrTool tool, CancellationToken cancellationToken)
    {
        StrictQuery.Of(context);
        var body = context.Body<CreateBody>();
        ExactlyOne.OfBundleAndImage(body.Bundle, body.Image);

        // 1. Resolve, once.
        var subject = await judge.ResolveAsync(context, body.Bundle, body.Image, cancellationToken);

        // 2. Judge.
        var judgement = judge.Evaluate(subject.Evidence);
        var violations = RequestRules.Judge(body.Config, judgement.Rules.Policy.RunRules());
        var verdict = judgement.Verdict.WithRun([.. violations.Select(violation => violation.Rule)]);
        var decision = judge.Decide(context, subject.Answer.Image, subject.Answer.ImageDigest, verdict);

        // 3. Refuse.
        if (!verdict.Allowed)
        {
            await context.Audit().RefuseAsync(subject.Answer.Image, decision, decisions);
            throw Refusal(verdict, violations);
        }

        // 4. Intend.
        var intent = await context.Audit().IntendAsync(subject.Answer.Image, decision, cancellationToken);

        // 5. Call by digest.
        var content = await runtime.ChangeAsync(
            intent,
            tool,
            RequestOf(body, subject, judgement.Rules.Policy),
            WireJson.Default.CreateRequest
        );

        // 6. Answer.
        var answer =
            content.Deserialize(WireJson.Default.CreateAnswer)
            ?? throw new InvalidOperationException($"{tool.Name} answered with null.");
        if (answer.Decision is { } runtimeDecision)
            await decisions.LinkAsync(decision.Id, runtimeDecision, CancellationToken.None);
        context.Response.Headers.Location = $"{PathPrefix(context)}/containers/{answer.Id}";
        await JsonAnswer.WriteAsync(
            context,
            CreatedContainer.From(answer, decision.Id),
            SvalinnJson.Default.CreatedContainer,
            StatusCodes.Status201Created
        );
    }

    private static CreateRequest RequestOf(CreateBody body, StoredSubject subject, Policy policy) =>
        new()
        {
            // The bundle where there is one: two bundles of one image differ in what vouches for it.
            Bundle = subject.Answer.BundleDigest?.ToString(),
            Image = subject.Answer.BundleDigest is null ? subject.Answer.ImageDigest.ToString() : null,
            Name = string.IsNullOrEmpty(body.Name) ? null : body.Name,
            Command = body.Command is { Count: > 0 } ? body.Command : null,
            Config = body.Config,
            Constraints = policy.Constraints(),
        };

    /// <summary>The refusal; where a member of the body is at fault, with its pointer.</summary>
    private static PublicError Refusal(Verdict verdict, IReadOnlyList<RequestViolation> violations)
    {
        var error = verdict.ToError();
        return violations.Count == 0 || verdict.Code != VerdictCode.PolicyDenied
            ? error
            : new PublicError(error.Id, error.Message, error.Suggestions)
            {
                Verdict = error.Verdict,
                Pointer = violations[0].Pointer,
            };
    }

    /// <summary>The prefix under which the caller came, so that the location is one it knows.</summary>
    private static string PathPrefix(HttpContext context) =>
        context.Request.Path.StartsWithSegments(Routes.VersionPrefix, StringComparison.OrdinalIgnoreCase)
            ? Routes.VersionPrefix
            : "";
}
