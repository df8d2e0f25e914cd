namespace Vordr.Client.Tools;

/// <summary>One MCP tool of Vörðr as both ends know it: its name and what a caller may expect of calling it.</summary>
/// <param name="Name">The name on the wire, <c>vordr_…</c>.</param>
/// <param name="Title">A short title for people.</param>
/// <param name="Description">What it does, for people and models.</param>
/// <param name="ReadOnly">It changes nothing (<c>readOnlyHint</c>).</param>
/// <param name="Destructive">It may end or delete what exists (<c>destructiveHint</c>).</param>
/// <param name="Idempotent">Calling it twice is the same as calling it once (<c>idempotentHint</c>).</param>
public sealed record VordrTool(
    string Name,
    string Title,
    string Description,
    bool ReadOnly,
    bool Destructive,
    bool Idempotent
);
