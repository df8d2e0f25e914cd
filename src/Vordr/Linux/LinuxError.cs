using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Oci.Errors;

namespace Vordr.Linux;

/// <summary>
/// A system call that failed: which, on what, and its error number. An <see cref="IOException"/>, so that code which
/// only cares about "the system refused" catches both ours and the framework's. It is internal detail: its message
/// may name paths, and never leaves the process as it stands.
/// </summary>
internal sealed class LinuxError : IOException
{
    private LinuxError(string operation, string? target, int errno)
        : base(Describe(operation, target, errno))
    {
        Operation = operation;
        Target = target;
        Number = errno;
    }

    /// <summary>The system call, e.g. <c>mount</c>.</summary>
    public string Operation { get; }

    /// <summary>What it was called on, or null.</summary>
    public string? Target { get; }

    /// <summary>The error number, one of <see cref="Errno"/>.</summary>
    public int Number { get; }

    /// <summary>
    /// The exception for a failed call: <see cref="ErrorId.NoSpace"/> for a full disk or quota, which people must see
    /// as what it is wherever it happens, else a <see cref="LinuxError"/>.
    /// </summary>
    /// <param name="operation">The system call.</param>
    /// <param name="target">What it was called on.</param>
    /// <param name="errno">The error number; when left out, the last one that P/Invoke saved on this thread.</param>
    public static Exception Of(string operation, string? target = null, int? errno = null)
    {
        var error = new LinuxError(operation, target, errno ?? Marshal.GetLastPInvokeError());
        return error.Number is Errno.ENOSPC or Errno.EDQUOT
            ? new PublicError(
                ErrorId.NoSpace,
                "The disk is full: the operation was undone.",
                error,
                "free space on the file system that holds the state directory, then try again"
            )
            : error;
    }

    /// <summary>Throws what <see cref="Of"/> makes.</summary>
    [DoesNotReturn]
    public static void Throw(string operation, string? target = null, int? errno = null) =>
        throw Of(operation, target, errno);

    /// <summary>Returns <paramref name="result"/> unless it is negative: then the call failed and throws.</summary>
    public static int Check(int result, string operation, string? target = null) =>
        result < 0 ? throw Of(operation, target) : result;

    /// <summary>As <see cref="Check(int, string, string?)"/>, for calls that return a size.</summary>
    public static nint Check(nint result, string operation, string? target = null) =>
        result < 0 ? throw Of(operation, target) : result;

    private static string Describe(string operation, string? target, int errno) =>
        target is null
            ? $"{operation}: {Errno.Name(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})"
            : $"{operation} '{target}': {Errno.Name(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})";
}
