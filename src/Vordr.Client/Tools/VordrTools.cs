namespace Vordr.Client.Tools;

/// <summary>The tools of <c>vordr serve</c>. The only table: server, client, gateway and documentation read this one.</summary>
public static class VordrTools
{
    /// <summary>Creates and starts a container, detached.</summary>
    public static readonly VordrTool Run = Writes(
        "vordr_run",
        "Run a container",
        "Creates a container from a stored bundle or image and starts it. If the start fails, nothing is left. "
            + "The trust policy judges the bundle and the finished container before anything runs.",
        destructive: false,
        idempotent: false
    );

    /// <summary>Creates a container without starting it.</summary>
    public static readonly VordrTool Create = Writes(
        "vordr_create",
        "Create a container",
        "Creates a container from a stored bundle or image, without starting it.",
        destructive: false,
        idempotent: false
    );

    /// <summary>Starts a created or stopped container.</summary>
    public static readonly VordrTool Start = Writes(
        "vordr_start",
        "Start a container",
        "Starts a created or stopped container; the trust policy is asked again.",
        destructive: false,
        idempotent: true
    );

    /// <summary>Stops a running container.</summary>
    public static readonly VordrTool Stop = Writes(
        "vordr_stop",
        "Stop a container",
        "Sends the container its stop signal, and kills it when the timeout has passed.",
        destructive: true,
        idempotent: true
    );

    /// <summary>Removes a container.</summary>
    public static readonly VordrTool Remove = Writes(
        "vordr_rm",
        "Remove a container",
        "Removes a container and what it wrote; a running one only with force.",
        destructive: true,
        idempotent: false
    );

    /// <summary>Lists containers.</summary>
    public static readonly VordrTool List = Reads(
        "vordr_ps",
        "List containers",
        "Lists running containers; with all, also created and exited ones."
    );

    /// <summary>Shows one container in full.</summary>
    public static readonly VordrTool Inspect = Reads(
        "vordr_inspect",
        "Inspect a container",
        "Shows one container in full. Environment values are redacted."
    );

    /// <summary>Reads a container's output.</summary>
    public static readonly VordrTool Logs = Reads(
        "vordr_logs",
        "Read logs",
        "Reads what a container wrote to standard output and standard error."
    );

    /// <summary>Runs a command in a running container.</summary>
    public static readonly VordrTool Exec = Writes(
        "vordr_exec",
        "Execute in a container",
        "Runs a command in a running container and answers with its exit code and output.",
        destructive: true,
        idempotent: false
    );

    /// <summary>Lists stored images.</summary>
    public static readonly VordrTool Images = Reads(
        "vordr_images",
        "List images",
        "Lists the stored bundles and images."
    );

    /// <summary>Lists networks.</summary>
    public static readonly VordrTool NetworkList = Reads(
        "vordr_network_ls",
        "List networks",
        "Lists the networks that containers can join."
    );

    /// <summary>Creates a network.</summary>
    public static readonly VordrTool NetworkCreate = Writes(
        "vordr_network_create",
        "Create a network",
        "Creates a bridge network; without a subnet a free one is chosen.",
        destructive: false,
        idempotent: false
    );

    /// <summary>Judges a stored bundle without deciding anything.</summary>
    public static readonly VordrTool Verify = Reads(
        "vordr_verify",
        "Verify a bundle",
        "Judges a stored bundle or image by the trust policy and answers with the verdict; decides nothing."
    );

    /// <summary>Names a finished upload and answers with what it became.</summary>
    public static readonly VordrTool BundleLoad = Writes(
        "vordr_bundle_load",
        "Load an uploaded bundle",
        "Answers with name, digests and verdict of a bundle whose bytes came in by PUT /bundles.",
        destructive: false,
        idempotent: true
    );

    /// <summary>Says whether Vörðr works.</summary>
    public static readonly VordrTool Health = Reads(
        "vordr_health",
        "Health",
        "Says whether Vörðr works, its version, and which OCI runtime it uses."
    );

    /// <summary>Every tool, in the order in which they are listed.</summary>
    public static IReadOnlyList<VordrTool> All { get; } =
    [
        Run,
        Create,
        Start,
        Stop,
        Remove,
        List,
        Inspect,
        Logs,
        Exec,
        Images,
        NetworkList,
        NetworkCreate,
        Verify,
        BundleLoad,
        Health,
    ];

    private static VordrTool Reads(string name, string title, string description) =>
        new(name, title, description, ReadOnly: true, Destructive: false, Idempotent: true);

    private static VordrTool Writes(string name, string title, string description, bool destructive, bool idempotent) =>
        new(name, title, description, ReadOnly: false, destructive, idempotent);
}
