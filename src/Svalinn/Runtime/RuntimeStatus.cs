namespace Svalinn.Runtime;

/// <summary>
/// Whether Vörðr answered when it was last asked. Kept by every call and by <see cref="RuntimeProbe"/>, so that health
/// can be told without asking.
/// </summary>
internal sealed class RuntimeStatus
{
    private volatile State _state = State.Unknown;

    /// <summary>It answered last.</summary>
    public bool IsUp => _state == State.Up;

    /// <summary>It did not answer last.</summary>
    public bool IsDown => _state == State.Down;

    /// <summary>Notes an answer, or none.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Report(bool answered)
    {
        var state = answered ? State.Up : State.Down;
        if (_state == state)
            return false;
        _state = state;
        return true;
    }

    private enum State
    {
        Unknown,
        Up,
        Down,
    }
}
