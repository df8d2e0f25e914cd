namespace Vordr;

/// <summary>Who asks. It decides which run rules hold when a policy says nothing about <c>run</c> (trust.md).</summary>
public enum Origin
{
    /// <summary>Root at the command line of this host.</summary>
    CommandLine,

    /// <summary>Anything that came over MCP or REST.</summary>
    Remote,
}

/// <summary>The one on whose behalf a request is made.</summary>
/// <param name="Origin">The way in.</param>
/// <param name="Principal">Name of the caller: <c>uid:0</c>, <c>token:…</c>, or what a peer marked as gateway says.</param>
/// <param name="TraceId">W3C trace id that the request belongs to, or null.</param>
public sealed record Caller(Origin Origin, string Principal, string? TraceId = null)
{
    /// <summary>The user of this process, at the command line.</summary>
    public static Caller CommandLine { get; } = new(Origin.CommandLine, $"uid:{Environment.UserName}");
}
