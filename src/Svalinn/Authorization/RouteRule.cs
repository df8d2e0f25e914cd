using Svalinn.Validation;

namespace Svalinn.Authorization;

/// <summary>Who may come in.</summary>
internal enum Access
{
    /// <summary>Anyone, without a key.</summary>
    Anyone,

    /// <summary>Viewer, operator, admin.</summary>
    Viewer,

    /// <summary>Operator, admin.</summary>
    Operator,

    /// <summary>Auditor, admin.</summary>
    Auditor,
}

/// <summary>What the pipeline must know of a route: said once, where the route is declared.</summary>
/// <param name="Operation">Stable name of the operation in audit, decisions and metrics.</param>
/// <param name="Access">Who may come in.</param>
internal sealed record RouteRule(string Operation, Access Access)
{
    /// <summary>Whether it changes state at Vörðr: then it is audited, and never repeated.</summary>
    public bool ChangesState { get; init; }

    /// <summary>Whether its body is a bundle.</summary>
    public bool IsUpload { get; init; }

    /// <summary>The record that its JSON body is, or null when it takes no JSON.</summary>
    public BodyType? Body { get; init; }

    /// <summary>Whether it may also come without a body.</summary>
    public bool BodyIsOptional { get; init; }
}

/// <summary>Reading and declaring rules.</summary>
internal static class RouteRuleExtensions
{
    /// <summary>The rule of the matched route; null when routing refuses by itself (404, 405).</summary>
    public static RouteRule? RouteRule(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteRule>();

    /// <summary>Declares a route's rule.</summary>
    public static TBuilder Rule<TBuilder>(this TBuilder builder, RouteRule rule)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(rule);
}
