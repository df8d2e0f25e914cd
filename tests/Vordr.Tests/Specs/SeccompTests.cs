using System.Runtime.InteropServices;
using Oci.Errors;
using Oci.Runtime;
using Vordr.Linux;
using Vordr.Specs;
using Vordr.Tests.Runtimes;

namespace Vordr.Tests.Specs;

public sealed class SeccompTests
{
    private const uint X64 = 0xc000003e;
    private const uint Allow = 0x7fff0000;
    private const uint Errno = 0x00050000;

    [Fact]
    public void Load_without_a_profile_refuses()
    {
        var load = () => SeccompTemplate.Load(["/nonexistent/seccomp.json"]);

        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}")]
    [InlineData("{\"defaultAction\":\"A\",\"defaultAction\":\"B\",\"syscalls\":[]}")]
    public void Load_malformed_profile_refuses(string text)
    {
        var file = Path.Combine(Path.GetTempPath(), $"vordr-{Guid.NewGuid():N}.json");
        File.WriteAllText(file, text);
        try
        {
            var load = () => SeccompTemplate.Load([file]);

            load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Profile_unknown_error_name_refuses()
    {
        var template = new SeccompTemplate
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            DefaultErrno = "EWHATEVER",
            Syscalls = [],
        };

        var profile = () => template.ToProfile([], Architecture.X64, new Version(6, 1));

        profile.Should().Throw<PublicError>();
    }

    [Fact]
    public void Profile_rules_hold_by_capability_architecture_and_kernel()
    {
        var template = new SeccompTemplate
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            DefaultErrno = "ENOSYS",
            ArchMap = [new("SCMP_ARCH_X86_64", ["SCMP_ARCH_X86", "SCMP_ARCH_X32"])],
            Syscalls =
            [
                Rule("always", null, null),
                Rule("with-admin", new() { Caps = ["CAP_SYS_ADMIN"] }, null),
                Rule("without-admin", null, new() { Caps = ["CAP_SYS_ADMIN"] }),
                Rule("on-arm", new() { Arches = ["arm64"] }, null),
                Rule("new-kernel", new() { MinKernel = "6.0" }, null),
            ],
        };

        string[] Names(string[] capabilities, Architecture architecture, string kernel) =>
            [
                .. template
                    .ToProfile(capabilities, architecture, Version.Parse(kernel))
                    .Syscalls!.Select(rule => rule.Names[0]),
            ];

        Names([], Architecture.X64, "5.10").Should().Equal("always", "without-admin");
        Names(["CAP_SYS_ADMIN"], Architecture.Arm64, "6.1")
            .Should()
            .Equal("always", "with-admin", "on-arm", "new-kernel");
        var profile = template.ToProfile([], Architecture.X64, new Version(5, 10));
        profile.Architectures.Should().Equal("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
        profile.DefaultErrnoRet.Should().Be(38);
    }

    [Fact]
    public async Task Compiled_filter_is_byte_for_byte_what_crun_compiles()
    {
        await using var host = new ContainerHost("crun");
        var input = host.Input("c1", "true");
        var spec = new SpecBuilder(host.Program, host.Cgroups).Build(input).Spec;
        await host.CreateAsync(input, spec);

        var theirs = await File.ReadAllBytesAsync(Path.Combine(host.Root, "oci/crun/c1/seccomp.bpf"));

        SeccompCompiler.Compile(spec.Linux.Seccomp!).Should().Equal(theirs);
    }

    [Theory]
    [InlineData()]
    [InlineData("CAP_SYS_ADMIN", "CAP_AUDIT_WRITE")]
    public void Compiled_filter_gives_the_profiles_verdict_for_every_call_and_argument(params string[] more)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "numbers of x86-64");
        Assert.SkipUnless(LibSeccomp.IsAvailable, "needs libseccomp");
        var profile = SeccompTemplate
            .Load()
            .ToProfile([.. CapabilityNames.Default, .. more], Architecture.X64, Environment.OSVersion.Version);
        var program = SeccompCompiler.Compile(profile)!;
        var rules = profile
            .Syscalls!.SelectMany(rule => rule.Names.Select(name => (Call: LibSeccomp.ResolveCall(name), Rule: rule)))
            .Where(entry => entry.Call >= 0)
            .ToLookup(entry => entry.Call, entry => entry.Rule);
        rules.Count.Should().BeGreaterThan(300);

