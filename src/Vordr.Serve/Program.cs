using Vordr.Cli;

namespace Vordr.Serve;

/// <summary>
/// The program <c>vordr-serve</c>, which <c>vordr serve</c> becomes. Containers that it starts call back <c>vordr</c>
/// beside it: their ends shouldn't wait for a web server to load.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        EntryPoint.RunAsync(
            arguments,
            Shell.OfProcess(SiblingPrograms.Find(SiblingPrograms.Engine)),
            ServeCommand.Create
        );
}
