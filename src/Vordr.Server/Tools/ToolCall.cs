using System.Diagnostics;
using System.Text.Json.Nodes;
using Vordr.Client;
using Vordr.Server.Listening;

namespace Vordr.Server.Tools;

/// <summary>For whom and under which trace a call is made, as far as we believe it.</summary>
/// <param name="Caller">What the engine is told.</param>
/// <param name="Peer">Who is connected.</param>
/// <param name="MaySeeSecrets">Values of environment variables are shown.</param>
/// <param name="StructuredOnly">The peer needs no text copy of the structured content.</param>
internal sealed record ToolCall(Caller Caller, Peer Peer, bool MaySeeSecrets, bool StructuredOnly)
{
    /// <summary>The W3C trace id, the caller's or a new one.</summary>
    public string TraceId => Caller.TraceId!;
}

/// <summary>Decides what of a caller's words on itself is believed.</summary>
internal sealed class CallerCheck(ServeOptions options)
{
    private const int LongestPrincipal = 256;

    /// <summary>The call that <paramref name="peer"/> makes with this <c>_meta</c>.</summary>
    public ToolCall Of(Peer peer, JsonObject? meta) =>
        Of(
            peer,
            Text(meta, CallContextNames.TraceParent),
            Text(meta, CallContextNames.PrincipalMeta),
            structuredOnly: meta?[CallContextNames.StructuredOnlyMeta] is JsonValue flag
                && flag.TryGetValue(out bool set)
                && set
        );

    /// <summary>The call that <paramref name="peer"/> makes with these words on its trace and its principal.</summary>
    public ToolCall Of(Peer peer, string? traceParent, string? principal, bool structuredOnly = false)
    {
        var believed = principal is { Length: > 0 and <= LongestPrincipal } && IsGateway(peer) && IsPlain(principal);
        var name = believed ? $"{principal} (via {peer.Name})" : peer.Name;
        return new ToolCall(
            new Caller(Origin.Remote, name, TraceIdOf(traceParent)),
            peer,
            MaySeeSecrets: peer is Peer.Local local && options.SecretReaders.Contains(local.User),
            structuredOnly
        );
    }

    private bool IsGateway(Peer peer) =>
        peer switch
        {
            Peer.Local local => local.User == 0 || options.GatewayUsers.Contains(local.User),
            Peer.TokenHolder => true,
            _ => false,
        };

    /// <summary>A name that goes into logs and decisions holds nothing that would break a line or an eye.</summary>
    private static bool IsPlain(string text) => text.All(c => c is >= ' ' and < '\u007f');

    private static string TraceIdOf(string? traceParent) =>
        (
            ActivityContext.TryParse(traceParent, null, out var context)
                ? context.TraceId
                : ActivityTraceId.CreateRandom()
        ).ToHexString();

    private static string? Text(JsonObject? meta, string name) =>
        meta?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
