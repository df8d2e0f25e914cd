using Oci.Errors;
using Trust.Keys;

namespace Trust.Tests.Keys;

public sealed class KeyDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly KeyDirectory _keys;

    public KeyDirectoryTests() => _keys = new KeyDirectory(_root["keys"]);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("-flag")]
    [InlineData("new\nline")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Save_what_can_be_no_name_is_refused(string name)
    {
        var save = () => _keys.Save(name, Case.Releaser, null);
        save.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
        _keys.List().Should().BeEmpty();
    }

    [Fact]
    public void Save_name_that_is_taken_is_refused_and_the_key_stays()
    {
        _keys.Save("release", Case.Releaser, null);
        var save = () => _keys.Save("release", Case.Stranger, null);
        var savePublic = () => _keys.SavePublic("release", Case.Stranger.PublicKey);
        save.Should().Throw<PublicError>();
        savePublic.Should().Throw<PublicError>();
        _keys.Find("release").PublicKey.Should().Be(Case.Releaser.PublicKey);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Load_private_key_that_others_may_use_is_refused(UnixFileMode others)
    {
        _keys.Save("release", Case.Releaser, null);
        File.SetUnixFileMode(_root["keys/release.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        var load = () => _keys.Load("release", null);
        load.Should().Throw<PublicError>().Which.Suggestions.Should().ContainMatch("chmod 600 *");
    }

    [Fact]
    public void Load_halves_that_don_t_belong_together_are_refused()
    {
        _keys.Save("a", Case.Releaser, null);
        _keys.Save("b", Case.Stranger, null);
        File.Copy(_root["keys/b.pub"], _root["keys/a.pub"], overwrite: true);
        var load = () => _keys.Load("a", null);
        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
    }

    [Fact]
    public void Load_name_that_nobody_has_is_not_found()
    {
        var load = () => _keys.Load("nobody", null);
        load.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NotFound);
    }

    [Fact]
    public void Load_public_half_alone_can_t_sign_nor_become_the_default()
    {
        _keys.SavePublic("friend", Case.Stranger.PublicKey).HasPrivate.Should().BeFalse();
        var load = () => _keys.Load("friend", null);
        var makeDefault = () => _keys.SetDefault("friend");
        load.Should().Throw<PublicError>();
        makeDefault.Should().Throw<PublicError>();
        _keys.DefaultName.Should().BeNull();
    }

    [Fact]
    public void Save_first_key_is_the_default_and_private_to_its_owner()
    {
        var entry = _keys.Save("release", Case.Releaser, null);
        _keys.Save("second", Case.Stranger, "secret");

        entry.Should().Be(new KeyEntry("release", Case.Releaser.PublicKey, true, false, true));
        _keys
            .List()
            .Select(k => (k.Name, k.Encrypted, k.IsDefault))
            .Should()
            .Equal(("release", false, true), ("second", true, false));
        _keys.DefaultName.Should().Be("release");
        File.GetUnixFileMode(_root["keys/release.key"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_root["keys"])
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(_root["keys"], ".*").Should().BeEmpty("nothing temporary stays");

        using var loaded = _keys.Load("second", "secret");
        loaded.Id.Should().Be(Case.Stranger.Id);
        _keys.SetDefault("second");
        _keys.DefaultName.Should().Be("second");
    }

    [Fact]
    public void List_no_directory_is_no_key() => new KeyDirectory(_root["none"]).List().Should().BeEmpty();
}
