using System.Text.Json.Serialization.Metadata;

namespace Vordr.Client.Binding;

/// <summary>Finds the right name for a member that people called by another: an alias, another case, a slip.</summary>
internal static class MemberNames
{
    /// <summary>What other tools call a thing, in lower case without separators, and what it is called here.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["id"] = "container",
        ["containerid"] = "container",
        ["containername"] = "container",
        ["ctr"] = "container",
        ["ctp"] = "bundle",
        ["bundledigest"] = "bundle",
        ["imagename"] = "image",
        ["imageref"] = "image",
        ["imageid"] = "image",
        ["reference"] = "image",
        ["cmd"] = "command",
        ["args"] = "command",
        ["entrypoint"] = "command",
        ["environment"] = "env",
        ["envs"] = "env",
        ["publish"] = "ports",
        ["port"] = "ports",
        ["portbindings"] = "ports",
        ["volume"] = "volumes",
        ["binds"] = "volumes",
        ["mount"] = "volumes",
        ["mounts"] = "volumes",
        ["net"] = "network",
        ["networks"] = "network",
        ["networkmode"] = "network",
        ["hostnetwork"] = "network",
        ["cwd"] = "workdir",
        ["workingdir"] = "workdir",
        ["workingdirectory"] = "workdir",
        ["readonlyrootfs"] = "readOnly",
        ["memorylimit"] = "memory",
        ["mem"] = "memory",
        ["pids"] = "pidsLimit",
        ["rm"] = "autoRemove",
        ["remove"] = "autoRemove",
        ["capabilities"] = "capAdd",
        ["capsadd"] = "capAdd",
        ["securityopts"] = "securityOpt",
        ["device"] = "devices",
        ["pidmode"] = "pid",
        ["ipcmode"] = "ipc",
        ["utsmode"] = "uts",
        ["lines"] = "tail",
        ["seconds"] = "timeout",
        ["time"] = "timeout",
        ["digest"] = "upload",
    };

    /// <summary>
    /// The right name of <paramref name="name"/> in <paramref name="type"/>, as it should be written: the bare name
    /// for a member of the same object, a pointer for one elsewhere in the document.
    /// </summary>
    public static string? Propose(string name, JsonTypeInfo type, string pointer, JsonTypeInfo root)
    {
        if (Match(name, type) is { } here)
            return here;
        // The right member may be one level down (env belongs into config), or up at the root.
        foreach (var property in type.Properties)
        {
            var nested = type.Options.GetTypeInfo(property.PropertyType);
            if (nested.Kind == JsonTypeInfoKind.Object && Match(name, nested) is { } inside)
                return $"{JsonPointer.Append(pointer, property.Name)}/{inside}";
        }
        return pointer.Length > 0 && Match(name, root) is { } above ? $"/{above}" : null;
    }

    private static string? Match(string name, JsonTypeInfo type)
    {
        var folded = Fold(name);
        var alias = Aliases.GetValueOrDefault(folded);
        string? near = null;
        foreach (var property in type.Properties)
        {
            if (Fold(property.Name) == folded || property.Name == alias)
                return property.Name;
            if (near is null && Spelling.IsSlip(folded, Fold(property.Name)))
                near = property.Name;
        }
        return near;
    }

    private static string Fold(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
