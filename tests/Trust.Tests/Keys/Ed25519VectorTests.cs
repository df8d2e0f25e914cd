using System.Text.Json;
using Trust.Keys;

namespace Trust.Tests.Keys;

public sealed class Ed25519VectorTests
{
    [Fact]
    public void Verify_every_vector_of_wycheproof_has_its_result()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Vectors.File("wycheproof/ed25519_test.json")));
        var count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var info = Convert.FromHexString(group.GetProperty("publicKeyDer").GetString()!);
            var key = PublicKey.ImportInfo(info);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var message = Convert.FromHexString(test.GetProperty("msg").GetString()!);
                var signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                key.Verify(message, signature)
                    .Should()
                    .Be(
                        test.GetProperty("result").GetString() == "valid",
                        $"test {test.GetProperty("tcId").GetInt32()}: {test.GetProperty("comment").GetString()}"
                    );
                count++;
            }
        }
        count.Should().Be(document.RootElement.GetProperty("numberOfTests").GetInt32());
    }

    // RFC 8032, section 7.1, tests 1, 2, 3.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )]
    public void Sign_examples_of_rfc_8032_give_their_signature(
        string seed,
        string publicKey,
        string message,
        string signature
    )
    {
        using var key = SigningKey.FromSeed(Convert.FromHexString(seed));
        key.PublicKey.Should().Be(PublicKey.ImportRaw(Convert.FromHexString(publicKey)));
        var bytes = Convert.FromHexString(message);
        Convert.ToHexStringLower(key.Sign(bytes)).Should().Be(signature);
        key.PublicKey.Verify(bytes, Convert.FromHexString(signature)).Should().BeTrue();
    }

    // A key of small order verifies anything with an all-zero signature in lenient libraries.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Verify_key_of_small_order_verifies_nothing(string raw)
    {
        var key = PublicKey.ImportRaw(Convert.FromHexString(raw));
        key.Verify("any"u8, new byte[64]).Should().BeFalse();
        byte[] identity = [1, .. new byte[63]];
        key.Verify("any"u8, identity).Should().BeFalse();
    }
}
