namespace Vordr.Cli;

/// <summary>The program <c>vordr</c>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => EntryPoint.RunAsync(arguments, Shell.OfProcess(), serve: null);
}
