using System.Text;
using Oci.Errors;
using Trust.Attestations;
using Trust.Policies;

namespace Trust.Tests.Policies;

public sealed class PolicyTests
{
    [Theory]
    [InlineData("\"suites\":[\"CT-SIG-01\",\"CT-SIG-02\"]", "/suites/1")]
    [InlineData("\"identities\":[]", "/identities")]
    [InlineData("\"provenance\":{}", "/provenance")]
    [InlineData("\"sbom\":{}", "/sbom")]
    [InlineData("\"maxAge\":\"90d\"", "/maxAge")]
    [InlineData("\"images\":{\"pins\":{}}", "/images/pins")]
    public void Parse_demand_that_nothing_judges_yet_is_refused_never_ignored(string member, string pointer)
    {
        var error = Refused($"{{\"version\":1,{member}}}");
        error.Message.Should().Contain(pointer).And.Contain("not supported yet");
    }

    [Theory]
    [InlineData("{}", "missing: version")]
    [InlineData("{\"version\":2}", "/version")]
    [InlineData("{\"version\":\"1\"}", "/version")]
    [InlineData("{\"version\":1,\"mode\":\"lax\"}", "/mode")]
    [InlineData("{\"version\":1,\"Mode\":\"strict\"}", "/Mode: no such member")]
    [InlineData("{\"version\":1,\"requiredPredicate\":[]}", "/requiredPredicate: no such member")]
    [InlineData("{\"version\":1,\"requiredPredicates\":[\"sbom\"]}", "/requiredPredicates/0")]
    [InlineData("{\"version\":1,\"requiredPredicates\":\"x\"}", "/requiredPredicates")]
    [InlineData("{\"version\":1,\"allowedSigners\":[]}", "/allowedSigners")]
    [InlineData("{\"version\":1,\"allowedSigners\":[\"release\"]}", "/allowedSigners/0")]
    [InlineData("{\"version\":1,\"threshold\":\"\"}", "/threshold")]
    [InlineData("{\"version\":1,\"logQuorum\":-1}", "/logQuorum")]
    [InlineData("{\"version\":1,\"suites\":[]}", "/suites")]
    [InlineData("{\"version\":1,\"suites\":[\"none\"]}", "/suites/0")]
    [InlineData("{\"version\":1,\"registries\":{\"allow\":[]}}", "/registries/allow")]
    [InlineData("{\"version\":1,\"images\":{\"blocked\":[\"*:latest\",\"\"]}}", "/images/blocked/1")]
    [InlineData("{\"version\":1,\"images\":{\"allowed\":[\"a b\"]}}", "/images/allowed/0")]
    [InlineData("{\"version\":1,\"run\":{\"privilegd\":false}}", "/run/privilegd")]
    [InlineData("{\"version\":1,\"run\":{\"user\":\"root\"}}", "/run/user")]
    [InlineData("{\"version\":1,\"run\":{\"pids\":0}}", "/run/pids")]
    [InlineData("{\"version\":1,\"run\":{\"memory\":\"much\"}}", "/run/memory")]
    [InlineData("{\"version\":1,\"run\":{\"memory\":\"0\"}}", "/run/memory")]
    [InlineData("{\"version\":1,\"run\":{\"memory\":\"-1MiB\"}}", "/run/memory")]
    [InlineData("{\"version\":1,\"run\":{\"memory\":\"99999999999TiB\"}}", "/run/memory")]
    [InlineData("{\"version\":1,\"run\":{\"capabilities\":[\"net raw\"]}}", "/run/capabilities/0")]
    [InlineData("{\"version\":1,\"run\":{\"hostPaths\":[\"srv/**\"]}}", "/run/hostPaths/0")]
    [InlineData("{\"version\":1,\"run\":{\"devices\":[\"\"]}}", "/run/devices/0")]
    [InlineData("{\"version\":1,\"version\":1}", "/version: the member stands twice")]
    [InlineData("[]", "another type")]
    [InlineData("null", "null")]
    public void Parse_what_is_not_valid_is_refused_with_its_place(string json, string place) =>
        Refused(json).Message.Should().Contain(place);

