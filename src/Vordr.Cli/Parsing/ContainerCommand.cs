using System.CommandLine;
using System.CommandLine.Parsing;

namespace Vordr.Cli.Parsing;

/// <summary>
/// Commands that end in a command for a container: what stands behind the image belongs to the container, options
/// included, as fingers expect from <c>docker run IMAGE sh -c …</c>. The parser knows no such end of options, so it is
/// marked for it with <c>--</c>.
/// </summary>
internal static class ContainerCommand
{
    private static readonly string[] Verbs = ["run", "create", "exec"];

    /// <summary>The words, with <c>--</c> where the container's begin.</summary>
    public static IReadOnlyList<string> Separate(IReadOnlyList<string> arguments, Command root)
    {
        var command = root;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
                return arguments;
            if (word.Length > 1 && word[0] == '-')
            {
                if (TakesNext(word, command, root))
                    i++;
                continue;
            }
            if (command == root)
            {
                if (!Verbs.Contains(word))
                    return arguments;
                command = root.Subcommands.First(known => known.Name == word);
                continue;
            }
            // The first word that is no option: the image or the container; with --ctp it is the command's already.
            var end = arguments.Take(i).Any(IsBundleOption) ? i : i + 1;
            return end == arguments.Count ? arguments : [.. arguments.Take(end), "--", .. arguments.Skip(end)];
        }
        return arguments;
    }

    /// <summary>The command as it is typed: <c>vordr network rm</c>.</summary>
    public static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "vordr";

    /// <summary>Exit codes below 125 are the container's.</summary>
    public static bool HasContainerCodes(Command command) => command.Name is "run" or "exec";

    private static bool IsBundleOption(string word) =>
        word == "--ctp" || word.StartsWith("--ctp=", StringComparison.Ordinal);

    /// <summary>Whether the option's value is the next word: <c>--name web</c>, <c>-p 80:80</c>, <c>-dp 80:80</c>.</summary>
    private static bool TakesNext(string word, Command command, Command root)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
            return !word.Contains('=', StringComparison.Ordinal) && TakesValue(Find(word, command, root));
        for (var i = 1; i < word.Length; i++)
        {
            if (TakesValue(Find($"-{word[i]}", command, root)))
                return i == word.Length - 1;
        }
        return false;
    }

    private static bool TakesValue(Option? option) =>
        option is not null && option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static Option? Find(string name, Command command, Command root) =>
        command
            .Options.Concat(root.Options.Where(option => option.Recursive))
            .FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
}
