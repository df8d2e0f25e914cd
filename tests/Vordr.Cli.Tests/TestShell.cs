namespace Vordr.Cli.Tests;

/// <summary>A shell over memory, with an instance of its own in a directory that is gone at the end.</summary>
internal sealed class TestShell : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("vordr-cli-").FullName;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Dictionary<string, string> Environment { get; } = [];

    public string PathOf(string name) => Path.Join(_directory, name);

    /// <summary>Runs a command line on this shell's instance.</summary>
    public Task<int> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(
            ["--root", PathOf("root"), "--run-root", PathOf("run"), "--config-dir", PathOf("etc"), .. arguments],
            Shell()
        );

    public Shell Shell() =>
        new()
        {
            Out = _out,
            Error = _error,
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
            OpenError = () => Stream.Null,
            Environment = name => Environment.GetValueOrDefault(name),
        };

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
