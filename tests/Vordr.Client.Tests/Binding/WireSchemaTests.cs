using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Vordr.Client.Binding;

namespace Vordr.Client.Tests.Binding;

/// <summary>The schemas say what the binding does: closed objects, the same members, the same required ones.</summary>
public sealed class WireSchemaTests
{
    public static TheoryData<string> Records =>
        [
            .. typeof(WireJson)
                .GetProperties()
                .Where(property => typeof(JsonTypeInfo).IsAssignableFrom(property.PropertyType))
                .Select(property => (JsonTypeInfo)property.GetValue(WireJson.Default)!)
                .Where(type => type.Kind == JsonTypeInfoKind.Object && type.Type.Namespace!.StartsWith("Vordr"))
                .Select(type => type.Type.Name),
        ];

    [Theory, MemberData(nameof(Records))]
    public void Schema_of_a_record_is_closed_and_names_its_members(string name)
    {
        var type = TypeOf(name);
        var schema = WireSchema.Of(type).AsObject();

        schema["type"]!.GetValue<string>().Should().Be("object");
        schema["additionalProperties"]!.GetValue<bool>().Should().BeFalse();
        Names(schema["properties"]?.AsObject().Select(member => member.Key))
            .Should()
            .BeEquivalentTo(type.Properties.Select(property => property.Name));
        Names(schema["required"]?.AsArray().Select(member => member!.GetValue<string>()))
            .Should()
            .BeEquivalentTo(type.Properties.Where(property => property.IsRequired).Select(property => property.Name));
    }

    [Theory, MemberData(nameof(Records))]
    public void Every_member_of_a_request_is_described(string name)
    {
        if (!name.EndsWith("Request", StringComparison.Ordinal) && name is not ("ContainerConfig" or "RunConstraints"))
            return;
        var properties = WireSchema.Of(TypeOf(name))["properties"]?.AsObject() ?? [];

        properties
            .Should()
            .AllSatisfy(member =>
                (member.Value!["description"] as JsonValue).Should().NotBeNull("{0}.{1} needs words", name, member.Key)
            );
    }

    [Theory, MemberData(nameof(Records))]
    public void Null_is_allowed_by_the_schema_where_the_binding_takes_it(string name)
    {
        var type = TypeOf(name);
        var properties = WireSchema.Of(type)["properties"]?.AsObject() ?? [];
        foreach (var (member, schema) in properties)
        {
            if (schema is not JsonObject described || described["type"] is null)
                continue; // any value, or a reference
            var property = type.Properties.Single(known => known.Name == member);
            var inSchema = described["type"] is JsonArray types && types.Any(t => t!.GetValue<string>() == "null");
            inSchema.Should().Be(property.IsSetNullable && !property.IsRequired, "{0}.{1}", name, member);
        }
    }

    [Fact]
    public void Digest_is_a_pattern() =>
        WireSchema.Of(WireJson.Default.BundleLoadRequest)["properties"]!["upload"]!["pattern"]!
            .GetValue<string>()
            .Should()
            .Be("^sha256:[0-9a-f]{64}$");

    [Theory, MemberData(nameof(Records))]
    public void Result_is_the_answer_or_the_error_and_every_reference_leads_somewhere(string name)
    {
        var schema = JsonNode.Parse(WireSchema.ResultOf(TypeOf(name)).GetRawText())!;

        schema["type"]!.GetValue<string>().Should().Be("object");
        schema["anyOf"]![1]!["properties"]!["traceId"].Should().NotBeNull();
        foreach (var reference in References(schema))
            Follow(schema, reference).Should().NotBeNull("{0} is referenced", reference);
    }

    private static IEnumerable<string> References(JsonNode? node) =>
        node switch
        {
            JsonObject schema => schema.SelectMany(member =>
                member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)
            ),
            JsonArray schemas => schemas.SelectMany(References),
            _ => [],
        };

    private static JsonNode? Follow(JsonNode root, string reference) =>
        reference
            .Split('/')
            .Skip(1)
            .Aggregate((JsonNode?)root, (node, part) => node is JsonArray array ? array[int.Parse(part)] : node?[part]);

    private static JsonTypeInfo TypeOf(string name) =>
        typeof(WireJson)
            .GetProperties()
            .Select(property => property.GetValue(WireJson.Default))
            .OfType<JsonTypeInfo>()
            .First(type => type.Type.Name == name);

    private static IEnumerable<string> Names(IEnumerable<string>? names) => names ?? [];
}
