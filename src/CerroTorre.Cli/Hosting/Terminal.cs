using System.Text;

namespace CerroTorre.Cli.Hosting;

/// <summary>The person at the terminal.</summary>
internal static class Terminal
{
    /// <summary>Asks on stderr, reads keys without echo. Null when the person gives up (Ctrl-D on nothing, or no terminal).</summary>
    public static string? AskPassword(string question)
    {
        Console.Error.Write(question);
        var password = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    Console.Error.WriteLine();
                    return password.ToString();
                case { Key: ConsoleKey.Backspace } when password.Length > 0:
                    password.Length--;
                    break;
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when password.Length == 0:
                    Console.Error.WriteLine();
                    return null;
                case { KeyChar: >= ' ' }:
                    password.Append(key.KeyChar);
                    break;
                default:
                    break;
            }
        }
    }
}
