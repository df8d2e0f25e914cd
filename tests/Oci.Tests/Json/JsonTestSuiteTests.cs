using Oci.Json;

namespace Oci.Tests.Json;

/// <summary>nst/JSONTestSuite: <c>y_</c> must parse, <c>n_</c> must be refused, <c>i_</c> must not crash.</summary>
public sealed class JsonTestSuiteTests
{
    // Valid by RFC 8259, which only advises against duplicates; refused here on purpose.
    private static readonly string[] s_duplicates =
    [
        "y_object_duplicated_key.json",
        "y_object_duplicated_key_and_value.json",
    ];

    [Fact]
    public void Parse_every_invalid_document_is_refused()
    {
        var files = Files("n_");
        files.Where(Parses).Should().BeEmpty();
        files.Should().HaveCountGreaterThan(150);
    }

    [Fact]
    public void Parse_duplicate_members_are_refused_on_purpose() =>
        Files("y_").Where(file => s_duplicates.Contains(Path.GetFileName(file)) && Parses(file)).Should().BeEmpty();

    [Fact]
    public void Parse_every_other_valid_document_is_read()
    {
        var files = Files("y_");
        files.Where(file => !s_duplicates.Contains(Path.GetFileName(file)) && !Parses(file)).Should().BeEmpty();
        files.Should().HaveCountGreaterThan(90);
    }

    [Fact]
    public void Parse_documents_of_free_choice_are_read_or_refused_and_nothing_else()
    {
        foreach (var file in Files("i_"))
            _ = Parses(file);
    }

    [Fact]
    public void Write_whatever_was_read_gives_one_form_that_is_stable()
    {
        foreach (var file in Files("y_").Concat(Files("i_")))
        {
            byte[] canonical;
            try
            {
                using var document = StrictJson.Parse(File.ReadAllBytes(file), file);
                canonical = CanonicalJson.Write(document.RootElement);
            }
            catch (FormatException)
            {
                continue; // refused, or a number beyond a double
            }
            CanonicalJson.IsCanonical(canonical).Should().BeTrue(file);
        }
    }

    private static string[] Files(string prefix) =>
        [.. Directory.EnumerateFiles(Vectors.Folder("json"), prefix + "*.json").Order(StringComparer.Ordinal)];

    private static bool Parses(string file)
    {
        try
        {
            using var document = StrictJson.Parse(File.ReadAllBytes(file), file);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
