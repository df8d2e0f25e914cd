using Vordr.Containers;

namespace Vordr.Cli;

/// <summary>Our three streams, handed to a process in a container.</summary>
internal sealed class ForegroundStreams(Shell shell, bool interactive) : IAsyncDisposable
{
    private readonly Stream? _input = interactive ? shell.OpenInput() : null;
    private readonly Stream _output = shell.OpenOutput();
    private readonly Stream _error = shell.OpenError();

    public ContainerStreams For(Action<ContainerId>? started) => new(_input, _output, _error) { Started = started };

    public async ValueTask DisposeAsync()
    {
        if (_input is not null)
            await _input.DisposeAsync();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }
}
