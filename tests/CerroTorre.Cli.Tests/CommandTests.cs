using System.Text.Json.Nodes;

namespace CerroTorre.Cli.Tests;

/// <summary>The other verbs, as people use them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Password_comes_from_a_file_or_the_terminal_and_is_never_shown()
    {
        using var stage = new Stage();
        (await stage.RunAsync("keygen")).ShouldFail(64, "--password-file FILE");
        stage.Typed = new Queue<string>(["secret", "other"]);
        (await stage.RunAsync("keygen")).ShouldFail(64, "the two passwords differ");
        stage.Typed = new Queue<string>(["secret", "secret"]);
        var made = (await stage.RunAsync("keygen")).ShouldSucceed();
        (made.Out + made.Error).Should().NotContain("secret");
        stage.Typed = null;
        (File.GetUnixFileMode(stage["home/keys/default.key"]) & (UnixFileMode)0b111_111).Should().Be(UnixFileMode.None);
        (await File.ReadAllTextAsync(stage["home/keys/default.key"])).Should().Contain("ENCRYPTED");

        (await stage.PackAsync("a.ctp")).ShouldFail(64, "no terminal to ask at");
        await File.WriteAllTextAsync(stage["wrong"], "wrong\n");
        (await stage.PackAsync("a.ctp", "--password-file", stage["wrong"])).ShouldFail(64, "the password is wrong");
        File.Exists(stage["a.ctp"]).Should().BeFalse();
        await File.WriteAllTextAsync(stage["right"], "secret\n");
        (await stage.PackAsync("a.ctp", "--password-file", stage["right"])).ShouldSucceed();
        stage.Typed = new Queue<string>(["secret"]);
        (await stage.PackAsync("b.ctp")).ShouldSucceed();
        (await File.ReadAllBytesAsync(stage["b.ctp"])).Should().Equal(await File.ReadAllBytesAsync(stage["a.ctp"]));
    }

    [Fact]
    public async Task Created_and_source_date_epoch_decide_the_time()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.PackAsync("a.ctp", "--created", "2026-02-03T04:05:06Z")).ShouldSucceed();
        stage.Environment["SOURCE_DATE_EPOCH"] = "86400";
        (await stage.PackAsync("b.ctp")).ShouldSucceed();

        (await CreatedAsync("web.ctp")).Should().Be("1970-01-01T00:00:00Z");
        (await CreatedAsync("a.ctp")).Should().Be("2026-02-03T04:05:06Z");
        (await CreatedAsync("b.ctp")).Should().Be("1970-01-02T00:00:00Z");
        stage.Environment["SOURCE_DATE_EPOCH"] = "yesterday";
        (await stage.PackAsync("c.ctp")).ShouldFail(64, "SOURCE_DATE_EPOCH");

        async Task<string> CreatedAsync(string bundle) =>
            (await stage.RunAsync("inspect", stage[bundle])).ShouldSucceed().Json["package"]![
                "created"
            ]!.GetValue<string>();
    }

    [Fact]
    public async Task Command_line_of_a_directory_image_ends_in_its_config()
    {
        using var stage = await Stage.WithBundleAsync();
        (
            await stage.PackAsync(
                "a.ctp",
                "--entrypoint",
                "[\"/bin/httpd\",\"-f\"]",
                "--cmd",
                "echo hi",
                "--env",
                "A=b=c",
                "--expose",
                "80",
                "--user",
                "10:10",
                "--annotation",
                "team=web"
            )
        ).ShouldSucceed();

        var json = (await stage.RunAsync("inspect", stage["a.ctp"])).ShouldSucceed().Json;
        var execution = json["images"]![0]!["execution"]!;
        execution["entrypoint"]!.ToJsonString().Should().Be("[\"/bin/httpd\",\"-f\"]");
        execution["command"]!.ToJsonString().Should().Be("[\"/bin/sh\",\"-c\",\"echo hi\"]");
        execution["env"]!.ToJsonString().Should().Be("[\"A=b=c\"]");
        execution["ports"]!.ToJsonString().Should().Be("[\"80/tcp\"]");
        json["package"]!["annotations"]!["team"]!.GetValue<string>().Should().Be("web");
        (await stage.RunAsync("pack", $"oci-archive:{stage["a.ctp"]}", "--cmd", "x", "-o", stage["b.ctp"])).ShouldFail(
            64,
            "only a dir: source"
        );
    }

    [Fact]
    public async Task Source_without_its_kind_is_refused_with_what_it_could_be()
    {
        using var stage = new Stage();
        (await stage.RunAsync("pack", stage["rootfs"], "-o", stage["a.ctp"])).ShouldFail(
            64,
            $"→ dir:{stage["rootfs"]}"
        );
        (await stage.RunAsync("pack", "docker://nginx", "-o", stage["a.ctp"])).ShouldFail(64, "oci-archive:FILE");
        (await stage.RunAsync("pack", "oci:/none", "-o", stage["a.ctp"])).ShouldFail(11, "there is no '/none'");
        (await stage.RunAsync("pack", $"dir:{stage["rootfs"]}", "-o", stage["a.ctp"])).ShouldFail(
            64,
            "--version 1.0.0"
        );
        (await stage.RunAsync("pack", $"dir:{stage["rootfs"]}", "--version", "1+2", "-o", stage["a.ctp"])).ShouldFail(
            64,
            "1_2"
        );
    }

    [Fact]
    public async Task Output_that_can_not_be_written_leaves_nothing()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.PackAsync("none/a.ctp")).ShouldFail(11, "there is no directory");
        (await stage.PackAsync("rootfs")).ShouldFail(64, "is a directory");
    }

    [Fact]
    public async Task Given_sbom_and_provenance_replace_those_that_would_be_made()
    {
        using var stage = await Stage.WithBundleAsync();
        await File.WriteAllTextAsync(
            stage["sbom.json"],
            """{"spdxVersion":"SPDX-2.3","name":"theirs","packages":[{"name":"a","versionInfo":"1"}]}"""
        );
        await File.WriteAllTextAsync(
            stage["prov.json"],
            """{"buildDefinition":{"buildType":"x"},"runDetails":{"builder":{"id":"https://ci"}}}"""
        );

        (
            await stage.PackAsync("a.ctp", "--sbom", stage["sbom.json"], "--provenance", stage["prov.json"])
        ).ShouldSucceed();

        (await stage.RunAsync("explain", stage["a.ctp"], "--sbom")).ShouldSucceed().Out.Should().Be("a\t1\n");
        (await stage.RunAsync("inspect", stage["a.ctp"], "--sbom")).Json["name"]!
            .GetValue<string>()
            .Should()
            .Be("theirs");
        (await stage.RunAsync("inspect", stage["a.ctp"], "--provenance")).Json["runDetails"]!["builder"]!["id"]!
            .GetValue<string>()
            .Should()
            .Be("https://ci");
        (await stage.RunAsync("verify", stage["a.ctp"])).ShouldSucceed();
        (await stage.PackAsync("b.ctp", "--sbom", stage["prov.json"])).ShouldFail(64, "neither SPDX 2.3");
        (await stage.PackAsync("b.ctp", "--provenance", stage["none"])).ShouldFail(11, "there is no file");
    }

    [Fact]
    public async Task Explain_says_everything_once_and_foreign_text_is_harmless()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.PackAsync("a.ctp", "--description", "fine\u001b[2K\u202egood")).ShouldSucceed();

        var said = (await stage.RunAsync("explain", stage["a.ctp"])).ShouldSucceed().Out;

        said.Should()
            .Contain("acme/web:1.0")
            .And.Contain("Verdict: allowed")
            .And.Contain("ct/local")
            .And.Contain("you trust it as builders, releasers");
        said.Should().Contain("\\u{1b}").And.Contain("\\u{202e}").And.NotContain("\u001b").And.NotContain("\u202e");
        var json = (await stage.RunAsync("explain", stage["a.ctp"], "--json")).ShouldSucceed();
        json.Out.Should().NotContain("\u202e").And.NotContain("\u001b");
        json.Json["verdict"]!["allowed"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Keys_are_listed_exported_imported_and_trusted()
    {
        using var stage = await Stage.WithBundleAsync();
        using var other = new Stage();
        var pem = (await stage.RunAsync("key", "export")).ShouldSucceed().Out;
        pem.Should().StartWith("-----BEGIN PUBLIC KEY-----");
        await File.WriteAllTextAsync(other["web.pub"], pem);

        (await other.RunAsync("key", "import", "web", other["web.pub"])).ShouldSucceed();
        (await other.RunAsync("key", "list", "--json")).ShouldSucceed().Json[0]!["private"]!
            .GetValue<bool>()
            .Should()
            .BeFalse();
        (await other.RunAsync("trust", "init")).ShouldFail(11, "ct keygen");
        (await other.RunAsync("keygen", "--name", "mine", "--no-password")).ShouldSucceed();
        (await other.RunAsync("trust", "init")).ShouldSucceed();
        (await other.RunAsync("verify", stage["web.ctp"])).ShouldFail(3, "UNKNOWN_KEY");
        (
            await other.RunAsync(
                "trust",
                "add",
                "web",
                "--role",
                "releasers",
                "--role",
                "builders",
                "--names",
                "acme/**"
            )
        ).ShouldSucceed();
        (await other.RunAsync("verify", stage["web.ctp"])).ShouldSucceed();
        (await other.RunAsync("trust", "show")).ShouldSucceed().Out.Should().Contain("only acme/**");
        (await other.RunAsync("trust", "add", "web", "--role", "kings")).ShouldFail(64, "kings");

        var secret = (await stage.RunAsync("key", "export", "--private")).ShouldSucceed().Out;
        await File.WriteAllTextAsync(other["stolen.key"], secret);
        (await other.RunAsync("key", "import", "taken", other["stolen.key"])).ShouldSucceed();
        (await other.RunAsync("key", "default", "taken")).ShouldSucceed();
        (await other.RunAsync("key", "default", "web")).ShouldFail(64, "can't sign");
    }

    [Fact]
    public async Task Policy_is_written_checked_and_its_faults_are_placed()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.RunAsync("policy", "init", "-o", stage["policy.json"])).ShouldSucceed();
        (await stage.RunAsync("policy", "check", stage["policy.json"])).ShouldSucceed().Out.Should().Contain("strict");
        (await stage.RunAsync("verify", stage["web.ctp"], "--policy", stage["policy.json"])).ShouldSucceed();
        (await stage.RunAsync("policy", "init", "-o", stage["policy.json"])).ShouldFail(64, "already");
        await File.WriteAllTextAsync(stage["bad.json"], """{"version":1,"mode":"lenient"}""");
        (await stage.RunAsync("policy", "check", stage["bad.json"])).ShouldFail(64, "mode");
    }

    [Fact]
    public async Task Sign_adds_a_signer_and_errors_come_as_json_when_asked()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.RunAsync("keygen", "--name", "second", "--no-password")).ShouldSucceed();
        (await stage.RunAsync("sign", stage["web.ctp"], "--key", "second", "-o", stage["both.ctp"])).ShouldSucceed();
        (await stage.RunAsync("inspect", stage["both.ctp"])).Json["summary"]!["signers"]!
            .AsArray()
            .Should()
            .HaveCount(2);
        (await stage.RunAsync("verify", stage["both.ctp"])).ShouldSucceed().Out.Should().Contain("not judged");

        var error = await stage.RunAsync("sign", stage["web.ctp"], "--key", "none", "--json");
        error.Code.Should().Be(11);
        JsonNode.Parse(error.Error)!["id"]!.GetValue<string>().Should().Be("ERR_NOT_FOUND");
        (await stage.RunAsync("sign", stage["web.ctp"], "--suite", "CT-SIG-02")).ShouldFail(64, "CT-SIG-01");
    }

    [Fact]
    public async Task Unpack_writes_a_layout_once()
    {
        using var stage = await Stage.WithBundleAsync();
        (await stage.RunAsync("unpack", stage["web.ctp"], stage["out"])).ShouldSucceed();
        File.Exists(stage["out/oci-layout"]).Should().BeTrue();
        (await stage.RunAsync("unpack", stage["web.ctp"], stage["out"])).ShouldFail(64, "not an empty directory");
    }

    [Theory]
    [InlineData("--help", "ct keygen")]
    [InlineData("pack --help", "docker save")]
    [InlineData("verify --help", "cat web.ctp | ct verify -")]
    [InlineData("key --help", "ct key export")]
    [InlineData("trust add --help", "--valid-until")]
    public async Task Help_teaches_with_examples(string arguments, string example)
    {
        using var stage = new Stage();
        (await stage.RunAsync(arguments.Split(' ')))
            .ShouldSucceed()
            .Out.Should()
            .Contain("Examples:")
            .And.Contain(example);
    }

    [Fact]
    public async Task Every_verb_has_a_description_and_an_example()
    {
        using var stage = new Stage();
        var root = Commands.CtCommands.Root(
            new Hosting.CtHost
            {
                Out = TextWriter.Null,
                Error = TextWriter.Null,
                OpenIn = () => Stream.Null,
                Home = stage["home"],
            }
        );
        foreach (var command in root.Subcommands.Concat(root.Subcommands.SelectMany(c => c.Subcommands)))
        {
            command.Description.Should().NotBeNullOrEmpty();
            command.Should().BeOfType<Hosting.ExampleCommand>().Which.Examples.Should().NotBeEmpty();
        }
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Completions_come_from_the_command_line_itself()
    {
        using var stage = new Stage();
        (await stage.RunAsync("[suggest:8]", "ct trust")).ShouldSucceed();
        (await stage.RunAsync("[suggest:3]", "ct ")).ShouldSucceed().Out.Should().Contain("pack").And.Contain("verify");
    }
}
