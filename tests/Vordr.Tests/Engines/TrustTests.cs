using System.Text;
using Oci.Errors;
using Trust.Policies;
using Trust.Verdicts;
using Vordr.Containers;
using Vordr.Storage;

namespace Vordr.Tests.Engines;

public sealed class TrustTests
{
    private static readonly Caller Remote = new(Origin.Remote, "agent");

    [Fact]
    public async Task Load_unsigned_copy_of_what_was_just_allowed_is_refused()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var unsigned = await host.Publisher.PackAsync(signed: false);

        var load = () => host.LoadFileAsync(unsigned);

        var error = (await load.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.PolicyDenied);
        error.Verdict!["code"]!.GetValue<string>().Should().Be(VerdictCode.MissingAttestation);
        (await host.Engine.ImagesAsync(new(Caller.CommandLine))).Should().ContainSingle();
    }

    [Fact]
    public async Task Load_refused_bundle_leaves_no_file_and_its_decision_is_told()
    {
        await using var host = new EngineHost();
        var unsigned = await host.Publisher.PackAsync(signed: false);

        var load = () => host.LoadFileAsync(unsigned);

        await load.Should().ThrowAsync<PublicError>();
        StoredFiles(host).Should().BeEmpty();
        var decision = await host.Engine.ExplainAsync(new(Caller.CommandLine));
        decision.Operation.Should().Be("load");
        decision.Subject.Should().Be("box:1");
        decision.Verdict.Allowed.Should().BeFalse();
    }

    [Fact]
    public async Task Load_layer_that_was_changed_is_refused_and_leaves_no_file()
    {
        await using var host = new EngineHost();
        var file = await host.Publisher.PackAsync();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^2048] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var load = () => host.LoadFileAsync(file);

        (await load.Should().ThrowAsync<PublicError>())
            .Which.Id.Should()
            .BeOneOf(ErrorId.DigestMismatch, ErrorId.BundleMalformed);
        StoredFiles(host).Should().BeEmpty();
        (await host.Engine.ExplainAsync(new(Caller.CommandLine))).Verdict.Allowed.Should().BeFalse();
    }

    [Fact]
    public async Task Load_sent_copy_of_a_stored_bundle_that_was_changed_in_a_layer_is_refused()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var bytes = await File.ReadAllBytesAsync(await host.Publisher.PackAsync());
        using var same = new MemoryStream(bytes);
        (await host.Engine.LoadAsync(new(Remote, same))).Known.Should().BeTrue();
        var changed = (byte[])bytes.Clone();
        changed[^2048] ^= 1;
        using var sent = new MemoryStream(changed);

        var load = () => host.Engine.LoadAsync(new(Remote, sent));

        (await load.Should().ThrowAsync<PublicError>())
            .Which.Id.Should()
            .BeOneOf(ErrorId.DigestMismatch, ErrorId.BundleMalformed);
        (await host.Engine.ImagesAsync(new(Caller.CommandLine))).Should().ContainSingle();
    }

    [Fact]
    public async Task Load_without_a_trust_store_says_how_to_make_one()
    {
        await using var host = new EngineHost();
        File.Delete(Path.Join(host.Config, "trust-store.json"));
        var file = await host.Publisher.PackAsync();

        var load = () => host.LoadFileAsync(file);

        var error = (await load.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.PolicyDenied);
        error.Suggestions.Should().Contain(suggestion => suggestion.Contains("ct trust init"));
    }

    [Fact]
    public async Task Load_same_bundle_again_reads_no_layer_and_says_so()
    {
        await using var host = new EngineHost();
        var first = await host.LoadAsync();
        var file = await host.Publisher.PackAsync();
        await using var content = File.OpenRead(file);
        using var cut = new MemoryStream();
        // All layers are stored: what follows the manifests isn't looked at.
        await content.CopyToAsync(cut);
        cut.SetLength(cut.Length - 4096);
        cut.Position = 0;

        var again = await host.Engine.LoadAsync(new(Caller.CommandLine, cut));

        first.Known.Should().BeFalse();
        again.Known.Should().BeTrue();
        again.BundleDigest.Should().Be(first.BundleDigest);
        again.ImageDigest.Should().Be(first.ImageDigest);
    }

    [Fact]
    public async Task Create_and_start_judge_again_when_the_signer_is_no_longer_trusted()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var created = await host.Engine.CreateAsync(EngineHost.Create("sleep 60"));
        var stranger = new TestPublisher(Path.Join(host.Config, "stranger"));
        stranger.Store().Save(Path.Join(host.Config, "trust-store.json"));

        var create = () => host.Engine.CreateAsync(EngineHost.Create("sleep 60"));
        var start = () => host.Engine.StartAsync(new(Caller.CommandLine, created.Container.Name));

        (await create.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.PolicyDenied);
        (await start.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.PolicyDenied);
        var left = await host.Engine.InspectAsync(new(Caller.CommandLine, created.Container.Name));
        left.Summary.State.Should().Be(ContainerState.Stopped);
        left.Summary.Reason.Should().Be(EndReason.PolicyDenied);
    }

    [Fact]
    public async Task Run_by_digest_runs_exactly_that_or_refuses()
    {
        await using var host = new EngineHost();
        var first = await host.LoadAsync();
        var second = await host.LoadAsync("box", "2");

        var byBundle = await host.Engine.CreateAsync(EngineHost.Create("true", image: first.BundleDigest.ToString()));
        var byRoot = await host.Engine.CreateAsync(EngineHost.Create("true", image: second.ImageDigest.ToString()));
        var byBoth = await host.Engine.CreateAsync(EngineHost.Create("true", image: $"box:1@{first.ImageDigest}"));
        var unknown = () =>
            host.Engine.CreateAsync(EngineHost.Create("true", image: $"box:1@sha256:{new string('0', 64)}"));

        byBundle.Container.BundleDigest.Should().Be(first.BundleDigest);
        byRoot.Container.BundleDigest.Should().Be(second.BundleDigest);
        byBoth.Container.BundleDigest.Should().Be(first.BundleDigest);
        (await unknown.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.NotFound);
    }

    [Fact]
    public async Task Remote_privileged_host_paths_and_host_namespaces_are_refused_and_leave_nothing()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        ContainerOptions[] forbidden =
        [
            new() { Network = "none", Privileged = true },
            new() { Network = "host" },
            new() { Network = "none", Volumes = [new VolumeMount("/etc", "/host")] },
            new() { Network = "none", CapAdd = ["SYS_ADMIN"] },
            new() { Network = "none", PidsLimit = 1_000_000 },
        ];

        foreach (var options in forbidden)
        {
            var request = EngineHost.Create("true", options) with { Caller = Remote };
            var create = () => host.Engine.CreateAsync(request);
            var error = (await create.Should().ThrowAsync<PublicError>(options.ToString())).Which;
            error.Id.Should().Be(ErrorId.PolicyDenied, options.ToString());
        }
        (await host.Engine.ListAsync(new(Remote) { All = true })).Should().BeEmpty();
        Traces.Of(host).Should().BeEmpty();
        var decision = await host.Engine.ExplainAsync(new(Remote));
        decision.Verdict.Code.Should().Be(VerdictCode.PolicyDenied);
        decision.Principal.Should().Be("agent");
    }

    [Fact]
    public async Task Remote_falsy_members_pass()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var options = new ContainerOptions
        {
            Network = "none",
            Privileged = false,
            CapAdd = [],
            Devices = [],
        };

        var run = await host.Engine.RunAsync(
            new() { Create = EngineHost.Create("sleep 60", options) with { Caller = Remote } }
        );

        run.Container.State.Should().Be(ContainerState.Running);
    }

    [Fact]
    public async Task Constraints_of_a_gateway_are_enforced_beside_our_own()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var constraints = new RunRules { NonRoot = true };
        var request = EngineHost.Create("id -u") with { Caller = Remote, Constraints = constraints };

        var asRoot = () => host.Engine.CreateAsync(request);
        var asUser = await host.Engine.CreateAsync(request with { Options = request.Options with { User = "app" } });

        (await asRoot.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.PolicyDenied);
        asUser.Container.State.Should().Be(ContainerState.Created);
    }

    [Fact]
    public async Task Permissive_policy_lets_unsigned_pass_and_marks_it()
    {
        await using var host = new EngineHost();
        await File.WriteAllTextAsync(
            Path.Join(host.Config, "policy.json"),
            """{"version":1,"mode":"permissive","requiredPredicates":[]}"""
        );
        await host.LoadFileAsync(await host.Publisher.PackAsync(signed: false));

        var run = await host.RunAsync("sleep 60");

        run.Container.Unverified.Should().BeTrue();
        (await host.Engine.ListAsync(new(Caller.CommandLine))).Should().ContainSingle(c => c.Unverified);
        run.Verdict.StrictAllows.Should().BeFalse();
    }

    [Fact]
    public async Task Policy_file_that_is_malformed_refuses_everything()
    {
        await using var host = new EngineHost();
        await File.WriteAllTextAsync(Path.Join(host.Config, "policy.json"), "{");
        var file = await host.Publisher.PackAsync();

        var load = () => host.LoadFileAsync(file);

        (await load.Should().ThrowAsync<PublicError>()).Which.Id.Should().NotBe(ErrorId.Internal);
        StoredFiles(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Evidence_that_was_changed_on_disk_is_not_believed()
    {
        await using var host = new EngineHost();
        var loaded = await host.LoadAsync();
        var evidence = Path.Join(host.Options.Root, "bundles", loaded.BundleDigest.Hex, EvidenceFiles.Attestations);
        File.SetUnixFileMode(evidence, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(
            evidence,
            (await File.ReadAllTextAsync(evidence)).Replace("in-toto", "in-tata", StringComparison.Ordinal)
        );

        var create = () => host.Engine.CreateAsync(EngineHost.Create("true"));

        (await create.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.StateCorrupt);
    }

    [Fact]
    public async Task Evidence_for_a_gateway_is_what_was_stored()
    {
        await using var host = new EngineHost();
        var loaded = await host.LoadAsync();

        var evidence = await host.Engine.EvidenceAsync(new(Remote, "box:1"));
        var verified = await host.Engine.VerifyAsync(new() { Caller = Remote, Stored = "box" });

        evidence.BundleDigest.Should().Be(loaded.BundleDigest);
        Encoding.UTF8.GetString(evidence.Attestations.Span).Should().StartWith("{\"attestations\"");
        verified.Verdict.Allowed.Should().BeTrue();
        verified.ImageDigest.Should().Be(loaded.ImageDigest);
    }

    private static IEnumerable<string> StoredFiles(EngineHost host) =>
        new[] { "blobs", "bundles", "layers", "l" }
            .Select(name => Path.Join(host.Options.Root, name))
            .Where(Directory.Exists)
            .SelectMany(path => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories));
}
