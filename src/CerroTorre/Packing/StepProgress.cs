namespace CerroTorre.Packing;

/// <summary>Names the step that bytes belong to.</summary>
public sealed class StepProgress : IProgress<long>
{
    private readonly IProgress<PackProgress> _target;
    private readonly string _step;

    private StepProgress(IProgress<PackProgress> target, string step)
    {
        _target = target;
        _step = step;
    }

    /// <summary>Reports bytes to <paramref name="target"/> as those of a step; null where nobody listens.</summary>
    public static StepProgress? Of(IProgress<PackProgress>? target, string step) =>
        target is null ? null : new StepProgress(target, step);

    /// <inheritdoc/>
    public void Report(long value) => _target.Report(new PackProgress(_step, value));
}
