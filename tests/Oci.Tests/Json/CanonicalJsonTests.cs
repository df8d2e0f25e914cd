using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Oci.Json;

namespace Oci.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{\"b\":1,\"a\":2}")] // order
    [InlineData("{\"a\": 1}")] // white space
    [InlineData("{\"a\":1}\n")]
    [InlineData("{\"a\":1.0}")] // longer than needed
    [InlineData("{\"a\":-0}")]
    [InlineData("{\"a\":1E2}")]
    [InlineData("{\"a\":\"\\u0041\"}")] // an escape that isn't needed
    [InlineData("{\"a\":\"\\/\"}")]
    [InlineData("{\"a\":\"\\u000A\"}")] // \n is shorter
    [InlineData("{\"a\":\"\\u001F\"}")] // hex is lower case
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":9007199254740993}")] // not a double
    [InlineData("{\"a\":1e400}")]
    [InlineData("not json")]
    [InlineData("")]
    public void IsCanonical_other_forms_of_a_value_are_not(string json) =>
        CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)).Should().BeFalse();

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"a\":[1,2.5,1e+21,true,null,\"\\n\\u001f€/<\\\"\"],\"b\":{}}")]
    public void IsCanonical_the_one_form_is(string json) =>
        CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)).Should().BeTrue();

    // RFC 8785, section 3.2.2, with its output in section 3.2.4.
    [Fact]
    public void Write_example_of_the_rfc_gives_its_output()
    {
        const string Input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string Output =
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(Input), "example");
        Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement)).Should().Be(Output);
    }

    // RFC 8785, section 3.2.3: by UTF-16 code units, so an emoji (a surrogate pair) sorts before U+FB33.
    [Fact]
    public void Write_members_are_sorted_by_utf16_code_units()
    {
        const string Input = """
            {"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}
            """;
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(Input), "example");
        using var written = JsonDocument.Parse(CanonicalJson.Write(document.RootElement));
        written
            .RootElement.EnumerateObject()
            .Select(member => member.Value.GetInt32())
            .Should()
            .Equal(2, 4, 6, 7, 1, 5, 3);
    }

    [Fact]
    public void Write_vectors_give_their_output()
    {
        var folder = Vectors.Folder("jcs");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "input")))
        {
            using var document = StrictJson.Parse(File.ReadAllBytes(file), file);
            var expected = File.ReadAllText(Path.Combine(folder, "output", Path.GetFileName(file)));
            Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement)).Should().Be(expected, file);
        }
    }

    [Fact]
    public void Write_node_made_in_code_is_written_as_its_parsed_text()
    {
        var node = new JsonObject { ["z"] = 1.5, ["a"] = new JsonArray("é+<", null, true) };
        Encoding.UTF8.GetString(CanonicalJson.Write(node)).Should().Be("{\"a\":[\"é+<\",null,true],\"z\":1.5}");
        Encoding.UTF8.GetString(CanonicalJson.Write((JsonNode?)null)).Should().Be("null");
    }

    [Fact]
    public void Write_any_value_is_canonical_and_the_same_value() =>
        Values(depth: 3)
            .Sample(node =>
            {
                var bytes = CanonicalJson.Write(node);
                CanonicalJson.IsCanonical(bytes).Should().BeTrue();
                JsonNode.DeepEquals(JsonNode.Parse(bytes), JsonNode.Parse(Text(node))).Should().BeTrue();
                CanonicalJson.Write(Shuffled(node)).Should().Equal(bytes);
            });

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    /// <summary>The same value, members in reverse order.</summary>
    private static JsonNode? Shuffled(JsonNode? node) =>
        node switch
        {
            JsonObject o => new JsonObject(o.Reverse().Select(m => KeyValuePair.Create(m.Key, Shuffled(m.Value)))),
            JsonArray a => new JsonArray([.. a.Select(Shuffled)]),
            null => null,
            _ => node.DeepClone(),
        };

    private static Gen<JsonNode?> Values(int depth)
    {
        var texts = Gen.Char[' ', '\u2fff'].Array[0, 8].Select(chars => new string(chars));
        var leaves = Gen.OneOf(
            Gen.Const((JsonNode?)null),
            Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
            Gen.Int.Select(i => (JsonNode?)JsonValue.Create(i)),
            Gen.Double.Where(double.IsFinite).Select(d => (JsonNode?)JsonValue.Create(d)),
            texts.Select(t => (JsonNode?)JsonValue.Create(t))
        );
        if (depth == 0)
            return leaves;
        var inner = Values(depth - 1);
        return Gen.OneOf(
            leaves,
            inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])),
            Gen.Select(texts, inner)
                .Array[0, 4]
                .Select(members =>
                {
                    var node = new JsonObject();
                    foreach (var (name, value) in members)
                        node[name] = value?.DeepClone();
                    return (JsonNode?)node;
                })
        );
    }
}
