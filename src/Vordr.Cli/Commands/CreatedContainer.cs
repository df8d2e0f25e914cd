using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Containers;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary>What <c>run -d</c> and <c>create</c> print: the id, on a line of its own.</summary>
internal static class CreatedContainer
{
    public static void Print(
        Invocation invocation,
        ContainerSummary container,
        long decision,
        IReadOnlyList<string> notes
    )
    {
        if (invocation.Json)
        {
            Json.Print(invocation.Shell, AnswerMap.Created(container, decision, notes), WireJson.Default.CreateAnswer);
            return;
        }
        invocation.Shell.Out.WriteLine(container.Id.ToString());
        PrintNotes(invocation.Shell, notes);
    }

    /// <summary>What was changed to fit the host is said to who looks; scripts find it in <c>inspect</c>.</summary>
    public static void PrintNotes(Shell shell, IReadOnlyList<string> notes)
    {
        if (!shell.ErrorIsTerminal)
            return;
        foreach (var note in notes)
            shell.Error.WriteLine($"note: {note}");
    }
}
