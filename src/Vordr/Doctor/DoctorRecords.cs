namespace Vordr.Doctor;

/// <summary>How a check of the host came out.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, with a limitation that the detail names.</summary>
    Warning,

    /// <summary>Containers can't run until it is put right.</summary>
    Bad,
}

/// <summary>A check of the host.</summary>
/// <param name="Name">What was looked at: <c>runtime</c>, <c>conmon</c>, ….</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Detail">What was found, in words.</param>
/// <param name="Fix">What to do, or null.</param>
public sealed record HostCheck(string Name, CheckOutcome Outcome, string Detail, string? Fix = null);

/// <summary>What stands in the way of running containers here.</summary>
/// <param name="Checks">Each check, in a fixed order.</param>
public sealed record DoctorReport(IReadOnlyList<HostCheck> Checks)
{
    /// <summary>No check is bad.</summary>
    public bool Healthy => Checks.All(check => check.Outcome != CheckOutcome.Bad);
}
