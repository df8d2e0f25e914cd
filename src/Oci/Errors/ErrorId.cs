namespace Oci.Errors;

/// <summary>
/// A registered error: its stable <see cref="Name"/>, HTTP status and exit code. The table below is the only one;
/// <c>docs/reference/errors.md</c> is generated from it.
/// </summary>
/// <param name="Name">Stable id, <c>ERR_…</c>; never reused for something else.</param>
/// <param name="HttpStatus">Status of the HTTP answer (RFC 9110).</param>
/// <param name="ExitCode">Exit code of <c>vordr</c> and <c>svalinn</c>; <c>run</c>, <c>start -a</c> and <c>exec</c> use 125.</param>
/// <param name="Title">What went wrong, in general; the message of a <see cref="PublicError"/> says it of the case.</param>
public sealed record ErrorId(string Name, int HttpStatus, int ExitCode, string Title)
{
    /// <summary>The caller's words are malformed; the message says where.</summary>
    public static readonly ErrorId Usage = new("ERR_USAGE", 400, 2, "The request is malformed");

    /// <summary>The content type isn't one that this place takes.</summary>
    public static readonly ErrorId UnsupportedMedia = new(
        "ERR_UNSUPPORTED_MEDIA",
        415,
        2,
        "The media type is not supported here"
    );

    /// <summary>A limit on size or count was passed.</summary>
    public static readonly ErrorId TooLarge = new("ERR_TOO_LARGE", 413, 2, "The request is too large");

    /// <summary>No credential, or one that isn't valid.</summary>
    public static readonly ErrorId Unauthenticated = new("ERR_UNAUTHENTICATED", 401, 1, "Authentication is required");

    /// <summary>The principal may not do this.</summary>
    public static readonly ErrorId Forbidden = new("ERR_FORBIDDEN", 403, 1, "Not allowed for this principal");

    /// <summary>Too many requests.</summary>
    public static readonly ErrorId RateLimited = new("ERR_RATE_LIMITED", 429, 1, "Too many requests");

    /// <summary>The OCI runtime or conmon failed.</summary>
    public static readonly ErrorId Runtime = new("ERR_RUNTIME", 500, 10, "The container runtime failed");

    /// <summary>No OCI runtime, or no conmon, is installed.</summary>
    public static readonly ErrorId RuntimeNotFound = new(
        "ERR_RUNTIME_NOT_FOUND",
        500,
        11,
        "No container runtime was found"
    );

    /// <summary>The container's process could not be executed.</summary>
    public static readonly ErrorId RuntimeExec = new(
        "ERR_RUNTIME_EXEC",
        500,
        12,
        "The command could not be executed in the container"
    );

    /// <summary>Vörðr does not answer.</summary>
    public static readonly ErrorId RuntimeUnreachable = new(
        "ERR_RUNTIME_UNREACHABLE",
        503,
        10,
        "MCP server unreachable"
    );

    /// <summary>The deadline passed before the work was done.</summary>
    public static readonly ErrorId Deadline = new("ERR_DEADLINE", 504, 10, "The deadline passed");

    /// <summary>A network operation failed.</summary>
    public static readonly ErrorId Network = new("ERR_NETWORK", 500, 20, "The network could not be set up");

    /// <summary>Every address of the network, or every subnet of the pool, is taken.</summary>
    public static readonly ErrorId NetworkExhausted = new(
        "ERR_NETWORK_EXHAUSTED",
        500,
        21,
        "No free address or subnet is left"
    );

    /// <summary>A network with this name exists, or it is in use.</summary>
    public static readonly ErrorId NetworkConflict = new(
        "ERR_NETWORK_CONFLICT",
        409,
        22,
        "The network exists already or is in use"
    );

    /// <summary>A host port is taken; the message names its owner.</summary>
    public static readonly ErrorId PortInUse = new("ERR_CONTAINER_PORT_IN_USE", 409, 23, "The host port is taken");

