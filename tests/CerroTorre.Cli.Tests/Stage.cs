using System.Globalization;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;

namespace CerroTorre.Cli.Tests;

/// <summary>A user with a home of their own, at a machine without a terminal, who runs <c>ct</c> in this process.</summary>
internal sealed class Stage : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ct-").FullName;

    public Stage()
    {
        Directory.CreateDirectory(this["rootfs"]);
        File.WriteAllText(this["rootfs/hello"], "hello");
    }

    public string this[string name] => Path.Combine(_directory, name);

    public Dictionary<string, string> Environment { get; } = [];

    public byte[] StandardInput { get; set; } = [];

    /// <summary>What the person at the terminal types, one answer a question; null when there is no terminal.</summary>
    public Queue<string>? Typed { get; set; }

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var host = new CtHost
        {
            Out = output,
            Error = error,
            OpenIn = () => new MemoryStream(StandardInput),
            Home = this["home"],
            Environment = name => Environment.GetValueOrDefault(name),
            IsInteractive = Typed is not null,
            AskPassword = question =>
            {
                error.Write(question);
                return Typed!.TryDequeue(out var answer) ? answer : null;
            },
        };
        var code = await CtProgram.RunAsync(arguments, host);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>A user with a key, a trust store, and a signed bundle <c>web.ctp</c>.</summary>
    public static async Task<Stage> WithBundleAsync()
    {
        var stage = new Stage();
        (await stage.RunAsync("keygen", "--no-password")).ShouldSucceed();
        (await stage.RunAsync("trust", "init")).ShouldSucceed();
        (await stage.PackAsync("web.ctp")).ShouldSucceed();
        return stage;
    }

    public Task<Outcome> PackAsync(string bundle, params string[] more) =>
        RunAsync([
            "pack",
            $"dir:{this["rootfs"]}",
            "--name",
            "acme/web",
            "--version",
            "1.0",
            "-o",
            this[bundle],
            .. more,
        ]);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

/// <summary>What one run of <c>ct</c> gave.</summary>
internal sealed record Outcome(int Code, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    public Outcome ShouldSucceed()
    {
        Code.Should().Be(0, "{0}{1}", Out, Error);
        return this;
    }

    public Outcome ShouldFail(int code, string words)
    {
        Code.Should().Be(code, "{0}{1}", Out, Error);
        (Out + Error).Should().Contain(words);
        return this;
    }
}
