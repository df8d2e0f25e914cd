namespace Vordr.Client;

/// <summary>The version of this build, the same in every program of the stack.</summary>
public static class VordrVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(VordrVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