    /// <summary>No image, bundle, network, volume, policy, key or decision of this name.</summary>
    public static readonly ErrorId NotFound = new("ERR_NOT_FOUND", 404, 33, "Not found");

    /// <summary>The state could not be read or written.</summary>
    public static readonly ErrorId State = new("ERR_STATE", 500, 40, "The state could not be read or written");

    /// <summary>The state is damaged, or was written by a newer version.</summary>
    public static readonly ErrorId StateCorrupt = new("ERR_STATE_CORRUPT", 500, 41, "The state is damaged");

    /// <summary>Somebody else holds the lock.</summary>
    public static readonly ErrorId StateLocked = new("ERR_STATE_LOCKED", 409, 42, "The state is locked");

    /// <summary>The disk is full, or would go below what is kept free.</summary>
    public static readonly ErrorId NoSpace = new("ERR_NO_SPACE", 507, 43, "No space is left");

    /// <summary>A verdict or a policy refuses; the verdict comes along.</summary>
    public static readonly ErrorId PolicyDenied = new("ERR_POLICY_DENIED", 403, 51, "Refused by trust policy");

    /// <summary>The bundle, an image or a layer is not well-formed.</summary>
    public static readonly ErrorId BundleMalformed = new("ERR_BUNDLE_MALFORMED", 422, 52, "The bundle is malformed");

    /// <summary>Content does not have the digest that names it.</summary>
    public static readonly ErrorId DigestMismatch = new(
        "ERR_DIGEST_MISMATCH",
        422,
        53,
        "The content does not have its digest"
    );

    /// <summary>An idempotency key came back with other arguments.</summary>
    public static readonly ErrorId IdempotencyMismatch = new(
        "ERR_IDEMPOTENCY_MISMATCH",
        422,
        54,
        "The idempotency key was used with other arguments"
    );

    /// <summary>Settings can't be read or contradict each other.</summary>
    public static readonly ErrorId Config = new("ERR_CONFIG", 500, 60, "The configuration is not valid");

    /// <summary>No container of this name or id.</summary>
    public static readonly ErrorId ContainerNotFound = new("ERR_CONTAINER_NOT_FOUND", 404, 71, "No such container");

    /// <summary>The container runs, and must not for this.</summary>
    public static readonly ErrorId ContainerRunning = new("ERR_CONTAINER_RUNNING", 409, 72, "The container is running");

    /// <summary>The container doesn't run, and must for this.</summary>
    public static readonly ErrorId ContainerStopped = new(
        "ERR_CONTAINER_STOPPED",
        409,
        73,
        "The container is not running"
    );

    /// <summary>A container of this name exists.</summary>
    public static readonly ErrorId ContainerExists = new(
        "ERR_CONTAINER_EXISTS",
        409,
        74,
        "The container name is taken"
    );

    /// <summary>A bug of ours; only a trace id leaves.</summary>
    public static readonly ErrorId Internal = new("ERR_INTERNAL", 500, 1, "Internal error");

    /// <summary>Every registered error, in the order of the reference.</summary>
    public static IReadOnlyList<ErrorId> All { get; } =
    [
        Usage,
        UnsupportedMedia,
        TooLarge,
        Unauthenticated,
        Forbidden,
        RateLimited,
        Runtime,
        RuntimeNotFound,
        RuntimeExec,
        RuntimeUnreachable,
        Deadline,
        Network,
        NetworkExhausted,
        NetworkConflict,
        PortInUse,
        NotFound,
        State,
        StateCorrupt,
        StateLocked,
        NoSpace,
        PolicyDenied,
        BundleMalformed,
        DigestMismatch,
        IdempotencyMismatch,
        Config,
        ContainerNotFound,
        ContainerRunning,
        ContainerStopped,
        ContainerExists,
        Internal,
    ];

    /// <summary>The error registered as <paramref name="name"/>, or null.</summary>
    public static ErrorId? Find(string name) => All.FirstOrDefault(error => error.Name == name);
}
