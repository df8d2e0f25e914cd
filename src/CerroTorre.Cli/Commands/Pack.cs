using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using CerroTorre.Packing;
using CerroTorre.Sources;
using CerroTorre.Statements;
using Oci.Errors;
using Trust.Keys;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct pack SOURCE -o FILE</c>.</summary>
internal sealed class Pack
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "dir:ROOTFS, oci:DIR[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME:TAG]",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The bundle to write",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _name = Text("--name", "Package name; the source's own name by default", "NAME");
    private readonly Option<string?> _version = Text(
        "--version",
        "Package version; the source's tag by default",
        "VERSION"
    );

    private readonly Option<string?> _created = Text(
        "--created",
        "Time that the package says (RFC 3339); default SOURCE_DATE_EPOCH, else the image's, else 1970",
        "TIME"
    );

    private readonly Option<string?> _platform = Text(
        "--platform",
        "Pack one platform only, e.g. linux/amd64",
        "OS/ARCH"
    );
    private readonly Option<string?> _description = Text("--description", "What it is, in a line", "TEXT");
    private readonly Option<string?> _license = Text("--license", "Its licence, an SPDX expression", "SPDX");
    private readonly Option<string?> _sourceUrl = Text("--source", "Where its source code is", "URL");

    private readonly Option<string[]> _annotations = new("--annotation")
    {
        Description = "Something else to say; may be given again",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<bool> _sign = new("--sign") { Description = "Sign; an error when there is no key" };
    private readonly Option<bool> _noSign = new("--no-sign") { Description = "Don't sign, even with a default key" };
    private readonly Option<string?> _sbom = Text(
        "--sbom",
        "Use this SBOM (SPDX 2.3 or CycloneDX) instead of making one",
        "FILE"
    );
    private readonly Option<string?> _provenance = Text(
        "--provenance",
        "Use this SLSA v1 predicate instead of making one",
        "FILE"
    );
    private readonly ExecutionOptions _execution = new();
    private readonly SigningOptions _signing = new();

    public static Command Create(CtHost host)
    {
        var pack = new Pack();
        var command = new ExampleCommand(
            "pack",
            "Make a bundle of an image; signed when there is a default key",
            "ct pack oci-archive:web.tar --name acme/web --version 1.4.2 -o web.ctp",
            "docker save acme/web:1.4.2 -o web.tar && ct pack docker-archive:web.tar -o web.ctp",
            "ct pack oci:layout:latest --platform linux/arm64 --version 1.4.2 -o web.ctp",
            "ct pack dir:rootfs --name web --version 1.4.2 --cmd '[\"/bin/httpd\",\"-f\"]' -o web.ctp"
        )
        {
            pack._source,
            pack._output,
            pack._name,
            pack._version,
            pack._created,
            pack._platform,
            pack._description,
            pack._license,
            pack._sourceUrl,
            pack._annotations,
            pack._sign,
            pack._noSign,
            pack._sbom,
            pack._provenance,
        };
        pack._signing.AddTo(command);
        pack._execution.AddTo(command);
        command.SetAction((parsed, cancellationToken) => pack.RunAsync(parsed, host, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CtHost host, CancellationToken cancellationToken)
    {
        var asJson = parsed.GetValue(CtCommands.Json);
        using var key = KeyFor(parsed, host);
        using var progress = ProgressLine.For(host, asJson);
        var result = await Packer.PackAsync(
            await RequestAsync(parsed, host, key, progress, cancellationToken),
            cancellationToken
        );
        progress?.Dispose();
        if (asJson)
            JsonText.Write(host.Out, JsonOf(result, key));
        else
            WriteText(host, result, key);
        return ExitCodes.Ok;
    }

    private async Task<PackRequest> RequestAsync(
        ParseResult parsed,
        CtHost host,
        SigningKey? key,
        ProgressLine? progress,
        CancellationToken cancellationToken
    )
    {
        var source = SourceSpec.Parse(parsed.GetValue(_source)!);
        if (source.Kind != SourceKind.Directory && _execution.AreGiven(parsed))
        {
            throw new PublicError(
                ErrorId.Usage,
                "only a dir: source takes --entrypoint, --cmd, --env, --workdir, --user and --expose: "
                    + "the config of an image is never rewritten"
            );
        }
        return new PackRequest(source, parsed.GetValue(_output)!)
        {
            Name = parsed.GetValue(_name),
            Version = parsed.GetValue(_version),
            Created = CreatedTime.Read(parsed.GetValue(_created), host),
            Platform = parsed.GetValue(_platform) is { } platform ? Usage.Of(() => PlatformOf.Parse(platform)) : null,
            Description = parsed.GetValue(_description),
            License = parsed.GetValue(_license),
            SourceUrl = parsed.GetValue(_sourceUrl),
            Annotations = Usage.Pairs(parsed.GetValue(_annotations), "--annotation"),
            Execution = _execution.Read(parsed),
            Key = key,
            Suite = _signing.Suite(parsed),
            Sbom = parsed.GetValue(_sbom) is { } sbom
                ? await GivenPredicate.ReadSbomAsync(sbom, cancellationToken)
                : null,
            Provenance = parsed.GetValue(_provenance) is { } provenance
                ? await GivenPredicate.ReadProvenanceAsync(provenance, cancellationToken)
                : null,
            Progress = progress,
        };
    }

    private SigningKey? KeyFor(ParseResult parsed, CtHost host)
    {
        var wants = parsed.GetValue(_sign) || _signing.NamesKey(parsed);
        if (parsed.GetValue(_noSign))
            return wants ? throw new PublicError(ErrorId.Usage, "--no-sign excludes --sign and --key") : null;
        if (!wants && host.Keys.DefaultName is null)
        {
            if (parsed.GetValue(_sbom) is not null || parsed.GetValue(_provenance) is not null)
                throw new PublicError(
                    ErrorId.Usage,
                    "--sbom and --provenance are signed statements, and there is no key",
                    "ct keygen"
                );
            return null;
        }
        return _signing.Load(parsed, host);
    }

    private static void WriteText(CtHost host, PackResult result, SigningKey? key)
    {
        var head = result.Head;
        host.Out.WriteLine($"✓ Packed {head.PackageManifest.Reference} into {ForeignText.Escape(result.Path)}");
        host.Out.WriteLine();
        host.Out.WriteLine($"    image    {head.Root.Digest}");
        host.Out.WriteLine($"    bundle   {result.BundleDigest}  {Sizes.Text(result.Size)}");
        host.Out.WriteLine(
            $"    for      {string.Join(", ", head.Summary.Platforms.Select(p => ForeignText.Escape(p.Platform)))}"
        );
        if (result.Packages is { } packages)
            host.Out.WriteLine($"    SBOM     {packages} packages (dpkg and apk databases)");
        host.Out.WriteLine(key is null ? "    signer   nobody" : $"    signer   {key.Id}");
        foreach (var note in result.Notes)
            host.Out.WriteLine($"    note     {note}");
        if (key is not null)
            return;
        host.Out.WriteLine();
        host.Out.WriteLine($"  → ct keygen && ct sign {ForeignText.Escape(result.Path)}");
    }

    private static JsonObject JsonOf(PackResult result, SigningKey? key) =>
        new()
        {
            ["path"] = result.Path,
            ["bundle"] = result.BundleDigest.ToString(),
            ["size"] = result.Size,
            ["signer"] = key?.Id.ToString(),
            ["packages"] = result.Packages,
            ["notes"] = JsonText.ArrayOf(result.Notes),
            ["summary"] = result.Head.Summary.ToJson(),
        };

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
