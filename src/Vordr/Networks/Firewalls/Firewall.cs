using System.Net;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Networks.Firewalls;

/// <summary>
/// The instance's nft table. It is made at first use, looked at again whenever anybody changed the rule set since
/// our last change, and then made whole from the state; it goes with the last attachment.
/// </summary>
internal sealed class Firewall(NetworkStackOptions options) : IDisposable
{
    private readonly string _table = options.Instance;
    private readonly string _memoryPath = Path.Join(options.RunRoot, "firewall");
    private readonly HostSettings _settings = new(options.RunRoot);
    private readonly Lazy<NftablesGeneration> _generation = new(() => new NftablesGeneration());
    private readonly Lazy<Nftables> _nft = new(Nftables.Open);
    private readonly Lock _change = new();

    /// <summary>Removes what a killed process left beside the memory of the table.</summary>
    public void Sweep() => FirewallMemory.Sweep(_memoryPath);

    /// <summary>Whether the host's setting is remembered: from before the first change until after the last.</summary>
    public bool IsInUse => _settings.IsRemembered;

    /// <summary>
    /// Makes the table true for this network, and the host forward packets. While nobody else changed the rule set
    /// that is a look at its generation; else everything that the state tells is compared, and added where it
    /// misses. Returns a note for the user, or null.
    /// </summary>
    public string? Ensure(NetworkDefinition network, Func<NetworkState> state)
    {
        lock (_change)
        {
            var key = FirewallMemory.Key(network);
            if (
                Current() is not { } memory
                || (!memory.Parts.Contains(key) && !TryAdd(FirewallElement.Of(network), key))
            )
                Converge(state(), removeOthers: false, network);
        }
        return HostSettings.EnsureForwarding();
    }

    /// <summary>Publishes the attachment's ports; ports that it has already are fine.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.PortInUse"/>: another container has the port.</exception>
    public void Publish(Attachment attachment, NetworkDefinition network, Func<NetworkState> state)
    {
        if (attachment.Ports.Count == 0)
            return;
        var elements = FirewallElement.Of(attachment).ToList();
        lock (_change)
        {
            if (TryAdd(elements, attachment.ContainerId))
                return;
            // Refused: another has the port, or somebody had the table in hands since Ensure. A look tells.
            foreach (var element in elements)
            {
                var holder = Look()?.Find(element)?.Owner;
                if (holder is { Length: > 0 } && holder != attachment.ContainerId)
                    throw PortTaken(element, holder);
            }
            var known = state();
            var whole = known with { Attachments = [.. known.Attachments.Where(IsOther), attachment] };
            Converge(whole, removeOthers: false, network);
        }

        bool IsOther(Attachment other) => other.ContainerId != attachment.ContainerId;
    }

    /// <summary>Takes a container's ports back; ports that are gone already are fine.</summary>
    public void Unpublish(string containerId)
    {
        lock (_change)
        {
            // Known to have none: nft isn't even loaded.
            if (Current() is not { } memory || memory.Parts.Contains(containerId))
                Delete(element => element.Owner == containerId, containerId);
        }
    }

    /// <summary>Takes a network's elements back.</summary>
    public void Remove(NetworkDefinition network)
    {
        var elements = FirewallElement.Of(network).ToHashSet();
        lock (_change)
            Delete(elements.Contains, FirewallMemory.Key(network));
    }

    /// <summary>Compares the whole table with the state: adds what misses, removes what nobody knows.</summary>
    public FirewallPlan Reconcile(NetworkState expected)
    {
        lock (_change)
            return Converge(expected, removeOthers: true);
    }

    /// <summary>Removes the table, and puts the host's setting back unless another instance still needs it.</summary>
    public void Release()
    {
        lock (_change)
        {
            // Nothing was ever set up: the usual case of a host without bridge containers; no need to load nft.
            if (!_settings.IsRemembered && !File.Exists(_memoryPath))
                return;
            using var turn = HostSettings.TakeTurn();
            var tables = Tables();
            FirewallMemory.Forget(_memoryPath);
            if (tables.Has(_table))
                Run($"delete table ip {_table}\n");
            _settings.Restore(keep: tables.OtherInstances(_table).Any());
        }
    }

    /// <summary>The state of the table, for people.</summary>
    public FirewallCondition Condition()
    {
        if (Look() is not { } table)
            return FirewallCondition.Absent;
        return FirewallMemory.Read(_memoryPath)?.Fingerprint == table.Fingerprint
            ? FirewallCondition.Intact
            : FirewallCondition.Changed;
    }

    /// <summary>Chains of every table on the host.</summary>
    public HostTables Tables() => HostTables.Parse(_nft.Value.Query("list chains"));

