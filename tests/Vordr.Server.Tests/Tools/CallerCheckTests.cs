using System.Text.Json.Nodes;
using Vordr.Client;
using Vordr.Server.Listening;
using Vordr.Server.Tools;

namespace Vordr.Server.Tests.Tools;

public sealed class CallerCheckTests
{
    private static readonly CallerCheck Callers = new(
        new ServeOptions
        {
            TokenFile = "unused",
            GatewayUsers = [999],
            SecretReaders = [42],
        }
    );

    [Fact]
    public void Ordinary_peer_is_not_believed_to_speak_for_somebody()
    {
        var call = Callers.Of(new Peer.Local(1000, 1), Meta("alice"));

        call.Caller.Principal.Should().Be("uid:1000");
        call.Caller.Origin.Should().Be(Origin.Remote);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("\u202Eecila")]
    public void Gateway_with_an_ill_formed_principal_speaks_for_itself(string principal) =>
        Callers.Of(new Peer.Local(0, 1), Meta(principal)).Caller.Principal.Should().Be("uid:0");

    [Fact]
    public void Gateways_are_root_the_listed_users_and_the_token()
    {
        Callers.Of(new Peer.Local(0, 1), Meta("alice")).Caller.Principal.Should().Be("alice (via uid:0)");
        Callers.Of(new Peer.Local(999, 1), Meta("alice")).Caller.Principal.Should().Be("alice (via uid:999)");
        Callers.Of(new Peer.TokenHolder(), Meta("alice")).Caller.Principal.Should().Be("alice (via token)");
        Callers.Of(new Peer.Parent(), Meta("alice")).Caller.Principal.Should().Be("stdio");
    }

    [Fact]
    public void Secrets_are_for_listed_users_only()
    {
        Callers.Of(new Peer.Local(0, 1), null).MaySeeSecrets.Should().BeFalse();
        Callers.Of(new Peer.Local(42, 1), null).MaySeeSecrets.Should().BeTrue();
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void Trace_id_is_the_callers_or_a_new_one(string? traceParent, string? traceId)
    {
        var call = Callers.Of(new Peer.Parent(), traceParent, principal: null);

        call.TraceId.Should().MatchRegex(traceId ?? "^(?!0{32})[0-9a-f]{32}$");
    }

    [Fact]
    public void Peer_survives_the_way_through_the_web_server()
    {
        Peer[] peers = [new Peer.Local(7, 8), new Peer.TokenHolder(), new Peer.Parent()];

        peers.Select(peer => Peer.From(peer.ToPrincipal())).Should().Equal(peers);
    }

    private static JsonObject Meta(string principal) => new() { [CallContextNames.PrincipalMeta] = principal };
}
