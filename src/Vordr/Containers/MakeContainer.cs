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
/// Creates a container, or creates and starts it: the whole way from a name to a process.
/// <list type="number">
/// <item>The name is resolved, once, to a stored bundle; nothing is looked up by name after this.</item>
/// <item>The verdict over its stored evidence.</item>
/// <item>Layers present, network known.</item>
/// <item>Journal row, container row, address, idempotency key: one commit, under the container's lock. Nobody sees the
/// container yet.</item>
/// <item>When it is to run: the network comes up whole.</item>
/// <item>Root filesystem, spec, run rules over the finished spec, conmon and the runtime's create.</item>
/// <item>When it is to run: the streams are attached, and the runtime lets it go.</item>
/// <item>One commit makes it seen, in its state, and closes the journal row.</item>
/// </list>
/// A failure after 4 lets go of the locks and rolls the journal row back; so does the next command after a kill.
/// </summary>
internal sealed class MakeContainer(Instance instance)
{
    private readonly ContainerNetworks _networks = new(instance);

    /// <summary>Creates.</summary>
    public Task<Made> CreateAsync(CreateRequest request, CallKey? call, CancellationToken cancellation) =>
        ExecuteAsync(new Order(request, Operation.Create, null), call, cancellation);

    /// <summary>Creates and starts; connected to its streams before its first instruction where there are any.</summary>
    public Task<Made> RunAsync(RunRequest request, CallKey? call, CancellationToken cancellation) =>
        ExecuteAsync(new Order(request.Create, Operation.Run, request.Streams), call, cancellation);

    private async Task<Made> ExecuteAsync(Order order, CallKey? call, CancellationToken cancellation)
    {
        OptionChecks.Check(order.Request.Options);
        instance.Cgroups.Warm();
        var bundle = instance.Database.Read(ContentName.Parse(order.Request.Image).Resolve);
        var matter = new Matter(order.Request.Caller, order.Name, bundle.Reference);
        var verdict = await JudgeAsync(order.Request, bundle, matter, cancellation);
        using var store = await instance.Locks.ShareAsync(LockNames.Store, cancellation);
        var layers = await instance.Layers.EnsureAllAsync(Sources(bundle), cancellation);
        var container = Row(order.Request, bundle);
        var network = NetworkNames.IsBridge(container.Network)
            ? await _networks.RequireAsync(container.Network, cancellation)
            : null;
        var work = new Work(
            order,
            container,
            bundle,
            layers,
            network,
            matter with
            {
                Container = container.Id.ToString(),
            }
        );
        return await MakeAsync(work, verdict, call, cancellation);
    }

    private async Task<Made> MakeAsync(Work work, Verdict verdict, CallKey? call, CancellationToken cancellation)
    {
        JournalRow? journal = null;
        AttachConnection? attached = null;
        try
        {
            using var hold = await ContainerHold.TakeAsync(
                instance.Locks,
                work.Container.Id,
                withNetwork: work is { Network: not null, Order.Runs: true },
                cancellation
            );
            journal = Open(work, call);
            var notes = SetUpNetwork(work, hold);
            var request = work.Order.Request;
            var rules = RunVerdict.Rules(
                instance.Gate.Policy(),
                request.Caller,
                request.Constraints,
                request.Narrowing
            );
            var up = await new BringUp(instance).ExecuteAsync(
                work.Container,
                work.Bundle,
                work.Layers,
                new SpecRules(verdict, rules),
                cancellation
            );
            up = up with { Notes = [.. notes, .. up.Notes] };
            var decision = instance.Gate.Record(work.Matter, up.Verdict);
            if (work.Order.Streams is not null)
                attached = await AttachConnection.ConnectAsync(
                    instance.Paths.Container(work.Container.Id),
                    cancellation
                );
            if (work.Order.Runs)
                await instance.Runtime.StartAsync(work.Container.Id.ToString(), cancellation);
            var row = Close(work, journal, up, decision, call);
            return new Made(row, up.Verdict, decision, up.Notes, attached);
        }
        catch (Exception error)
        {
            if (attached is not null)
                await attached.DisposeAsync();
            if (journal is not null)
                await new RollBackContainer(instance).TryAsync(back => back.MadeAsync(journal));
            if (error is RunRefused refused)
                throw instance.Gate.Refused(work.Matter, refused.Verdict);
            throw;
        }
    }

