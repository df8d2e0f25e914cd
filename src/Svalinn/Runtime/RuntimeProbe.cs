namespace Svalinn.Runtime;

/// <summary>Asks Vörðr every two seconds whether it works, so that health and metrics know without being asked.</summary>
internal sealed class RuntimeProbe(RuntimeCalls runtime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not before the server listens: readiness does not wait for a Vörðr that is away.
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await runtime.ProbeAsync(Patience, stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
