using System.Text.RegularExpressions;
using CsCheck;
using Trust.Policies;

namespace Trust.Tests.Policies;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("acme/*", "acme/a/b")]
    [InlineData("acme/*", "acme")]
    [InlineData("acme/**", "acme")]
    [InlineData("acme/**", "acmeevil/web")]
    [InlineData("acme/**", "evil/acme/web")]
    [InlineData("web", "webx")]
    [InlineData("web", "WEB")]
    [InlineData("a.b", "axb")]
    [InlineData("a?b", "axb")]
    [InlineData("[ab]", "a")]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("a\tb", null)]
    public void IsMatch_what_is_meant_otherwise_does_not(string pattern, string? text)
    {
        if (text is null)
        {
            var parse = () => NamePattern.Parse(pattern);
            parse.Should().Throw<FormatException>();
        }
        else
        {
            NamePattern.Parse(pattern).IsMatch(text).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("acme/*", "acme/web")]
    [InlineData("acme/**", "acme/a/b")]
    [InlineData("**", "")]
    [InlineData("**", "a/b/c")]
    [InlineData("*", "web")]
    [InlineData("**/web", "a/b/web")]
    [InlineData("a*c", "abc")]
    [InlineData("a*c", "ac")]
    public void IsMatch_what_is_meant_does(string pattern, string text) =>
        NamePattern.Parse(pattern).IsMatch(text).Should().BeTrue();

    [Theory]
    [InlineData("*:latest", "docker.io/library/nginx:latest", true)]
    [InlineData("*:latest", "docker.io/library/nginx:1.25", false)]
    [InlineData("nginx:*", "docker.io/library/nginx:1.25", true)]
    [InlineData("nginx", "docker.io/library/nginx:1.25", true)] // no tag in the pattern: any tag
    [InlineData("nginx", "docker.io/library/notnginx:1.25", false)]
    [InlineData("ghcr.io/acme/**", "ghcr.io/acme/web:1", true)]
    [InlineData("ghcr.io/acme/**", "evil.io/ghcr.io/acme/web:1", false)]
    [InlineData("ghcr.io/acme/web", "ghcr.io/acme/web:1", true)]
    [InlineData("ghcr.io:443/acme/web", "ghcr.io:443/acme/web:1", true)]
    [InlineData("acme/web", "docker.io/acme/web:1", false)] // against the whole
    [InlineData("**", "docker.io/acme/web:1", true)]
    public void IsMatchOfReference_last_component_or_whole(string pattern, string reference, bool expected) =>
        NamePattern.Parse(pattern).IsMatchOfReference(reference).Should().Be(expected);

    [Fact]
    public void IsMatch_hostile_pattern_takes_no_longer_than_the_product()
    {
        var pattern = NamePattern.Parse(string.Concat(Enumerable.Repeat("*a", 200)) + "b");
        pattern.IsMatch(new string('a', 2000)).Should().BeFalse();
    }

    [Fact]
    public void IsMatch_any_pattern_agrees_with_a_regular_expression() =>
        Gen.Select(Texts("ab/*", 8), Texts("ab/", 8))
            .Where((pattern, _) => pattern.Length > 0)
            .Sample(
                (pattern, text) =>
                {
                    // Three stars and more are two: they cross.
                    var expression = Regex.Replace(Regex.Escape(pattern), @"(\\\*){2,}", ".*").Replace(@"\*", "[^/]*");
                    NamePattern.Parse(pattern).IsMatch(text).Should().Be(Regex.IsMatch(text, $@"\A{expression}\z"));
                }
            );

    private static Gen<string> Texts(string alphabet, int length) =>
        Gen.Int[0, alphabet.Length - 1].Select(i => alphabet[i]).Array[0, length].Select(chars => new string(chars));
}
