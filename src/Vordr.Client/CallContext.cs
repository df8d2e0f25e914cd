namespace Vordr.Client;

/// <summary>What goes with a call beside its arguments: for whom, under which trace, until when.</summary>
public sealed record CallContext
{
    /// <summary>A call of the client's own: no principal, no trace, the client's timeout.</summary>
    public static readonly CallContext None = new();

    /// <summary>For whom the call is made; Vörðr believes it from peers that are marked as gateways.</summary>
    public string? Principal { get; init; }

    /// <summary>W3C <c>traceparent</c> of the work that this call is a part of.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The time this call may take, where it isn't the client's default.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Names of what <see cref="CallContext"/> becomes on the wire.</summary>
public static class CallContextNames
{
    /// <summary>Member of <c>_meta</c>, and header of <c>PUT /bundles</c>, with the W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Member of <c>_meta</c> with the principal.</summary>
    public const string PrincipalMeta = "org.verified-container/principal";

    /// <summary>
    /// Member of <c>_meta</c>: <c>true</c> spares the caller the copy of the structured content as text that older
    /// clients need.
    /// </summary>
    public const string StructuredOnlyMeta = "org.verified-container/structuredOnly";

    /// <summary>Header of <c>PUT /bundles</c> with the principal.</summary>
    public const string PrincipalHeader = "Vordr-Principal";
}