    /// <summary>Ports that other instances on this host publish.</summary>
    public IEnumerable<PortOwner> PortsOfOtherInstances() =>
        from other in Tables().OtherInstances(_table)
        from element in FirewallSnapshot.Parse(_nft.Value.Query($"list table ip {other}")).Elements
        let port = element.ToPort()
        where port is not null
        select new PortOwner($"{element.Owner} of instance {other}", port);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_generation.IsValueCreated)
            _generation.Value.Dispose();
        if (_nft.IsValueCreated)
            _nft.Value.Dispose();
    }

    /// <summary>What we know of the table, or null when somebody changed the rule set since, and we know nothing.</summary>
    private FirewallMemory? Current() =>
        FirewallMemory.Read(_memoryPath) is { } memory && memory.Generation == _generation.Value.Read() ? memory : null;

    /// <summary>Makes the table as the state wants it, in one transaction, and remembers how it looks then.</summary>
    private FirewallPlan Converge(NetworkState state, bool removeOthers, params NetworkDefinition[] further)
    {
        // 1. What is there, and whether chains and rules are as we made them.
        var generation = _generation.Value.Read();
        var table = Look();
        var fingerprint = FirewallMemory.Read(_memoryPath)?.Fingerprint;
        var whole = table is not null && table.Fingerprint == fingerprint;
        using var turn = whole ? null : HostSettings.TakeTurn();
        // 2. What the host had before us: in our file, or in a table of ours or of an instance that came first.
        if (!whole)
            _settings.Remember(Tables().RememberedIpForward() ?? HostSettings.IpForward);
        // 3. One transaction.
        var networks = state.UsedNetworks().Concat(further).DistinctBy(network => network.Name).ToList();
        var plan = FirewallPlan.Compare(
            _table,
            table,
            whole ? null : FirewallScript.Build(_table, _settings.Remembered ?? false),
            networks.SelectMany(FirewallElement.Of).Concat(state.Attachments.SelectMany(FirewallElement.Of)),
            removeOthers
        );
        if (plan.Script.Length > 0)
        {
            Run(plan.Script);
            generation++;
        }
        // 4. Its looks, read back, since nft has its own way of writing rules down.
        if (!whole)
            fingerprint = Look()?.Fingerprint;
        if (fingerprint is not null)
        {
            // What stays although the state doesn't name it (it is being set up, or taken down) is in as well.
            var others = removeOthers ? [] : (table?.Elements ?? []).Select(element => element.Owner);
            var owners = state.Attachments.Where(attachment => attachment.Ports.Count > 0).Select(a => a.ContainerId);
            IEnumerable<string> parts = [.. networks.Select(FirewallMemory.Key), .. owners, .. others];
            Remember(new FirewallMemory(fingerprint, generation, [.. parts.Distinct()]));
        }
        return plan;
    }

    /// <summary>Adds elements of one owner; false when nft refuses.</summary>
    private bool TryAdd(IEnumerable<FirewallElement> elements, string part)
    {
        var memory = FirewallMemory.Read(_memoryPath);
        try
        {
            _nft.Value.Run(string.Concat(elements.Select(element => FirewallScript.Add(_table, element))));
        }
        catch (NftablesError)
        {
            return false;
        }
        if (memory is not null)
            Remember(memory with { Generation = memory.Generation + 1, Parts = [.. memory.Parts, part] });
        return true;
    }

    /// <summary>Deletes elements of one owner, as far as they are there.</summary>
    private void Delete(Func<FirewallElement, bool> which, string part)
    {
        var memory = FirewallMemory.Read(_memoryPath);
        var there = (Look()?.Elements ?? []).Where(which).ToList();
        if (there.Count == 0)
            return;
        Run(string.Concat(there.Select(element => FirewallScript.Delete(_table, element))));
        ForgetDatagramFlows(there);
        if (memory is not null)
        {
            Remember(
                memory with
                {
                    Generation = memory.Generation + 1,
                    Parts = [.. memory.Parts.Where(other => other != part)],
                }
            );
        }
    }

    /// <summary>Remembers, unless somebody else changed the rule set meanwhile: then the next use takes a look.</summary>
    private void Remember(FirewallMemory memory)
    {
        if (_generation.Value.Read() == memory.Generation)
            memory.Write(_memoryPath);
    }

    /// <summary>
    /// A stream breaks with its container; a flow of datagrams would go on to its address for as long as somebody
    /// sends, past whoever publishes the port next.
    /// </summary>
    private static void ForgetDatagramFlows(IEnumerable<FirewallElement> removed)
    {
        var addresses = removed
            .Where(element => element.ToPort() is { Protocol: PortProtocol.Udp })
            .Select(element => IPAddress.Parse(element.Value!.Split(" . ")[0]))
            .ToHashSet();
        if (addresses.Count == 0)
            return;
        try
        {
            using var tracking = new ConnectionTracking();
            foreach (var address in addresses)
                tracking.Forget(address);
        }
        catch (LinuxError)
        {
            // A kernel without this interface: flows end by themselves when nobody sends for half a minute.
        }
    }

    private FirewallSnapshot? Look()
    {
        try
        {
            return FirewallSnapshot.Parse(_nft.Value.Query($"list table ip {_table}"));
        }
        catch (NftablesError) when (!Tables().Has(_table))
        {
            return null;
        }
    }

    private void Run(string script)
    {
        try
        {
            _nft.Value.Run(script);
        }
        catch (NftablesError refused)
        {
            throw new PublicError(
                ErrorId.Network,
                $"The firewall table '{_table}' could not be changed. nft said: {refused.Message}",
                refused,
                "see what is wrong with it: vordr doctor",
                "see whether the kernel has nf_tables: nft list ruleset"
            );
        }
    }

    private static PublicError PortTaken(FirewallElement element, string owner) =>
        new(
            ErrorId.PortInUse,
            $"The host port {element.Key.Split(" . ")[^1]} is published by the container {owner}.",
            "publish another host port with -p",
            $"or stop that container: vordr stop {owner}"
        );
}
