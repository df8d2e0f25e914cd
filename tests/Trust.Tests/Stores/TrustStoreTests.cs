using System.Text;
using System.Text.Json.Nodes;
using Oci.Errors;
using Trust.Keys;
using Trust.Stores;

namespace Trust.Tests.Stores;

public sealed class TrustStoreTests
{
    private static JsonNode Good() => JsonNode.Parse(Case.Trusting().ToBytes())!;

    private static JsonObject Entry(JsonNode store) => store["keys"]!["releasers"]![0]!.AsObject();

    [Fact]
    public void Parse_id_that_is_not_the_key_s_is_refused()
    {
        var store = Good();
        Entry(store)["id"] = Case.Stranger.Id.ToString();
        Refused(store, "/keys/releasers/0/id");
    }

    [Theory]
    [InlineData("ml-dsa-87")]
    [InlineData("ecdsa-p256")]
    [InlineData("ed25519+ml-dsa-87")]
    [InlineData("")]
    public void Parse_algorithm_that_nothing_verifies_yet_is_refused(string algorithm)
    {
        var store = Good();
        Entry(store)["algorithm"] = algorithm;
        Refused(store, "/keys/releasers/0/algorithm").Message.Should().Contain("not supported yet");
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("*")]
    public void Parse_public_key_that_is_none_is_refused(string key)
    {
        var store = Good();
        Entry(store)["publicKeys"] = new JsonArray(key);
        Refused(store, "/keys/releasers/0/publicKeys/0");
    }

    [Fact]
    public void Parse_more_or_fewer_public_keys_than_one_are_refused()
    {
        var store = Good();
        var keys = Entry(store)["publicKeys"]!.AsArray();
        keys.Add(keys[0]!.DeepClone());
        Refused(store, "/keys/releasers/0/publicKeys");
        keys.Clear();
        Refused(store, "/keys/releasers/0/publicKeys");
    }

    [Fact]
    public void Parse_role_that_nobody_knows_is_refused()
    {
        var store = Good();
        store["keys"]!["admins"] = new JsonArray();
        Refused(store, "/keys/admins");
    }

    [Fact]
    public void Parse_key_twice_in_a_role_is_refused()
    {
        var store = Good();
        store["keys"]!["releasers"]!.AsArray().Add(Entry(store).DeepClone());
        Refused(store, "/keys/releasers/1");
    }

    [Theory]
    [InlineData("version", "0", "/version")]
    [InlineData("version", "\"1\"", "/version")]
    [InlineData("id", "\"\"", "/id")]
    [InlineData("updated", "\"2026-11-23\"", "/updated")]
    [InlineData("updated", "\"2026-11-23T00:00:00+01:00\"", "/updated")]
    [InlineData("expires", "null", "/expires")]
    [InlineData("identities", "{}", "/identities")]
    [InlineData("identities", "[]", "/identities")]
    [InlineData("surprise", "1", "/surprise")]
    [InlineData("keys", "null", "/keys")]
    [InlineData(
        "logs",
        "{\"https://log.example.org\":{\"operator\":\"o\",\"publicKey\":\"k\",\"validFrom\":\"2026-01-01T00:00:00Z\"}}",
        "/logs"
    )]
    [InlineData(
        "logs",
        "{\"log.example.org\":{\"operator\":\"\",\"publicKey\":\"k\",\"validFrom\":\"2026-01-01T00:00:00Z\"}}",
        "/logs/log.example.org/operator"
    )]
    public void Parse_member_of_another_form_is_refused_with_its_pointer(string member, string value, string pointer)
    {
        var store = Good();
        store[member] = JsonNode.Parse(value);
        Refused(store, pointer);
    }

    [Fact]
    public void Parse_member_twice_is_refused()
    {
        var text = Encoding.UTF8.GetString(Case.Trusting().ToBytes());
        var doubled = text.Replace("\"version\":", "\"version\": 1, \"version\":", StringComparison.Ordinal);
        var parse = () => TrustStore.Parse(Encoding.UTF8.GetBytes(doubled));
        parse.Should().Throw<PublicError>().WithMessage("*/version*twice*");
    }

    [Fact]
    public void Parse_validity_that_ends_before_it_begins_is_refused()
    {
        var store = Good();
        Entry(store)["validUntil"] = Entry(store)["validFrom"]!.DeepClone();
        Refused(store, "/keys/releasers/0/validUntil");
    }

    [Theory]
    [InlineData("[]", "/keys/releasers/0/names")]
    [InlineData("[\"\"]", "/keys/releasers/0/names/0")]
    [InlineData("[\"acme/**\",\"a b\"]", "/keys/releasers/0/names/1")]
    public void Parse_scope_that_covers_nothing_is_refused(string names, string pointer)
    {
        var store = Good();
        Entry(store)["names"] = JsonNode.Parse(names);
        Refused(store, pointer);
    }

    [Fact]
    public void SetThreshold_that_can_t_be_met_is_refused()
    {
        var store = Case.Trusting();
        KeyId[] one = [Case.Releaser.Id];
        foreach (
            var (k, members) in new (int, KeyId[])[]
            {
                (0, one),
                (2, one),
                (1, []),
                (2, [.. one, .. one]),
                (1, [Case.Stranger.Id]),
            }
        )
        {
            var set = () => store.SetThreshold("release", k, members, Case.Now);
            set.Should().Throw<PublicError>().Which.Pointer.Should().StartWith("/thresholds/release");
        }
        store.SetThreshold("release", 1, one, Case.Now).FindThreshold("release")!.K.Should().Be(1);
    }

