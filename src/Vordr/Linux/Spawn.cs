using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// Starts programs: posix_spawn(3). The child gets exactly the descriptors and the environment named, default signal
/// dispositions and an empty signal mask (.NET ignores SIGPIPE, and a child would inherit that).
/// </summary>
internal static unsafe partial class Spawn
{
    private const short SetSignalDefault = 0x04;
    private const short SetSignalMask = 0x08;

    // Sizes of glibc's and musl's types are 336 and 80 bytes: room for more.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalSetSize = 128;
    private const int SigPipe = 13;

    /// <summary>Starts <paramref name="path"/>; the caller must reap the child.</summary>
    /// <param name="path">Absolute path of the program: nothing is looked up.</param>
    /// <param name="arguments">Arguments, the first being the name.</param>
    /// <param name="environment">The whole environment, <c>NAME=value</c>.</param>
    /// <param name="descriptors">Number in the child → descriptor here. What isn't named is closed, if it is O_CLOEXEC.</param>
    /// <param name="workingDirectory">Working directory; <c>/</c> keeps nobody's mount busy.</param>
    /// <returns>The child's pid.</returns>
    /// <exception cref="IOException">The program could not be executed.</exception>
    public static int Start(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        IReadOnlyDictionary<int, SafeHandle> descriptors,
        string workingDirectory = "/"
    )
    {
        using var argumentBlock = new StringBlock(arguments);
        using var environmentBlock = new StringBlock(environment);
        var attributes = stackalloc byte[AttributesSize];
        var actions = stackalloc byte[ActionsSize];
        var signals = stackalloc byte[SignalSetSize];
        Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        var moved = new List<SafeFileHandle>(descriptors.Count);
        try
        {
            new Span<byte>(signals, SignalSetSize).Clear();
            Check(posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask");
            new Span<byte>(signals, SignalSetSize).Fill(0xff);
            Check(posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault");
            Check(posix_spawnattr_setflags(attributes, SetSignalDefault | SetSignalMask), "posix_spawnattr_setflags");
            Check(
                posix_spawn_file_actions_addchdir_np(actions, workingDirectory),
                "posix_spawn_file_actions_addchdir_np"
            );
            // Sources first go above every target: a dup2 must not overwrite one that is still needed.
            var floor = descriptors.Count == 0 ? 0 : descriptors.Keys.Max() + 1;
            foreach (var (target, source) in descriptors)
            {
                var copy = Descriptors.Duplicate(source, floor);
                moved.Add(copy);
                Check(
                    posix_spawn_file_actions_adddup2(actions, (int)copy.DangerousGetHandle(), target),
                    "posix_spawn_file_actions_adddup2"
                );
            }
            Check(
                posix_spawn(out var pid, path, actions, attributes, argumentBlock.Pointers, environmentBlock.Pointers),
                "posix_spawn",
                path
            );
            return pid;
        }
        finally
        {
            foreach (var copy in moved)
                copy.Dispose();
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Replaces this process by <paramref name="path"/> (execve(2)); returns only by throwing.</summary>
    public static void Replace(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        using var argumentBlock = new StringBlock(arguments);
        using var environmentBlock = new StringBlock(environment);
        // .NET ignores SIGPIPE; handlers go with the program, but what is ignored stays so.
        _ = signal(SigPipe, 0);
        LinuxError.Check(execve(path, argumentBlock.Pointers, environmentBlock.Pointers), "execve", path);
    }

    // The posix_spawn family returns the error number in place of setting errno.
    private static void Check(int error, string operation, string? target = null)
    {
        if (error != 0)
            LinuxError.Throw(operation, target, error);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        out int pid,
        string path,
        byte* actions,
        byte* attributes,
        byte** arguments,
        byte** environment
    );

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int execve(string path, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed class StringBlock : IDisposable
    {
        private readonly int count;

        public StringBlock(IReadOnlyList<string> strings)
        {
            count = strings.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
            for (var index = 0; index < count; index++)
                Pointers[index] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[index]);
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            for (var index = 0; index < count; index++)
                Marshal.FreeCoTaskMem((nint)Pointers[index]);
            NativeMemory.Free(Pointers);
        }
    }
}
