using Oci.Errors;
using Svalinn.Hosting;
using Svalinn.Runtime;

namespace Svalinn.Health;

/// <summary>Body of <c>GET /health</c>.</summary>
/// <param name="Status"><c>healthy</c>, or <c>degraded</c> while Vörðr is away.</param>
/// <param name="Runtime"><c>reachable</c>, <c>unreachable</c>, or <c>unknown</c> right after the start.</param>
/// <param name="Version">Version of Svalinn.</param>
/// <param name="Service"><c>svalinn</c>.</param>
internal sealed record HealthAnswer(string Status, string Runtime, string Version, string Service);

/// <summary>Body of <c>GET /ready</c>.</summary>
/// <param name="Status"><c>ready</c>.</param>
internal sealed record ReadyAnswer(string Status);

/// <summary>Whether the gateway lives, and whether it can work.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    /// <summary><c>GET /health</c>: from memory, never waiting for Vörðr.</summary>
    public static Task HealthAsync(HttpContext context, RuntimeStatus status) =>
        JsonAnswer.WriteAsync(
            context,
            new HealthAnswer(
                status.IsDown ? "degraded" : "healthy",
                status.IsUp ? "reachable"
                    : status.IsDown ? "unreachable"
                    : "unknown",
                ProgramVersion.Text,
                "svalinn"
            ),
            SvalinnJson.Default.HealthAnswer
        );

    /// <summary><c>GET /ready</c>: asks Vörðr.</summary>
    public static async Task ReadyAsync(HttpContext context, RuntimeCalls runtime, CancellationToken cancellationToken)
    {
        if (!await runtime.ProbeAsync(Patience, cancellationToken))
            throw new PublicError(ErrorId.RuntimeUnreachable, "Vörðr does not answer: not ready.");
        await JsonAnswer.WriteAsync(context, new ReadyAnswer("ready"), SvalinnJson.Default.ReadyAnswer);
    }
}
