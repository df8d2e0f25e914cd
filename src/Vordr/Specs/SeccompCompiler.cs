using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Oci.Runtime;
using Vordr.Linux;

namespace Vordr.Specs;

/// <summary>
/// Compiles a filter of system calls to BPF, as crun and runc would at every start: most of a start's time. crun takes
/// the result by an annotation. Compiled once for a profile, kept by digest in a directory of ours.
/// </summary>
/// <param name="cacheDirectory">Where results are kept.</param>
internal sealed class SeccompCompiler(string cacheDirectory)
{
    /// <summary>crun's annotation: base64 of an array of <c>struct sock_filter</c>, used in place of the profile.</summary>
    public const string Annotation = "run.oci.seccomp_bpf_data";

    /// <summary>The largest filter that the kernel takes, <c>BPF_MAXINSNS</c> instructions of 8 bytes.</summary>
    private const int LargestFilter = 4096 * 8;

    private const uint Errno = 0x00050000;

    /// <summary>The compiled filter, or null where it can't be compiled here: then the runtime does it.</summary>
    public byte[]? TryCompile(SeccompProfile profile)
    {
        // A notifying filter needs its listener, which goes with the profile; flags go with seccomp(2).
        if (profile.Flags is { Count: > 0 } || !LibSeccomp.IsAvailable)
            return null;
        var file = Path.Combine(cacheDirectory, $"{Key(profile)}.bpf");
        if (TryRead(file) is { } known)
            return known;
        if (Compile(profile) is not { } compiled)
            return null;
        Keep(file, compiled);
        return compiled;
    }

    /// <summary>Compiles, in the order and with the grouping of crun's own code, so that both give one verdict.</summary>
    internal static byte[]? Compile(SeccompProfile profile)
    {
        if (Action(profile.DefaultAction, profile.DefaultErrnoRet) is not { } standard)
            return null;
        var filter = LibSeccomp.Create(standard);
        try
        {
            foreach (var name in profile.Architectures ?? [])
            {
                var architecture = LibSeccomp.ResolveArchitecture(ArchitectureName(name));
                if (architecture == 0)
                    return null;
                LibSeccomp.AddArchitecture(filter, architecture);
            }
            foreach (var rule in profile.Syscalls ?? [])
            {
                if (Action(rule.Action, rule.ErrnoRet) is not { } action)
                    return null;
                // The library refuses a rule that says what is said already.
                if (action != standard && !TryAdd(filter, rule, action))
                    return null;
            }
            using var memory = Descriptors.MemoryFile("seccomp");
            LibSeccomp.Export(filter, memory);
            return ReadAll(memory);
        }
        finally
        {
            LibSeccomp.Release(filter);
        }
    }

    private static bool TryAdd(nint filter, SeccompRule rule, uint action)
    {
        var conditions = new List<SeccompCompare>();
        foreach (var argument in rule.Args ?? [])
        {
            if (Operator(argument.Op) is not { } comparison)
                return false;
            conditions.Add(new(argument.Index, comparison, argument.Value, argument.ValueTwo));
        }
        // Conditions on one argument can't all hold: they are alternatives, each a rule.
        var alternatives = conditions.GroupBy(condition => condition.Argument).Any(group => group.Count() > 1);
        foreach (var name in rule.Names)
        {
            var call = LibSeccomp.ResolveCall(name);
            if (call == LibSeccomp.UnknownCall)
                continue;
            if (!alternatives)
            {
                LibSeccomp.AddRule(filter, action, call, [.. conditions]);
                continue;
            }
            foreach (var condition in conditions)
                LibSeccomp.AddRule(filter, action, call, [condition]);
        }
        return true;
    }

    // SCMP_ACT_… of seccomp.h; TRACE and NOTIFY need a listener and are left to the runtime.
    private static uint? Action(string name, uint? errno) =>
        name switch
        {
            "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => 0x00000000,
            "SCMP_ACT_KILL_PROCESS" => 0x80000000,
            "SCMP_ACT_TRAP" => 0x00030000,
            "SCMP_ACT_ERRNO" => Errno | (errno ?? Linux.Errno.EPERM),
            "SCMP_ACT_LOG" => 0x7ffc0000,
            "SCMP_ACT_ALLOW" => 0x7fff0000,
            _ => null,
        };

    private static int? Operator(string name) =>
        name switch
        {
            "SCMP_CMP_NE" => 1,
            "SCMP_CMP_LT" => 2,
            "SCMP_CMP_LE" => 3,
            "SCMP_CMP_EQ" => 4,
            "SCMP_CMP_GE" => 5,
            "SCMP_CMP_GT" => 6,
            "SCMP_CMP_MASKED_EQ" => 7,
            _ => null,
        };

    private static string ArchitectureName(string name) =>
        name.Replace("SCMP_ARCH_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Key(SeccompProfile profile)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(profile, RuntimeJson.Default.SeccompProfile);
        return $"{LibSeccomp.LibraryVersion}-{Convert.ToHexStringLower(SHA256.HashData(text))}";
    }

    /// <summary>A result and the digest that follows it; one that was cut off or changed is compiled again.</summary>
    private static byte[]? TryRead(string file)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (IOException)
        {
            return null;
        }
        var length = content.Length - SHA256.HashSizeInBytes;
        return
            length is > 0 and <= LargestFilter
            && SHA256.HashData(content.AsSpan(0, length)).AsSpan().SequenceEqual(content.AsSpan(length))
            ? content[..length]
            : null;
    }

    private void Keep(string file, byte[] compiled)
    {
        try
        {
            Directory.CreateDirectory(cacheDirectory);
            var temporary = $"{file}.{Guid.NewGuid():N}";
            File.WriteAllBytes(temporary, [.. compiled, .. SHA256.HashData(compiled)]);
            File.Move(temporary, file, overwrite: true);
        }
        // A cache that can't be kept costs time, and nothing else.
        catch (Exception full) when (full is IOException or PublicError or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static byte[] ReadAll(SafeFileHandle memory)
    {
        var content = new byte[RandomAccess.GetLength(memory)];
        var length = 0;
        while (
            length < content.Length && RandomAccess.Read(memory, content.AsSpan(length), length) is > 0 and var count
        )
            length += count;
        return content[..length];
    }
}