        for (var call = 0; call < 600; call++)
        {
            var mine = rules[call].ToList();
            ulong[] values =
            [
                .. mine.SelectMany(rule => rule.Args ?? [])
                    .SelectMany(argument => new[] { argument.Value - 1, argument.Value, argument.Value + 1 })
                    .Concat(new ulong[] { 0, 1, uint.MaxValue, ulong.MaxValue, 1UL << 32 })
                    .Distinct(),
            ];
            var positions = mine.SelectMany(rule => rule.Args ?? [])
                .Select(argument => argument.Index)
                .Distinct()
                .ToList();
            foreach (var arguments in Combinations(positions, values))
                ClassicBpf
                    .Run(program, X64, call, arguments)
                    .Should()
                    .Be(Expected(profile, mine, arguments), $"call {call} with {string.Join(',', arguments)}");
        }
        // An architecture that isn't in the profile has no call at all.
        ClassicBpf.Run(program, 0xc00000b7, 0, [0]).Should().Be(0);
    }

    [Fact]
    public void Cache_damaged_entry_is_compiled_again()
    {
        Assert.SkipUnless(LibSeccomp.IsAvailable, "needs libseccomp");
        var directory = Path.Combine(Path.GetTempPath(), $"vordr-{Guid.NewGuid():N}");
        try
        {
            var compiler = new SeccompCompiler(directory);
            var profile = SeccompTemplate.Load().ToProfile([], Architecture.X64, new Version(6, 1));
            var first = compiler.TryCompile(profile)!;
            var file = Directory.GetFiles(directory).Should().ContainSingle().Which;
            var content = File.ReadAllBytes(file);
            content[3] ^= 1;
            File.WriteAllBytes(file, content);

            compiler.TryCompile(profile).Should().Equal(first);
            File.WriteAllBytes(file, content[..5]);
            compiler.TryCompile(profile).Should().Equal(first);
            compiler.TryCompile(profile).Should().Equal(first);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Compile_what_needs_a_listener_is_left_to_the_runtime()
    {
        Assert.SkipUnless(LibSeccomp.IsAvailable, "needs libseccomp");
        var profile = new SeccompProfile
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls = [new() { Names = ["mount"], Action = "SCMP_ACT_NOTIFY" }],
        };

        SeccompCompiler.Compile(profile).Should().BeNull();
    }

    private static uint Expected(SeccompProfile profile, List<SeccompRule> rules, ulong[] arguments)
    {
        // The stock profile says two things of a few calls (setns): the library keeps the rule that it heard first.
        var first = rules.FirstOrDefault(rule =>
            (rule.Args ?? []).All(argument => Holds(argument, arguments[argument.Index]))
        );
        if (first is null)
            return Errno | profile.DefaultErrnoRet!.Value;
        return first.Action == "SCMP_ACT_ALLOW" ? Allow : Errno | (first.ErrnoRet ?? 1);
    }

    private static bool Holds(SeccompArgument argument, ulong value) =>
        argument.Op switch
        {
            "SCMP_CMP_EQ" => value == argument.Value,
            "SCMP_CMP_NE" => value != argument.Value,
            "SCMP_CMP_MASKED_EQ" => (value & argument.Value) == argument.ValueTwo,
            _ => throw new InvalidDataException(argument.Op),
        };

    private static IEnumerable<ulong[]> Combinations(List<uint> positions, ulong[] values)
    {
        IEnumerable<ulong[]> all = [new ulong[6]];
        foreach (var position in positions)
            all = all.SelectMany(arguments =>
                values.Select(value =>
                {
                    var copy = (ulong[])arguments.Clone();
                    copy[position] = value;
                    return copy;
                })
            );
        return all;
    }

    private static SeccompTemplateRule Rule(string name, SeccompCondition? includes, SeccompCondition? excludes) =>
        new()
        {
            Names = [name],
            Action = "SCMP_ACT_ALLOW",
            Includes = includes,
            Excludes = excludes,
        };
}
