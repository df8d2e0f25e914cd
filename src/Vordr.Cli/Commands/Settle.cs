namespace Vordr.Cli.Commands;

/// <summary>
/// <c>vordr [--root R] [--run-root U] settle ID</c>: conmon's exit command. People never type it, so it isn't listed, and
/// since every container's end waits for it, it doesn't pay for a parser.
/// </summary>
internal static class Settle
{
    public const string Verb = "settle";

    /// <summary>The exit code, or null when the arguments spell something else.</summary>
    public static async Task<int?> TryRunAsync(IReadOnlyList<string> arguments, Shell shell)
    {
        string? root = null;
        string? runRoot = null;
        string? configDirectory = null;
        var i = 0;
        for (; i + 1 < arguments.Count; i += 2)
        {
            if (arguments[i] == "--root")
                root = arguments[i + 1];
            else if (arguments[i] == "--run-root")
                runRoot = arguments[i + 1];
            else if (arguments[i] == "--config-dir")
                configDirectory = arguments[i + 1];
            else
                break;
        }
        if (i != arguments.Count - 2 || arguments[i] != Verb)
            return null;

        return await Failure.GuardAsync(
            shell,
            json: false,
            containerCodes: false,
            async () =>
            {
                var instance = InstanceOptions.Of(root, runRoot, configDirectory, shell.Environment);
                await using var engine = shell.Open(instance);
                await engine.SettleAsync(arguments[i + 1], CancellationToken.None);
                return 0;
            }
        );
    }
}
