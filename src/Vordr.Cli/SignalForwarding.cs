using System.Runtime.InteropServices;
using Oci.Errors;
using Vordr.Containers;

namespace Vordr.Cli;

/// <summary>
/// Hands the signals that reach a foreground run to its container. One that comes before the container runs cancels
/// the start instead.
/// </summary>
internal sealed class SignalForwarding : IDisposable
{
    private static readonly IReadOnlyList<(PosixSignal Signal, string Name)> Forwarded =
    [
        (PosixSignal.SIGINT, "INT"),
        (PosixSignal.SIGTERM, "TERM"),
        (PosixSignal.SIGHUP, "HUP"),
        (PosixSignal.SIGQUIT, "QUIT"),
        ((PosixSignal)10, "USR1"),
        ((PosixSignal)12, "USR2"),
    ];

    private readonly Engine _engine;
    private readonly Caller _caller;
    private readonly CancellationTokenSource _notStarted;
    private readonly List<PosixSignalRegistration> _registrations;
    private ContainerId? _container;

    public SignalForwarding(Engine engine, Caller caller, CancellationToken cancellation)
    {
        _engine = engine;
        _caller = caller;
        _notStarted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations =
        [
            .. Forwarded.Select(row => PosixSignalRegistration.Create(row.Signal, c => Forward(c, row.Name))),
        ];
    }

    /// <summary>Cancelled by a signal that came too early to be forwarded.</summary>
    public CancellationToken Cancellation => _notStarted.Token;

    /// <summary>From here on signals go to <paramref name="container"/>.</summary>
    public void Started(ContainerId container) => _container = container;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _notStarted.Dispose();
    }

    private void Forward(PosixSignalContext context, string name)
    {
        context.Cancel = true;
        if (_container is { } container)
            _ = ForwardAsync(container, name);
        else
            _notStarted.Cancel();
    }

    private async Task ForwardAsync(ContainerId container, string name)
    {
        try
        {
            await _engine.KillAsync(new KillRequest(_caller, container.ToString(), name), CancellationToken.None);
        }
        catch (PublicError)
        {
            // It has just ended: the run is about to return by itself.
        }
    }
}
