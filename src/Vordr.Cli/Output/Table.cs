namespace Vordr.Cli.Output;

/// <summary>Columns as Docker and podman print them: a line of headings, three spaces between.</summary>
internal sealed class Table(params IReadOnlyList<string> headings)
{
    private const string Gap = "   ";

    private readonly List<IReadOnlyList<string>> _rows = [headings];

    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = new int[headings.Count];
        foreach (var row in _rows)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }
        foreach (var row in _rows)
        {
            for (var i = 0; i < widths.Length - 1; i++)
                output.Write(row[i].PadRight(widths[i]) + Gap);
            output.WriteLine(row[^1]);
        }
    }
}
