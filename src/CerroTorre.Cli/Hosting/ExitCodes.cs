using Oci.Errors;
using Trust.Verdicts;

namespace CerroTorre.Cli.Hosting;

/// <summary>Exit codes of <c>ct</c>: those of verdicts stand in <see cref="VerdictCode"/>, the rest of the one table here.</summary>
internal static class ExitCodes
{
    /// <summary>Done; of <c>verify</c>: verified.</summary>
    public const int Ok = VerdictCode.Verified;

    /// <summary>A bug of ours (sysexits' EX_SOFTWARE).</summary>
    public const int Internal = 70;

    /// <summary>Interrupted, as shells say it.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code of an error.</summary>
    public static int Of(PublicError error)
    {
        if (error.Verdict?["code"]?.GetValue<string>() is { } code)
            return VerdictCode.Find(code).ExitCode;
        return error.Id switch
        {
            var id when id == ErrorId.BundleMalformed => VerdictCode.Find(VerdictCode.MalformedBundle).ExitCode,
            var id when id == ErrorId.DigestMismatch => VerdictCode.Find(VerdictCode.DigestMismatch).ExitCode,
            var id when id == ErrorId.PolicyDenied => VerdictCode.Find(VerdictCode.PolicyDenied).ExitCode,
            var id
                when id == ErrorId.NotFound
                    || id == ErrorId.Forbidden
                    || id == ErrorId.State
                    || id == ErrorId.NoSpace => VerdictCode.InputOutput,
            var id when id == ErrorId.Internal => Internal,
            _ => VerdictCode.Usage,
        };
    }
}
