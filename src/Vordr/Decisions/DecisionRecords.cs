using Oci;
using Trust.Verdicts;

namespace Vordr.Decisions;

/// <summary>Asks for a recorded decision.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Decision">Its number; null asks for the last one.</param>
public sealed record ExplainRequest(Caller Caller, long? Decision = null);

/// <summary>What was decided, on what, for whom, and why.</summary>
/// <param name="Id">Its number, rising.</param>
/// <param name="At">When.</param>
/// <param name="Operation"><c>load</c>, <c>create</c>, <c>start</c> or <c>exec</c>.</param>
/// <param name="Principal">For whom.</param>
/// <param name="Subject">What it was about, in words: <c>name:version</c>.</param>
/// <param name="ImageDigest">The root judged; null where the bundle is malformed.</param>
/// <param name="Container">The container concerned, or null.</param>
/// <param name="TraceId">The trace that it belongs to, or null.</param>
/// <param name="Verdict">The verdict.</param>
public sealed record Decision(
    long Id,
    DateTimeOffset At,
    string Operation,
    string Principal,
    string Subject,
    Digest? ImageDigest,
    string? Container,
    string? TraceId,
    Verdict Verdict
);
