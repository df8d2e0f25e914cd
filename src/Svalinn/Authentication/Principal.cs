namespace Svalinn.Authentication;

/// <summary>Who asks, once that is proven.</summary>
/// <param name="Id">Unique and stable: <c>key:&lt;id&gt;</c>, or <c>anonymous</c> under <c>--no-auth</c>.</param>
/// <param name="Name">What people called the key.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Principal(string Id, string Name, Role Role)
{
    /// <summary>Everybody, where the operator switched authentication off.</summary>
    public static Principal Anonymous { get; } = new("anonymous", "anonymous", Role.Admin);
}

/// <summary>Where the principal of a request is kept.</summary>
internal static class PrincipalExtensions
{
    /// <summary>The principal, or null before authentication and where none is needed.</summary>
    public static Principal? Principal(this HttpContext context) => context.Features.Get<Principal>();

    /// <summary>The principal's id for logs and audit.</summary>
    public static string PrincipalName(this HttpContext context) => context.Principal()?.Id ?? "-";
}
