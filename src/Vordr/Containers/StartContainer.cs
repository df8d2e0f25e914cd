using Trust.Verdicts;
using Vordr.Bundles;
using Vordr.Calls;
using Vordr.Conmon;
using Vordr.Decisions;
using Vordr.Journals;
using Vordr.Locks;
using Vordr.Networks;
using Vordr.Recovery;
using Vordr.Storage;

namespace Vordr.Containers;

/// <summary>
/// Starts a container that is created or stopped.
/// <list type="number">
/// <item>The verdict, again, over the stored evidence, and the rules over the finished spec of one that is created. A
/// refusal leaves the container stopped.</item>
/// <item>For one that is stopped: layers present.</item>
/// <item>Journal row and address, under the network's and the container's lock; the network comes up.</item>
/// <item>One that is stopped is brought up anew, rules over its new spec included.</item>
/// <item>The streams are attached, and the runtime lets it go.</item>
/// <item>One commit: it runs.</item>
/// </list>
/// </summary>
internal sealed class StartContainer(Instance instance)
{
    private readonly ContainerNetworks _networks = new(instance);

    /// <summary>Starts; null when it runs already.</summary>
    public async Task<Made?> ExecuteAsync(StartRequest request, CallKey? call, CancellationToken cancellation)
    {
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State is ContainerState.Running or ContainerState.Paused)
            return null;
        instance.Cgroups.Warm();
        var bundle = instance.Database.Read(session => session.FindBundle(container.Bundle))!;
        var matter = new Matter(request.Caller, "start", bundle.Reference, container.Id.ToString());
        var rules = await RulesAsync(request, container, bundle, matter, cancellation);
        using var store = await instance.Locks.ShareAsync(LockNames.Store, cancellation);
        var layers = await instance.Layers.EnsureAllAsync(Sources(bundle), cancellation);
        var network = NetworkNames.IsBridge(container.Network)
            ? await _networks.RequireAsync(container.Network, cancellation)
            : null;
        return await StartAsync(
            new Work(request, container, bundle, layers, network, matter, rules),
            call,
            cancellation
        );
    }

    private async Task<SpecRules> RulesAsync(
        StartRequest request,
        ContainerRow container,
        BundleRow bundle,
        Matter matter,
        CancellationToken cancellation
    )
    {
        var verdict = instance.Gate.Judge(await instance.Gate.EvidenceAsync(bundle, cancellation));
        var rules = new SpecRules(
            verdict,
            RunVerdict.Rules(instance.Gate.Policy(), request.Caller, request.Constraints, narrowing: null)
        );
        if (!verdict.Allowed)
        {
            await RefuseAsync(container, cancellation);
            throw instance.Gate.Refused(matter, verdict);
        }
        return rules;
    }

    // The container is left stopped, with the reason: nothing of a created one waits on for a start that is refused.
    private async Task RefuseAsync(ContainerRow container, CancellationToken cancellation)
    {
        using var hold = await ContainerHold.TakeAsync(
            instance.Locks,
            container.Id,
            NetworkNames.IsBridge(container.Network),
            cancellation
        );
        var current = instance.Database.Read(session => session.FindContainer(container.Id));
        if (current?.State is not (ContainerState.Created or ContainerState.Stopped))
            return;
        await new TakeDown(instance).ExecuteAsync(current);
        var end = new ContainerEnd(ContainerEnd.NeverRan, EndReason.PolicyDenied, instance.Time.GetUtcNow());
        instance.Database.Write(session => session.SetNotStarted(current.Id, end));
        new TakeDown(instance).Forget(current.Id);
        if (NetworkNames.IsBridge(current.Network))
            _networks.ReleaseIdle();
    }

    private async Task<Made?> StartAsync(Work work, CallKey? call, CancellationToken cancellation)
    {
        JournalRow? journal = null;
        AttachConnection? attached = null;
        var id = work.Container.Id;
        try
        {
            using var hold = await ContainerHold.TakeAsync(
                instance.Locks,
                id,
                withNetwork: work.Network is not null,
                cancellation
            );
            var current = instance.Database.Read(session => session.Container(id.ToString()));
            if (current.State is ContainerState.Running or ContainerState.Paused)
                return null;
            journal = Open(work, call);
            IReadOnlyList<string> notes = work.Network is { } network ? _networks.SetUp(current, network) : [];
            hold.ReleaseNetwork();
            var up = current.State == ContainerState.Created ? null : await UpAsync(work, current, cancellation);
            var verdict = up?.Verdict ?? await JudgeSpecAsync(work, current, cancellation);
            var decision = instance.Gate.Record(work.Matter, verdict);
            if (work.Request.Streams is not null)
                attached = await AttachConnection.ConnectAsync(instance.Paths.Container(id), cancellation);
            await instance.Runtime.StartAsync(id.ToString(), cancellation);
            var row = Close(work, journal, up, verdict, decision, call);
            return new Made(row, verdict, decision, [.. notes, .. up?.Notes ?? current.Notes], attached);
        }
        catch (Exception error)
        {
            if (attached is not null)
                await attached.DisposeAsync();
            var refused = error as RunRefused;
            if (journal is not null)
            {
                var reason = refused is null ? EndReason.StartFailed : EndReason.PolicyDenied;
                await new RollBackContainer(instance).TryAsync(back => back.StartedAsync(journal, reason));
            }
            if (refused is not null)
                throw instance.Gate.Refused(work.Matter, refused.Verdict);
            throw;
        }
    }

    private JournalRow Open(Work work, CallKey? call) =>
        instance.Database.Write(session =>
        {
            var now = instance.Time.GetUtcNow();
            var id = work.Container.Id;
            var journal = session.OpenJournal(Operation.Start, id.ToString(), LockNames.Container(id), now);
            if (work.Network is { } network)
                session.GiveAddress(
                    session.FindNetwork(network.Definition.Name)
                        ?? throw ContainerNetworks.NotFound(network.Definition.Name),
                    id
                );
            call?.Open(session, journal, now);
            return journal;
        });

    private Task<BroughtUp> UpAsync(Work work, ContainerRow container, CancellationToken cancellation) =>
        new BringUp(instance).ExecuteAsync(container, work.Bundle, work.Layers, work.Rules, cancellation);

    private async Task<Verdict> JudgeSpecAsync(Work work, ContainerRow container, CancellationToken cancellation)
    {
        var spec = await SpecFile.ReadAsync(instance.Paths.Spec(container.Id), cancellation);
        var verdict = RunVerdict.Over(spec, BringUp.Facts(instance, container), work.Rules);
        return verdict.Allowed ? verdict : throw new RunRefused(verdict);
    }

    private ContainerRow Close(
        Work work,
        JournalRow journal,
        BroughtUp? up,
        Verdict verdict,
        long decision,
        CallKey? call
    ) =>
        instance.Database.Write(session =>
        {
            var id = work.Container.Id;
            if (up is not null)
                session.SetProcess(id, up);
            session.SetDecision(id, decision, verdict.Unverified);
            session.SetRunning(id, instance.Time.GetUtcNow());
            call?.Complete(session, id.ToString());
            session.CloseJournal(journal);
            return session.FindContainer(id)!;
        });

    private List<LayerSource> Sources(BundleRow bundle) =>
        instance.Database.Read(session => session.Layers(bundle.Digest)).ConvertAll(LoadBundle.SourceOf);

    private sealed record Work(
        StartRequest Request,
        ContainerRow Container,
        BundleRow Bundle,
        IReadOnlyList<Layer> Layers,
        NetworkRow? Network,
        Matter Matter,
        SpecRules Rules
    );
}
