using System.CommandLine;
using System.CommandLine.Parsing;
using Oci.Errors;
using Vordr.Client.Binding;

namespace Vordr.Cli.Parsing;

/// <summary>
/// What the parser doesn't do. In a command that ends in a command for a container, what stands behind the image belongs
/// to the container, options included (<c>run IMAGE sh -c …</c>): <c>--</c> is put there. And an unknown command or option
/// is a mistake with a name, never the name of an image.
/// </summary>
internal static class CommandWords
{
    private static readonly string[] Verbs = ["run", "create", "exec"];

    /// <summary>The words, with <c>--</c> where the container's begin.</summary>
    /// <exception cref="PublicError">A word is no command or option.</exception>
    public static IReadOnlyList<string> Separate(IReadOnlyList<string> arguments, Command root)
    {
        var command = root;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--" || (command == root && word.StartsWith('[')))
                return arguments;
            if (word.Length > 1 && word[0] == '-')
            {
                if (TakesNext(word, command, root))
                    i++;
                continue;
            }
            if (command.Subcommands.Count > 0)
            {
                command =
                    command.Subcommands.FirstOrDefault(known => known.Name == word || known.Aliases.Contains(word))
                    ?? throw UnknownCommand(word, command);
                continue;
            }
            if (!Verbs.Contains(command.Name))
                continue;
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
    public static bool HasContainerCodes(string? verb) => verb is "run" or "exec";

    private static bool IsBundleOption(string word) =>
        word == "--ctp" || word.StartsWith("--ctp=", StringComparison.Ordinal);

    /// <summary>Whether the option's value is the next word: <c>--name web</c>, <c>-p 80:80</c>, <c>-dp 80:80</c>.</summary>
    private static bool TakesNext(string word, Command command, Command root)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            var equals = word.IndexOf('=');
            var option = Find(equals < 0 ? word : word[..equals], command, root);
            return equals < 0 && TakesValue(option);
        }
        for (var i = 1; i < word.Length; i++)
        {
            if (TakesValue(Find($"-{word[i]}", command, root)))
                return i == word.Length - 1;
        }
        return false;
    }

    private static bool TakesValue(Option option) =>
        option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static Option Find(string name, Command command, Command root)
    {
        var options =
            command == root ? root.Options : [.. command.Options, .. root.Options.Where(known => known.Recursive)];
        return options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name))
            ?? throw UnknownOption(name, command, options);
    }

    private static PublicError UnknownOption(string name, Command command, IEnumerable<Option> options)
    {
        var path = command is RootCommand ? "vordr" : $"vordr {command.Name}";
        var near = Spelling.Nearest(name, options.Select(option => option.Name));
        return new PublicError(
            ErrorId.Usage,
            $"{path} has no option {name}.",
            near is null ? [$"{path} --help"] : [$"did you mean {near}?", $"{path} --help"]
        );
    }

    private static PublicError UnknownCommand(string word, Command command)
    {
        var path = command is RootCommand ? "vordr" : $"vordr {command.Name}";
        var near = Spelling.Nearest(word, command.Subcommands.Select(known => known.Name));
        return new PublicError(
            ErrorId.Usage,
            $"{path} has no command {word}.",
            near is null ? [$"{path} --help"] : [$"did you mean {path} {near}?", $"{path} --help"]
        );
    }
}
