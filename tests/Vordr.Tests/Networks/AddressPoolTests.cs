using System.Net;
using CsCheck;
using Oci.Errors;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

public sealed class AddressPoolTests
{
    private static readonly Gen<IPNetwork> Subnets = Gen.Select(
        Gen.Byte,
        Gen.Byte,
        Gen.Int[24, 30],
        (second, third, prefix) =>
            new IPNetwork(IPAddress.Parse($"10.{second}.{third}.{prefix switch { 24 => 0, _ => 64 }}"), prefix)
    );

    [Fact]
    public void Next_whenAllAreTaken_isExhausted()
    {
        var subnet = IPNetwork.Parse("10.87.0.0/30");
        var refuse = () => AddressPool.Next(subnet, AddressPool.Gateway(subnet), [IPAddress.Parse("10.87.0.2")]);

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NetworkExhausted);
    }

    [Fact]
    public void Next_untilExhausted_givesEveryHostAddressOnceAndNoOther() =>
        Gen.Select(Subnets, Gen.Int[1, 62])
            .Sample(
                (subnet, start) =>
                {
                    var gateway = AddressPool.Gateway(subnet);
                    var taken = new HashSet<IPAddress>();
                    IPAddress? last = null;
                    var hosts = (1 << (32 - subnet.PrefixLength)) - 3;
                    for (var i = 0; i < hosts; i++)
                    {
                        var next = AddressPool.Next(subnet, gateway, taken, last);
                        subnet.Contains(next).Should().BeTrue();
                        next.Should().NotBe(gateway).And.NotBe(subnet.BaseAddress);
                        taken.Add(next).Should().BeTrue("an address is given once");
                        last = i == start ? null : next;
                    }
                    var more = () => AddressPool.Next(subnet, gateway, taken, last);
                    more.Should().Throw<PublicError>();
                    taken.Select(address => address.GetAddressBytes()[3]).Should().NotContain(255);
                },
                iter: 50
            );

    [Fact]
    public void Next_afterOneWasGivenBack_takesAnother()
    {
        var subnet = IPNetwork.Parse("10.87.0.0/24");
        var gateway = AddressPool.Gateway(subnet);
        var first = AddressPool.Next(subnet, gateway, []);

        AddressPool.Next(subnet, gateway, [], first).ToString().Should().Be("10.87.0.3");
        AddressPool.Next(subnet, gateway, [], IPAddress.Parse("10.87.0.254")).ToString().Should().Be("10.87.0.2");
        AddressPool.Next(subnet, gateway, [], IPAddress.Parse("192.0.2.9")).ToString().Should().Be("10.87.0.2");
    }

    [Theory]
    [InlineData("10.87.0.0/24")]
    [InlineData("10.87.0.128/25")]
    [InlineData("10.87.0.7/32")]
    [InlineData("10.87.0.0/31")]
    public void FreeSubnet_besideARoute_isTheNextOne(string route) =>
        AddressPool
            .FreeSubnet(AddressPool.Default, [IPNetwork.Parse(route), IPNetwork.Parse("192.168.0.0/16")])
            .ToString()
            .Should()
            .Be("10.87.1.0/24");

    [Fact]
    public void FreeSubnet_fromTheMiddle_goesRound()
    {
        AddressPool.FreeSubnet(AddressPool.Default, [], 7).ToString().Should().Be("10.87.7.0/24");
        AddressPool
            .FreeSubnet(AddressPool.Default, [IPNetwork.Parse("10.87.255.0/24")], 255)
            .ToString()
            .Should()
            .Be("10.87.0.0/24");
    }

    [Fact]
    public void FreeSubnet_onAHostThatRoutesThePool_isExhausted()
    {
        var refuse = () => AddressPool.FreeSubnet(AddressPool.Default, [IPNetwork.Parse("10.0.0.0/8")]);

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NetworkExhausted);
    }

    [Fact]
    public void FreeSubnet_whateverIsTaken_overlapsNoneAndLiesInThePool() =>
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Int[17, 32])
            .Array[0, 40]
            .Sample(parts =>
            {
                var taken = parts
                    .Select(part =>
                    {
                        var mask = uint.MaxValue << (32 - part.Item3);
                        var address = (0x0a57_0000u | ((uint)part.Item1 << 8) | part.Item2) & mask;
                        return new IPNetwork(new IPAddress([.. BitConverter.GetBytes(address).Reverse()]), part.Item3);
                    })
                    .ToList();
                try
                {
                    var free = AddressPool.FreeSubnet(AddressPool.Default, taken);
                    AddressPool.Overlap(free, AddressPool.Default).Should().BeTrue();
                    taken
                        .Should()
                        .OnlyContain(other => !other.Contains(free.BaseAddress) && !free.Contains(other.BaseAddress));
                }
                catch (PublicError exhausted)
                {
                    exhausted.Id.Should().Be(ErrorId.NetworkExhausted);
                }
            });

    [Theory]
    [InlineData("10.0.0.0/7", "ERR_USAGE")]
    [InlineData("10.9.0.0/31", "ERR_USAGE")]
    [InlineData("127.0.0.0/24", "ERR_USAGE")]
    [InlineData("0.0.0.0/8", "ERR_USAGE")]
    [InlineData("169.254.1.0/24", "ERR_USAGE")]
    [InlineData("224.0.0.0/24", "ERR_USAGE")]
    [InlineData("255.255.255.0/24", "ERR_USAGE")]
    [InlineData("fd00::/64", "ERR_USAGE")]
    [InlineData("192.0.2.0/28", "ERR_NETWORK_CONFLICT")]
    [InlineData("192.0.0.0/16", "ERR_NETWORK_CONFLICT")]
    public void CheckSubnet_unfit_isRefused(string subnet, string error)
    {
        var refuse = () => AddressPool.CheckSubnet(IPNetwork.Parse(subnet), [IPNetwork.Parse("192.0.2.0/24")]);

        refuse.Should().Throw<PublicError>().Which.Id.Name.Should().Be(error);
    }

    [Fact]
    public void CheckSubnet_free_passes() =>
        AddressPool.CheckSubnet(
            IPNetwork.Parse("172.30.0.0/16"),
            [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("fe80::/64")]
        );
}