    private async Task<Verdict> JudgeAsync(
        CreateRequest request,
        BundleRow bundle,
        Matter matter,
        CancellationToken cancellation
    )
    {
        var verdict = instance.Gate.Judge(await instance.Gate.EvidenceAsync(bundle, cancellation), request.Narrowing);
        // An allow is recorded when the finished spec is judged too: one decision, one record.
        return verdict.Allowed ? verdict : throw instance.Gate.Refused(matter, verdict);
    }

    private List<LayerSource> Sources(BundleRow bundle) =>
        instance.Database.Read(session => session.Layers(bundle.Digest)).ConvertAll(LoadBundle.SourceOf);

    private ContainerRow Row(CreateRequest request, BundleRow bundle) =>
        new()
        {
            Id = ContainerId.New(),
            Name = request.Options.Name ?? ContainerNames.Draw(),
            Bundle = bundle.Digest,
            Image = bundle.Reference,
            Root = bundle.Root,
            Options = request.Options,
            State = null,
            Desired = DesiredState.Stopped,
            Created = instance.Time.GetUtcNow(),
            Network = request.Options.Network ?? NetworkNames.Default,
            Labels = request.Options.Labels,
        };

    private JournalRow Open(Work work, CallKey? call) =>
        instance.Database.Write(session =>
        {
            var now = instance.Time.GetUtcNow();
            var id = work.Container.Id;
            var journal = session.OpenJournal(work.Order.Operation, id.ToString(), LockNames.Container(id), now);
            session.Insert(work.Container);
            if (work.Network is { } network)
                session.GiveAddress(
                    session.FindNetwork(network.Definition.Name)
                        ?? throw ContainerNetworks.NotFound(network.Definition.Name),
                    id
                );
            call?.Open(session, journal, now);
            return journal;
        });

    private IReadOnlyList<string> SetUpNetwork(Work work, ContainerHold hold)
    {
        if (work is not { Network: { } network, Order.Runs: true })
            return [];
        var notes = _networks.SetUp(work.Container, network);
        hold.ReleaseNetwork();
        return notes;
    }

    private ContainerRow Close(Work work, JournalRow journal, BroughtUp up, long decision, CallKey? call) =>
        instance.Database.Write(session =>
        {
            var id = work.Container.Id;
            session.SetProcess(id, up);
            session.SetDecision(id, decision, up.Verdict.Unverified);
            session.SetCreated(id);
            if (work.Order.Runs)
                session.SetRunning(id, instance.Time.GetUtcNow());
            call?.Complete(session, id.ToString());
            session.CloseJournal(journal);
            return session.FindContainer(id)!;
        });

    private sealed record Order(CreateRequest Request, Operation Operation, ContainerStreams? Streams)
    {
        public bool Runs => Operation == Operation.Run;

        public string Name => Runs ? "run" : "create";
    }

    private sealed record Work(
        Order Order,
        ContainerRow Container,
        BundleRow Bundle,
        IReadOnlyList<Layer> Layers,
        NetworkRow? Network,
        Matter Matter
    );
}

/// <summary>A container that was made or started.</summary>
/// <param name="Row">Its row, as it was committed.</param>
/// <param name="Verdict">What let it in.</param>
/// <param name="Decision">The recorded decision.</param>
/// <param name="Notes">What was clipped to the host's limits, in words.</param>
/// <param name="Attached">Its streams, where they were asked for: the caller's to pump and dispose of.</param>
internal sealed record Made(
    ContainerRow Row,
    Verdict Verdict,
    long Decision,
    IReadOnlyList<string> Notes,
    AttachConnection? Attached
)
{
    public ContainerId Id => Row.Id;
}
