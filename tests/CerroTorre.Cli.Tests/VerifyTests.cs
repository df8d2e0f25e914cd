namespace CerroTorre.Cli.Tests;

/// <summary><c>ct verify</c>: exit codes and what is said.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task Changed_layer_exits_1_though_every_signature_is_good()
    {
        using var stage = await Stage.WithBundleAsync();
        var bundle = await File.ReadAllBytesAsync(stage["web.ctp"]);
        var layer = Array.FindLastIndex(bundle, b => b != 0) - 4;
        bundle[layer] ^= 1;
        await File.WriteAllBytesAsync(stage["web.ctp"], bundle);

        var outcome = await stage.RunAsync("verify", stage["web.ctp"]);

        outcome.ShouldFail(1, "DIGEST_MISMATCH").Out.Should().Contain("✗ structure").And.Contain("✓ signatures");
        outcome.Error.Should().Contain("→ ");
    }

    [Fact]
    public async Task Other_file_exits_10()
    {
        using var stage = new Stage();
        await File.WriteAllTextAsync(stage["x"], new string('x', 2000));
        (await stage.RunAsync("verify", stage["x"])).ShouldFail(10, "not-a-bundle");
    }

    [Fact]
    public async Task Empty_standard_input_exits_10()
    {
        using var stage = new Stage();
        (await stage.RunAsync("verify", "-")).ShouldFail(10, "the file is empty");
    }

    [Fact]
    public async Task Unsigned_bundle_exits_5()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.PackAsync("unsigned.ctp", "--no-sign")).ShouldSucceed().Out.Should().Contain("nobody");
        (await stage.RunAsync("verify", stage["unsigned.ctp"])).ShouldFail(5, "MISSING_ATTESTATION");
    }

    [Fact]
    public async Task Bundle_of_a_stranger_exits_3()
    {
        using var stage = await Stage.WithBundleAsync();
        using var stranger = await Stage.WithBundleAsync();
        (await stage.RunAsync("verify", stranger["web.ctp"])).ShouldFail(3, "UNKNOWN_KEY");
    }

    [Fact]
    public async Task Rule_of_a_policy_exits_4()
    {
        using var stage = await Stage.WithBundleAsync();
        await File.WriteAllTextAsync(stage["policy.json"], """{"version":1,"images":{"blocked":["web:1.0"]}}""");
        (await stage.RunAsync("verify", stage["web.ctp"], "--policy", stage["policy.json"])).ShouldFail(
            4,
            "POLICY_DENIED"
        );
    }

    [Fact]
    public async Task Missing_file_exits_11_and_missing_argument_64()
    {
        using var stage = new Stage();
        (await stage.RunAsync("verify", stage["none"])).ShouldFail(11, "there is no file");
        (await stage.RunAsync("verify")).ShouldFail(64, "→ ct verify --help");
        (await stage.RunAsync("verify", stage["none"], "--trust-me")).ShouldFail(64, "--trust-me");
        (await stage.RunAsync("nonsense")).ShouldFail(64, "nonsense");
    }

    [Fact]
    public async Task Good_bundle_exits_0_from_a_file_and_from_a_pipe()
    {
        using var stage = await Stage.WithBundleAsync();
        stage.StandardInput = await File.ReadAllBytesAsync(stage["web.ctp"]);

        (await stage.RunAsync("verify", stage["web.ctp"]))
            .ShouldSucceed()
            .Out.Should()
            .Contain("✓ Verified: release of acme/web 1.0");
        (await stage.RunAsync("verify", "-")).ShouldSucceed().Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Json_is_the_verdict_on_standard_output_allowed_or_not()
    {
        using var stage = await Stage.WithBundleAsync();
        var good = (await stage.RunAsync("verify", stage["web.ctp"], "--json")).ShouldSucceed();
        good.Json["allowed"]!.GetValue<bool>().Should().BeTrue();
        good.Json["bundle"]!.GetValue<string>().Should().StartWith("sha256:");

        var bad = (await stage.RunAsync("--json", "verify", stage["rootfs/hello"])).ShouldFail(10, "MALFORMED_BUNDLE");
        bad.Json["code"]!.GetValue<string>().Should().Be("MALFORMED_BUNDLE");
        bad.Json["checks"]!.AsArray().Should().HaveCountGreaterThan(5);
    }

    [Fact]
    public async Task Platform_that_the_bundle_lacks_is_said()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.RunAsync("verify", stage["web.ctp"], "--platform", "linux/s390x")).ShouldFail(
            11,
            "no image for linux/s390x"
        );
        (await stage.RunAsync("verify", stage["web.ctp"], "--platform", "s390x")).ShouldFail(
            64,
            "write os/architecture"
        );
    }
}
