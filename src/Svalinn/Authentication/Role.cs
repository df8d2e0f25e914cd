namespace Svalinn.Authentication;

/// <summary>
/// What a principal may do: viewer ⊂ operator ⊂ admin; an auditor reads what was decided and done, and nothing else.
/// </summary>
internal enum Role
{
    /// <summary>Reads containers, images, policies; asks for verdicts.</summary>
    Viewer,

    /// <summary>Also creates, runs, stops, removes, executes, uploads.</summary>
    Operator,

    /// <summary>Also reads decisions and audit, and makes keys.</summary>
    Admin,

    /// <summary>Reads decisions and audit.</summary>
    Auditor,
}

/// <summary>How roles are written.</summary>
internal static class RoleNames
{
    /// <summary>The name as it is stored and typed.</summary>
    public static string Name(this Role role) =>
        role switch
        {
            Role.Viewer => "viewer",
            Role.Operator => "operator",
            Role.Admin => "admin",
            Role.Auditor => "auditor",
            _ => throw new ArgumentOutOfRangeException(nameof(role)),
        };

    /// <summary>Every name, for messages.</summary>
    public const string All = "viewer, operator, admin, auditor";

    /// <summary>Reads a name.</summary>
    public static Role? Parse(string name) =>
        name switch
        {
            "viewer" => Role.Viewer,
            "operator" => Role.Operator,
            "admin" => Role.Admin,
            "auditor" => Role.Auditor,
            _ => null,
        };
}
