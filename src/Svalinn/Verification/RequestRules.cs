using Trust.Policies;
using Vordr.Client.Containers;

namespace Svalinn.Verification;

/// <summary>A rule that a request breaks, and the member that breaks it.</summary>
/// <param name="Pointer">JSON pointer into the body.</param>
/// <param name="Rule">The rule.</param>
internal sealed record RequestViolation(string Pointer, RuleViolation Rule);

/// <summary>
/// Judges, by the operator's <c>run</c> rules, what a request asks of the host. Vörðr judges the finished spec by the
/// same rules (they go down as constraints); this refuses at the edge what can't pass there, naming the member.
/// Falsy members ask for nothing.
/// </summary>
internal static class RequestRules
{
    /// <summary>Every rule that <paramref name="config"/> breaks.</summary>
    public static IReadOnlyList<RequestViolation> Judge(ContainerConfig? config, RunRules rules)
    {
        var violations = new List<RequestViolation>();
        if (config is null)
            return violations;
        void Refuse(string member, string rule, string reason) =>
            violations.Add(new RequestViolation($"/config/{member}", new RuleViolation($"run.{rule}", reason)));

        if (config.Privileged == true && !rules.Privileged)
            Refuse("privileged", "privileged", "a privileged container is asked for, and none may run");
        foreach (var (index, capability) in (config.CapAdd ?? []).Index())
        {
            if (!string.IsNullOrEmpty(capability) && !Allows(rules, capability))
                Refuse($"capAdd/{index}", "capabilities", $"the capability {capability} is not among those allowed");
        }
        foreach (var (index, volume) in (config.Volumes ?? []).Index())
        {
            // Where patterns are allowed, Vörðr matches them: only there links can be resolved.
            if (volume.StartsWith('/') && rules.HostPaths.Count == 0)
                Refuse($"volumes/{index}", "hostPaths", "a host path is to be mounted, and none may be");
        }
        foreach (var (index, device) in (config.Devices ?? []).Index())
        {
            if (!string.IsNullOrEmpty(device) && rules.Devices.Count == 0)
                Refuse($"devices/{index}", "devices", "a host device is asked for, and none may be handed in");
        }
        if (IsHost(config.Network) && !rules.HostNetwork)
            Refuse("network", "hostNetwork", "the host's network namespace is asked for, and is not allowed");
        JudgeNamespaces(config, rules, Refuse);
        foreach (var (index, option) in (config.SecurityOpt ?? []).Index())
        {
            if (WeakensConfinement(option) && !rules.Privileged)
                Refuse($"securityOpt/{index}", "privileged", $"'{Shown(option)}' weakens confinement");
        }
        // Absent and 0 ask for the default; below 0 asks for no limit at all.
        if (config.PidsLimit is { } pids && (pids > rules.Pids || pids < 0))
            Refuse("pidsLimit", "pids", $"at most {rules.Pids} processes are allowed");
        if (config.Memory is { } memory && rules.Memory is { } most && (memory > most || memory < 0))
            Refuse("memory", "memory", $"at most {most} bytes of memory are allowed");
        return violations;
    }

    private static void JudgeNamespaces(ContainerConfig config, RunRules rules, Action<string, string, string> refuse)
    {
        if (rules.Privileged)
            return;
        foreach (var (member, value) in new[] { ("pid", config.Pid), ("ipc", config.Ipc), ("uts", config.Uts) })
        {
            if (IsHost(value))
                refuse(member, "privileged", $"the host's {member} namespace is asked for, and is not allowed");
        }
    }

    private static bool Allows(RunRules rules, string capability)
    {
        if (rules.Privileged)
            return true;
        var name = capability.ToUpperInvariant();
        if (name.StartsWith("CAP_", StringComparison.Ordinal))
            name = name["CAP_".Length..];
        return rules.Capabilities.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsHost(string? value) => string.Equals(value, "host", StringComparison.OrdinalIgnoreCase);

    /// <summary>Docker writes these with = or with :, and people mix them.</summary>
    private static bool WeakensConfinement(string option)
    {
        var text = option.Replace(':', '=').Trim();
        return text.EndsWith("=unconfined", StringComparison.OrdinalIgnoreCase)
            || text.EndsWith("=disable", StringComparison.OrdinalIgnoreCase)
            || text.Equals("no-new-privileges=false", StringComparison.OrdinalIgnoreCase);
    }

    private static string Shown(string text) =>
        Trust.Verdicts.ForeignText.Escape(text.Length <= 64 ? text : text[..64]);
}
