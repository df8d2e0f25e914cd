using Vordr.Containers;
using Vordr.Runtimes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Vordr.Tests;

/// <summary>
/// The test program: runs the tests, and stands in for <c>vordr</c> where a process of its own is needed — conmon's exit
/// command, the runtime's wrapper, and commands that tests start several of, or kill.
/// </summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] arguments) =>
        arguments switch
        {
            [OciRuntimeWrapper.Verb, .. var rest] => Task.FromResult(OciRuntimeWrapper.Execute(rest)),
            ["--root", var root, "--run-root", var runRoot, .. var verb] => CommandAsync(root, runRoot, verb),
            _ when arguments.Contains("-automated") || arguments.Contains("@@") => ConsoleRunner.Run(arguments),
            _ => TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        };

    private static async Task<int> CommandAsync(string root, string runRoot, string[] verb)
    {
        await using var engine = Engine.Open(
            new EngineOptions
            {
                Root = root,
                RunRoot = runRoot,
                ConfigDirectory = Path.Join(Path.GetDirectoryName(root), "config"),
                SelfExecutable = [Environment.ProcessPath!],
            }
        );
        switch (verb)
        {
            case ["settle", var container]:
                await engine.SettleAsync(container);
                return 0;
            case ["reconcile"]:
                await engine.ReconcileAsync();
                return 0;
            case ["load", var file]:
                await using (var content = File.OpenRead(file))
                    await engine.LoadAsync(new(Caller.CommandLine, content));
                return 0;
            case ["run", var image, var name, .. var command]:
                await engine.RunAsync(
                    new()
                    {
                        Create = new()
                        {
                            Caller = Caller.CommandLine,
                            Image = image,
                            Options = new ContainerOptions { Name = name, Command = command },
                        },
                    }
                );
                return 0;
            case ["rm", var container]:
                await engine.RemoveAsync(new(Caller.CommandLine, container, Force: true));
                return 0;
            default:
                await Console.Error.WriteLineAsync($"The test program knows no verb {verb.FirstOrDefault()}.");
                return 2;
        }
    }
}
