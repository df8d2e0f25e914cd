using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>libseccomp 2.5 (<c>libseccomp.so.2</c>): compiles filters of system calls. Optional: see <see cref="IsAvailable"/>.</summary>
internal static unsafe partial class LibSeccomp
{
    private const string Library = "libseccomp.so.2";

    /// <summary>A name that the library doesn't know (<c>__NR_SCMP_ERROR</c>).</summary>
    public const int UnknownCall = -1;

    private const int AttributeNoNewPrivileges = 3;

    /// <summary>Whether the library is there.</summary>
    public static bool IsAvailable
    {
        get
        {
            if (!NativeLibrary.TryLoad(Library, out var handle))
                return false;
            NativeLibrary.Free(handle);
            return true;
        }
    }

    /// <summary>The library's version, which decides how a filter is compiled.</summary>
    public static Version LibraryVersion
    {
        get
        {
            var version = seccomp_version();
            return version is null ? new(0, 0) : new((int)version[0], (int)version[1], (int)version[2]);
        }
    }

    /// <summary>A new filter with the native architecture.</summary>
    public static nint Create(uint defaultAction)
    {
        var filter = seccomp_init(defaultAction);
        if (filter == 0)
            LinuxError.Throw("seccomp_init", errno: Errno.EINVAL);
        // The one who loads the filter decides about no_new_privs.
        Check(seccomp_attr_set(filter, AttributeNoNewPrivileges, 0), "seccomp_attr_set");
        return filter;
    }

    /// <summary>Frees a filter.</summary>
    public static void Release(nint filter) => seccomp_release(filter);

    /// <summary>The library's number of an architecture (<c>x86_64</c>), 0 when it doesn't know it.</summary>
    public static uint ResolveArchitecture(string name) => seccomp_arch_resolve_name(name);

    /// <summary>Adds an architecture; one that is there stays.</summary>
    public static void AddArchitecture(nint filter, uint architecture)
    {
        var error = seccomp_arch_add(filter, architecture);
        if (-error != Errno.EEXIST)
            Check(error, "seccomp_arch_add");
    }

    /// <summary>The number of a system call on the native architecture, or <see cref="UnknownCall"/>; pseudo numbers are below.</summary>
    public static int ResolveCall(string name) => seccomp_syscall_resolve_name(name);

    /// <summary>Adds a rule for all architectures.</summary>
    public static void AddRule(nint filter, uint action, int call, ReadOnlySpan<SeccompCompare> conditions)
    {
        fixed (SeccompCompare* array = conditions)
        {
            var error = seccomp_rule_add_array(filter, action, call, (uint)conditions.Length, array);
            // The same rule twice is one rule.
            if (-error != Errno.EEXIST)
                Check(error, "seccomp_rule_add_array");
        }
    }

    /// <summary>Writes the filter as an array of <c>struct sock_filter</c>.</summary>
    public static void Export(nint filter, SafeFileHandle file) =>
        Check(seccomp_export_bpf(filter, file), "seccomp_export_bpf");

    private static void Check(int error, string operation)
    {
        if (error < 0)
            LinuxError.Throw(operation, errno: -error);
    }

    [LibraryImport(Library)]
    private static partial uint* seccomp_version();

    [LibraryImport(Library)]
    private static partial nint seccomp_init(uint defaultAction);

    [LibraryImport(Library)]
    private static partial void seccomp_release(nint filter);

    [LibraryImport(Library)]
    private static partial int seccomp_attr_set(nint filter, int attribute, uint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint seccomp_arch_resolve_name(string name);

    [LibraryImport(Library)]
    private static partial int seccomp_arch_add(nint filter, uint architecture);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(Library)]
    private static partial int seccomp_rule_add_array(
        nint filter,
        uint action,
        int call,
        uint count,
        SeccompCompare* array
    );

    [LibraryImport(Library)]
    private static partial int seccomp_export_bpf(nint filter, SafeFileHandle file);
}

/// <summary><c>struct scmp_arg_cmp</c>.</summary>
/// <param name="Argument">Which argument.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="First">What it is compared with, or the mask.</param>
/// <param name="Second">What a masked argument is compared with.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SeccompCompare(uint Argument, int Operator, ulong First, ulong Second);
