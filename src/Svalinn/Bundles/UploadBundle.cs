using System.Runtime.ExceptionServices;
using System.Text.Json;
using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.Decisions;
using Svalinn.Hosting;
using Svalinn.Runtime;
using Svalinn.Validation;
using Svalinn.Verification;
using Vordr.Client.Bundles;

namespace Svalinn.Bundles;

/// <summary>Answer of <c>POST /bundles/upload</c>.</summary>
internal sealed record UploadAnswer
{
    /// <summary>Package name.</summary>
    public required string Name { get; init; }

    /// <summary>Package version.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of the bundle's file.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>Vörðr's verdict: it saw every byte.</summary>
    public required JsonElement Verdict { get; init; }

    /// <summary>The decision recorded here.</summary>
    public required string Decision { get; init; }
}

/// <summary>
/// <c>POST /bundles/upload</c>:
/// <list type="number">
/// <item>Everything before the first layer is read, and kept for passing on.</item>
/// <item>It is judged by this gateway's own trust store and policy.</item>
/// <item>A refusal is recorded and told, with the verdict; not a byte went down, not a layer was read.</item>
/// <item>The intention and the decision are on disk.</item>
/// <item>The same bytes, and then the rest as it comes, go to Vörðr, which checks each layer and judges again.</item>
/// <item>Its verdict is the answer: 201, or 200 for a bundle that it had already.</item>
/// </list>
/// Nothing is kept here.
/// </summary>
internal sealed class UploadBundle(Judge judge, DecisionLog decisions, RuntimeCalls runtime)
{
    /// <summary><c>POST /bundles/upload</c>.</summary>
    public static Task UploadAsync(HttpContext context, UploadBundle handler, CancellationToken cancellationToken) =>
        handler.HandleAsync(context, cancellationToken);

    private async Task HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        StrictQuery.Of(context);
        var uploaded = await UploadedBundle.OpenAsync(context, cancellationToken);
        var source = new SourceStream(uploaded.Content);
        var recording = new RecordingStream(source);

        // 1. Read the head.
        using var reader = new BundleReader(recording);
        var head = await reader.ReadHeadAsync(cancellationToken);
        var subject = head.PackageManifest.Reference;

        // 2. Judge.
        var verdict = judge.Evaluate(Judge.EvidenceOf(head)).Verdict;
        var decision = judge.Decide(context, subject, head.Root.Digest, verdict);

        // 3. Refuse.
        if (!verdict.Allowed)
        {
            await context.Audit().RefuseAsync(subject, decision, decisions);
            throw verdict.ToError();
        }

        // 4. Intend.
        var intent = await context.Audit().IntendAsync(subject, decision, cancellationToken);

        // 5. Pass through.
        var answer = await PassAsync(intent, recording.Replay(), uploaded.Length, source, cancellationToken);

        // 6. Answer.
        if (answer.Decision is { } runtimeDecision)
            await decisions.LinkAsync(decision.Id, runtimeDecision, CancellationToken.None);
        await JsonAnswer.WriteAsync(
            context,
            new UploadAnswer
            {
                Name = answer.Name,
                Version = answer.Version,
                BundleDigest = answer.BundleDigest,
                ImageDigest = answer.ImageDigest,
                Verdict = answer.Verdict,
                Decision = decision.Id,
            },
            SvalinnJson.Default.UploadAnswer,
            answer.Known ? StatusCodes.Status200OK : StatusCodes.Status201Created
        );
    }

    private async Task<BundleAnswer> PassAsync(
        Intent intent,
        Stream content,
        long? length,
        SourceStream source,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await runtime.UploadAsync(intent, content, length, cancellationToken);
        }
        catch (PublicError) when (source.Fault is { } fault)
        {
            // It was the caller's side that failed, not Vörðr's.
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }
}
