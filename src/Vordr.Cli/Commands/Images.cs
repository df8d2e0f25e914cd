using System.CommandLine;
using Vordr.Cli.Output;
using Vordr.Client.Binding;
using Vordr.Images;
using Vordr.Server.Tools;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr images</c>: what is stored.</summary>
internal static class Images
{
    public static Command Create(Shell shell, Globals globals)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print image ids only" };
        var digests = new Option<bool>("--digests") { Description = "Print whole digests" };
        var command = new Command("images", "List stored images and the bundles that vouch for them")
        {
            quiet,
            digests,
        };
        ExamplesHelp.Attach(command, "vordr images", "vordr images --digests", "vordr images --json");
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var images = await invocation.Engine.ImagesAsync(
                    new ImagesRequest(invocation.Caller),
                    invocation.Cancellation
                );
                if (invocation.Json)
                    Json.PrintAll(shell, images.Select(AnswerMap.Image), WireJson.Default.ImageSummary);
                else if (invocation.Parse.GetValue(quiet))
                {
                    foreach (var image in images)
                        shell.Out.WriteLine(Words.Short(image.ImageDigest.Hex));
                }
                else
                    Print(shell, images, invocation.Parse.GetValue(digests));
                return 0;
            }
        );
    }

    private static void Print(Shell shell, IReadOnlyList<ImageSummary> images, bool whole)
    {
        var now = shell.Time.GetUtcNow();
        var table = new Table("REPOSITORY", "TAG", "IMAGE ID", "BUNDLE", "CREATED", "SIZE");
        foreach (var image in images)
        {
            table.Add(
                Words.Printable(image.Name),
                Words.Printable(image.Version),
                whole ? image.ImageDigest.ToString() : Words.Short(image.ImageDigest.Hex),
                whole ? image.BundleDigest.ToString() : Words.Short(image.BundleDigest.Hex),
                image.Created is { } created ? $"{AnswerMap.Ago(now - created)} ago" : "–",
                Words.Size(image.Size)
            );
        }
        table.Write(shell.Out);
    }
}
