using Vordr.Bundles;

namespace Vordr.Images;

/// <summary>Lists stored images, loaded last first.</summary>
internal sealed class ListImages(Instance instance)
{
    public IReadOnlyList<ImageSummary> Execute() =>
        instance.Database.Read(session =>
            session
                .Bundles()
                .ConvertAll(bundle => new ImageSummary(
                    bundle.Name,
                    bundle.Version,
                    bundle.Digest,
                    bundle.Root,
                    bundle.Platform,
                    bundle.Size,
                    bundle.Created,
                    bundle.Loaded
                ))
        );
}
