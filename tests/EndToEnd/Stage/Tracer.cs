namespace EndToEnd.Stage;

/// <summary>The strace that follows a command's children after the command itself has ended.</summary>
internal static class Tracer
{
    /// <summary>Ends the strace that writes <paramref name="log"/>; what it traced goes on untraced.</summary>
    public static async Task DetachAsync(string log)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || !IsTracer(pid, log))
                continue;
            await Command.RunAsync("kill", "-TERM", $"{pid}");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (IsTracer(pid, log))
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private static bool IsTracer(int pid, string log)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
            return words[0].EndsWith("strace", StringComparison.Ordinal) && words.Contains(log);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
