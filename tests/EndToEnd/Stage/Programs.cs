namespace EndToEnd.Stage;

/// <summary>The published programs under test: <c>$STACK_PROGRAMS</c>, else <c>artifacts/publish</c> of this checkout.</summary>
internal static class Programs
{
    public static string Ct => Find("ct");

    public static string Vordr => Find("vordr");

    public static string Svalinn => Find("svalinn");

    public static string Checkout { get; } = FindCheckout();

    private static string Find(string name)
    {
        var folder =
            Environment.GetEnvironmentVariable("STACK_PROGRAMS") ?? Path.Combine(Checkout, "artifacts", "publish");
        var program = Path.Combine(folder, name);
        return File.Exists(program)
            ? program
            : throw new FileNotFoundException($"{program} is missing: run ./dev publish", program);
    }

    private static string FindCheckout()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Stack.slnx")))
                return folder;
        }
        throw new InvalidOperationException("Stack.slnx stands in no folder above the test.");
    }
}
