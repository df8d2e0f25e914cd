using Oci.Errors;
using Trust.Verdicts;

namespace CerroTorre.Bundles;

/// <summary>Gives a fault of form its face: a verdict with its code, attached to the error that people see.</summary>
internal static class BundleRefused
{
    /// <summary>Runs <paramref name="step"/>; a fault in it becomes a <see cref="PublicError"/>.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (FaultException fault)
        {
            throw As(fault);
        }
    }

    private static PublicError As(FaultException fault)
    {
        var code = fault.Fault switch
        {
            BundleFault.DigestMismatch => VerdictCode.DigestMismatch,
            BundleFault.RootMismatch => VerdictCode.SubjectMismatch,
            _ => VerdictCode.MalformedBundle,
        };
        return Verdict.Malformed(code, $"{fault.Message} ({BundleFaults.NameOf(fault.Fault)})").ToError();
    }
}
