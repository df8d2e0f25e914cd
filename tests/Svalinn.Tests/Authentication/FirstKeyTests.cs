using Svalinn.Authentication;
using Svalinn.State;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Authentication;

public sealed class FirstKeyTests
{
    [Fact]
    public async Task First_start_writes_one_admin_key_for_its_owner_alone_and_later_starts_none()
    {
        using var directory = new TemporaryDirectory();
        var state = StateDirectory.Open(directory.Of("state"));
        await using var database = GatewayDatabase.Open(state.Location);
        var keys = ApiKeyStore.Open(state, database, TimeProvider.System);

        var path = await FirstKey.EnsureAsync(state, keys, CancellationToken.None);

        File.GetUnixFileMode(path!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(state.Location)
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ApiKey.TryParse((await File.ReadAllTextAsync(path!)).Trim(), out var key).Should().BeTrue();
        keys.Authenticate(key!)!.Role.Should().Be(Role.Admin);
        (await FirstKey.EnsureAsync(state, keys, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Revoking_every_key_makes_no_new_one_at_the_next_start()
    {
        using var directory = new TemporaryDirectory();
        var state = StateDirectory.Open(directory.Of("state"));
        await using var database = GatewayDatabase.Open(state.Location);
        var keys = ApiKeyStore.Open(state, database, TimeProvider.System);
        await FirstKey.EnsureAsync(state, keys, CancellationToken.None);

        await keys.RevokeAsync(keys.List().Single().Id, CancellationToken.None);

        (await FirstKey.EnsureAsync(state, keys, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Server_key_that_others_can_read_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var state = StateDirectory.Open(directory.Of("state"));
        await using var database = GatewayDatabase.Open(state.Location);
        ApiKeyStore.Open(state, database, TimeProvider.System);
        File.SetUnixFileMode(
            state.PathOf("server.key"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead
        );

        var open = () => ApiKeyStore.Open(state, database, TimeProvider.System);

        open.Should().Throw<IOException>().WithMessage("*0600*");
    }

    [Fact]
    public async Task Key_of_one_gateway_opens_no_other()
    {
        using var directory = new TemporaryDirectory();
        var (first, second) = (StateDirectory.Open(directory.Of("a")), StateDirectory.Open(directory.Of("b")));
        await using var firstDatabase = GatewayDatabase.Open(first.Location);
        await using var secondDatabase = GatewayDatabase.Open(second.Location);
        var firstKeys = ApiKeyStore.Open(first, firstDatabase, TimeProvider.System);
        var secondKeys = ApiKeyStore.Open(second, secondDatabase, TimeProvider.System);
        var key = ApiKey.Generate();
        await firstKeys.AddAsync(key, "a", Role.Admin, null, CancellationToken.None);

        secondKeys.Authenticate(key).Should().BeNull();
    }
}