    [Fact]
    public void Edit_of_a_store_with_updaters_is_refused()
    {
        var store = Case.Trusting().Add(Roles.TrustStoreUpdaters, Case.Stranger.PublicKey, Case.Now);
        Action[] edits =
        [
            () => store.Add(Roles.Releasers, Case.Stranger.PublicKey, Case.Now),
            () => store.Remove(Roles.Releasers, Case.Releaser.Id, Case.Now),
            () => store.Revoke(Case.Releaser.Id, Case.Now),
            () => store.SetThreshold("release", 1, [Case.Releaser.Id], Case.Now),
        ];
        foreach (var edit in edits)
            edit.Should().Throw<PublicError>().WithMessage("*updaters*");
    }

    [Fact]
    public void Add_what_is_there_or_can_t_be_is_refused()
    {
        var store = Case.Trusting();
        var again = () => store.Add(Roles.Releasers, Case.Releaser.PublicKey, Case.Now);
        var role = () => store.Add("admins", Case.Stranger.PublicKey, Case.Now);
        var scope = () => store.Add(Roles.Releasers, Case.Stranger.PublicKey, Case.Now, null, null, "a b");
        again.Should().Throw<PublicError>();
        role.Should().Throw<PublicError>();
        scope.Should().Throw<PublicError>();
    }

    [Fact]
    public void Remove_or_revoke_what_is_not_there_is_refused()
    {
        var store = Case.Trusting();
        var remove = () => store.Remove(Roles.Releasers, Case.Stranger.Id, Case.Now);
        var revoke = () => store.Revoke(Case.Stranger.Id, Case.Now);
        remove.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NotFound);
        revoke.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NotFound);
    }

    [Fact]
    public void Edit_gives_a_new_store_one_version_up_and_leaves_the_old_one()
    {
        var store = Case.Trusting();
        var edited = store
            .Add(Roles.Reviewers, Case.Stranger.PublicKey, Case.Now, Case.Now.AddYears(1), "rev", "acme/**")
            .Revoke(Case.Releaser.Id, Case.Now)
            .Remove(Roles.Builders, Case.Builder.Id, Case.Now);

        edited.Version.Should().Be(store.Version + 3);
        edited.Updated.Should().Be(Case.Now);
        edited.Digest.Should().NotBe(store.Digest);
        store.KeysIn(Roles.Builders).Should().HaveCount(1);
        edited.KeysIn(Roles.Builders).Should().BeEmpty();
        edited.RevokedAt(Case.Releaser.Id).Should().Be(Case.Now);
        var reviewer = edited.KeysIn(Roles.Reviewers).Single();
        reviewer.Label.Should().Be("rev");
        reviewer.Names.Should().Equal("acme/**");
        reviewer.ValidUntil.Should().Be(Case.Now.AddYears(1));
        edited.LabelOf(Case.Stranger.Id).Should().Be("rev");
    }

    [Fact]
    public void RevokedAt_revoked_in_one_role_is_revoked_in_all()
    {
        var store = Case.Trusting().Add(Roles.Builders, Case.Releaser.PublicKey, Case.Now);
        var node = JsonNode.Parse(store.ToBytes())!;
        Entry(node)["revokedAt"] = "2026-11-01T00:00:00Z";
        TrustStore.Parse(Encoding.UTF8.GetBytes(node.ToJsonString())).RevokedAt(Case.Releaser.Id).Should().NotBeNull();
    }

    [Fact]
    public void Parse_written_store_reads_back_byte_for_byte()
    {
        using var directory = new TemporaryDirectory();
        var store = Case.Trusting().SetThreshold("release", 1, [Case.Releaser.Id], Case.Now, "acme/**");
        store.Save(directory["trust-store.json"]);
        var read = TrustStore.Load(directory["trust-store.json"]);
        read.Digest.Should().Be(store.Digest);
        read.ToBytes().Should().Equal(store.ToBytes());
        read.Keys.Should().BeEquivalentTo(store.Keys);
        Directory.GetFiles(directory.Path).Should().HaveCount(1, "nothing temporary stays");
    }

    [Fact]
    public void Load_no_file_is_an_error_and_LoadOrEmpty_trusts_nobody()
    {
        using var directory = new TemporaryDirectory();
        var load = () => TrustStore.Load(directory["none.json"]);
        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
        TrustStore.LoadOrEmpty(directory["none.json"]).Keys.Should().BeEmpty();
        TrustStore.LoadOrEmpty(directory["no/such/folder.json"]).Should().BeSameAs(TrustStore.Empty);
    }

    [Fact]
    public void LoadOrEmpty_file_that_is_damaged_is_an_error_not_an_empty_store()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["trust-store.json"], "{}");
        var load = () => TrustStore.LoadOrEmpty(directory["trust-store.json"]);
        var loadDirectory = () => TrustStore.LoadOrEmpty(directory.Path);
        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
        loadDirectory.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
    }

    private static PublicError Refused(JsonNode store, string pointer)
    {
        var parse = () => TrustStore.Parse(Encoding.UTF8.GetBytes(store.ToJsonString()));
        var error = parse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.Config);
        error.Message.Should().Contain(pointer + ":");
        return error;
    }
}
