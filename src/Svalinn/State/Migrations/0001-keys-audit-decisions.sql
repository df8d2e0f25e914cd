-- API keys: the secret is never here, only its HMAC under the server key.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    mac          BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT,
    revoked_at   TEXT,
    last_used_at TEXT
) STRICT;

-- One row before a state change goes down ('intended'), one after ('outcome'), or one that says why it never went
-- down ('refused'). Rows are never changed or removed: the triggers hold that against our own mistakes too.
CREATE TABLE audit (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    at           TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('intended', 'outcome', 'refused')),
    trace_id     TEXT NOT NULL,
    principal    TEXT NOT NULL,
    address      TEXT NOT NULL,
    operation    TEXT NOT NULL,
    subject      TEXT,
    status       INTEGER,
    error_id     TEXT,
    verdict_code TEXT,
    decision_id  TEXT
) STRICT;
CREATE INDEX audit_by_trace ON audit (trace_id);

CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END;

CREATE TABLE decisions (
    id        TEXT PRIMARY KEY,
    at        TEXT NOT NULL,
    trace_id  TEXT NOT NULL,
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    subject   TEXT NOT NULL,
    root      TEXT,
    allowed   INTEGER NOT NULL,
    code      TEXT,
    verdict   TEXT NOT NULL,
    -- Vörðr's own decision on the same matter, by which people may ask as well.
    runtime_id INTEGER
) STRICT;
CREATE INDEX decisions_by_runtime_id ON decisions (runtime_id) WHERE runtime_id IS NOT NULL;
