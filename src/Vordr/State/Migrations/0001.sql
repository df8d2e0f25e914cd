-- Times are Unix milliseconds, UTC. Digests and ids are their texts. JSON columns hold records of ours.

CREATE TABLE bundles (
    digest           TEXT PRIMARY KEY,
    evidence         TEXT NOT NULL UNIQUE, -- digest over root, package manifest and attestation set: one byte form, so one bundle
    root             TEXT NOT NULL,
    name             TEXT NOT NULL,
    version          TEXT NOT NULL,
    package_manifest TEXT NOT NULL,
    manifest         TEXT NOT NULL,        -- the manifest that runs here
    config           TEXT NOT NULL,
    platform         TEXT NOT NULL,
    size             INTEGER NOT NULL,
    created          INTEGER,
    loaded           INTEGER NOT NULL
) STRICT;

CREATE INDEX bundles_root ON bundles (root, loaded);

CREATE TABLE bundle_layers (
    bundle     TEXT NOT NULL REFERENCES bundles (digest) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    blob       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,
    diff_id    TEXT NOT NULL,
    chain_id   TEXT NOT NULL,
    PRIMARY KEY (bundle, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX bundle_layers_blob ON bundle_layers (blob);
CREATE INDEX bundle_layers_chain ON bundle_layers (chain_id);

-- Every other blob that a bundle needs: manifests and configs.
CREATE TABLE bundle_documents (
    bundle TEXT NOT NULL REFERENCES bundles (digest) ON DELETE CASCADE,
    blob   TEXT NOT NULL,
    PRIMARY KEY (bundle, blob)
) STRICT, WITHOUT ROWID;

CREATE INDEX bundle_documents_blob ON bundle_documents (blob);

-- A name leads to the bundle that was loaded last under it.
CREATE TABLE names (
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    bundle  TEXT NOT NULL REFERENCES bundles (digest) ON DELETE CASCADE,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    operation TEXT NOT NULL,
    principal TEXT NOT NULL,
    subject   TEXT NOT NULL,
    root      TEXT,
    container TEXT,
    trace     TEXT,
    allowed   INTEGER NOT NULL,
    verdict   TEXT NOT NULL
) STRICT;

CREATE TABLE networks (
    name    TEXT PRIMARY KEY,
    subnet  TEXT NOT NULL UNIQUE,
    gateway TEXT NOT NULL,
    bridge  TEXT NOT NULL UNIQUE,
    last    TEXT,                    -- address given out last: the next one lies beyond, so that an old one rests
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE containers (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    bundle     TEXT NOT NULL REFERENCES bundles (digest),
    options    TEXT NOT NULL,
    state      TEXT,                 -- null while it is being made: nobody sees it yet
    desired    TEXT NOT NULL,
    created    INTEGER NOT NULL,
    started    INTEGER,
    finished   INTEGER,
    exit_code  INTEGER,
    reason     TEXT,
    oom        INTEGER NOT NULL DEFAULT 0,
    pid        INTEGER,
    pid_start  INTEGER,
    conmon     INTEGER,
    conmon_start INTEGER,
    boot       TEXT,                 -- the boot that pids, mounts and pins belong to; null when there are none
    network    TEXT NOT NULL,        -- a network's name, or none, or host
    runtime    TEXT NOT NULL,
    command    TEXT NOT NULL,
    labels     TEXT NOT NULL,
    notes      TEXT NOT NULL,
    unverified INTEGER NOT NULL DEFAULT 0,
    decision   INTEGER REFERENCES decisions (id) -- the one that let it in; null while it is being made
) STRICT, WITHOUT ROWID;

CREATE INDEX containers_created ON containers (created);
CREATE INDEX containers_boot ON containers (boot) WHERE boot IS NOT NULL;

-- How containers ended that removed themselves, for whoever still waits for them.
CREATE TABLE ends (
    container TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ends_at ON ends (at);

CREATE TABLE addresses (
    network   TEXT NOT NULL REFERENCES networks (name),
    address   TEXT NOT NULL,
    container TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    PRIMARY KEY (network, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_container ON addresses (container);

CREATE TABLE ports (
    host_port      INTEGER NOT NULL,
    protocol       TEXT NOT NULL,
    host_address   TEXT NOT NULL,    -- 0.0.0.0 for every one
    container      TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    container_port INTEGER NOT NULL,
    PRIMARY KEY (host_port, protocol, host_address)
) STRICT, WITHOUT ROWID;

CREATE INDEX ports_container ON ports (container);

-- What is under way. A row whose lock can be taken is orphaned, and is rolled forward or back by whoever comes next.
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL,
    subject   TEXT NOT NULL,
    lock      TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

-- Content that an operation under way relies on, and that nothing else may refer to yet.
CREATE TABLE leases (
    journal INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,           -- blob, layer or evidence
    digest  TEXT NOT NULL,
    PRIMARY KEY (journal, kind, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX leases_digest ON leases (kind, digest);

CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    key       TEXT NOT NULL,
    arguments TEXT NOT NULL,
    journal   INTEGER,               -- the row that works on it
    outcome   TEXT,                  -- null until there is one
    at        INTEGER NOT NULL,
    PRIMARY KEY (principal, operation, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_journal ON idempotency (journal);