    [Fact]
    public void Parse_allowed_signers_beside_a_threshold_are_refused() =>
        Refused($"{{\"version\":1,\"threshold\":\"t\",\"allowedSigners\":[\"{Case.Releaser.Id}\"]}}")
            .Pointer.Should()
            .Be("/threshold");

    [Fact]
    public void Parse_what_a_file_leaves_out_is_the_built_in_demand()
    {
        var policy = Parse("{\"version\":1}");
        policy.Mode.Should().Be(PolicyMode.Strict);
        policy.RequiredPredicates.Should().Equal(PredicateTypes.SlsaProvenance, PredicateTypes.Spdx);
        policy.AllowedSuites.Should().Equal(Suites.Ed25519);
        policy.LogQuorum.Should().BeNull();
        policy.Run.Should().BeNull();
        policy.IsBuiltIn.Should().BeFalse();
        RunRules.For(policy, RunOrigin.Remote).Should().BeSameAs(RunRules.BuiltIn);
        RunRules.For(policy, RunOrigin.CommandLine).Should().BeNull();
        RunRules.For(policy, default).Should().BeSameAs(RunRules.BuiltIn, "an origin that nobody set is a remote one");
    }

    [Fact]
    public void Parse_run_that_leaves_members_out_has_the_built_in_ones()
    {
        var run = Parse("{\"version\":1,\"run\":{\"memory\":\"512MiB\",\"capabilities\":[\"CAP_NET_RAW\"]}}").Run!;
        run.Memory.Should().Be(512L << 20);
        run.Capabilities.Should().Equal("NET_RAW");
        (run with { Memory = null, Capabilities = RunRules.DefaultCapabilities })
            .Should()
            .BeEquivalentTo(RunRules.BuiltIn);
    }

    [Fact]
    public void RunRules_written_read_back_as_they_were()
    {
        var run = new RunRules
        {
            Privileged = true,
            Capabilities = [],
            HostNetwork = true,
            HostPaths = ["/srv/**"],
            Devices = ["/dev/fuse"],
            NonRoot = true,
            ReadOnlyRootfs = true,
            Memory = (512L << 20) + 1,
            Pids = 7,
        };
        using var document = System.Text.Json.JsonDocument.Parse(run.ToJson().ToJsonString());
        RunRules.Parse(document.RootElement).Should().BeEquivalentTo(run);
        using var builtIn = System.Text.Json.JsonDocument.Parse(RunRules.BuiltIn.ToJson().ToJsonString());
        RunRules.Parse(builtIn.RootElement).Should().BeEquivalentTo(RunRules.BuiltIn);
        using var bad = System.Text.Json.JsonDocument.Parse("{\"pids\":\"many\"}");
        var parse = () => RunRules.Parse(bad.RootElement);
        parse.Should().Throw<PublicError>().WithMessage("*/pids*");
    }

    [Fact]
    public void Strict_its_bytes_are_a_policy_file_that_says_the_same()
    {
        var file = Policy.Parse(Policy.Strict.ToBytes());
        file.RequiredPredicates.Should().Equal(Policy.Strict.RequiredPredicates);
        file.Mode.Should().Be(PolicyMode.Strict);
        file.Digest.Should().Be(Policy.Strict.Digest);
    }

    [Fact]
    public void LoadOrStrict_no_file_is_the_built_in_policy_and_a_damaged_one_an_error()
    {
        using var directory = new TemporaryDirectory();
        Policy.LoadOrStrict(directory["policy.json"]).Should().BeSameAs(Policy.Strict);
        File.WriteAllText(directory["policy.json"], "{\"version\":1");
        var load = () => Policy.LoadOrStrict(directory["policy.json"]);
        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
        File.WriteAllBytes(directory["policy.json"], new byte[(1 << 20) + 1]);
        load.Should().Throw<PublicError>().WithMessage("*longer*");
        var none = () => Policy.Load(directory["none.json"]);
        none.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
    }

    private static Policy Parse(string json) => Policy.Parse(Encoding.UTF8.GetBytes(json));

    private static PublicError Refused(string json)
    {
        var parse = () => Parse(json);
        var error = parse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.Config);
        return error;
    }
}
