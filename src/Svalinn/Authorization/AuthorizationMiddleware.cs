using Oci.Errors;
using Svalinn.Authentication;

namespace Svalinn.Authorization;

/// <summary>Lets in who may do this. A route without a rule lets in nobody: forgetting to declare one is no way in.</summary>
internal sealed class AuthorizationMiddleware(RequestDelegate next)
{
    /// <summary>Lets through or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint)
            return next(context);
        var rule = context.RouteRule();
        if (rule is { Access: Access.Anyone })
            return next(context);
        var principal = context.Principal();
        if (rule is null || principal is null || !Allows(rule.Access, principal.Role))
        {
            throw new PublicError(
                ErrorId.Forbidden,
                $"The role {principal?.Role.Name() ?? "none"} may not do this ({rule?.Operation ?? "undeclared"})."
            );
        }
        return next(context);
    }

    /// <summary>The table of who may do what.</summary>
    internal static bool Allows(Access access, Role role) =>
        access switch
        {
            Access.Anyone => true,
            Access.Viewer => role is Role.Viewer or Role.Operator or Role.Admin,
            Access.Operator => role is Role.Operator or Role.Admin,
            Access.Auditor => role is Role.Auditor or Role.Admin,
            _ => false,
        };
}
