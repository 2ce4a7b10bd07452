-- All points in time are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE accounts (
    id                  TEXT PRIMARY KEY,
    email               TEXT NOT NULL UNIQUE, -- lower case
    name                TEXT NOT NULL,
    password_hash       TEXT NOT NULL,        -- PHC string
    blocked             INTEGER NOT NULL DEFAULT 0,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    password_updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash   BLOB NOT NULL UNIQUE,        -- SHA-256
    ip           TEXT NOT NULL,
    client_name  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account_id, created_at);

CREATE TABLE projects (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    pinged_at  INTEGER                        -- NULL: never
) STRICT;

CREATE TABLE keys (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    scopes      TEXT NOT NULL,                -- JSON list, as it was given
    hint        TEXT NOT NULL,
    enabled     INTEGER NOT NULL DEFAULT 1,
    expires_at  INTEGER,                      -- NULL: never
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    accessed_at INTEGER,                      -- NULL: never
    sdks        TEXT NOT NULL DEFAULT '[]',   -- JSON list, lower case
    UNIQUE (project_id, id)
) STRICT;

-- A key has more than one secret while an old one overlaps a new one.
CREATE TABLE key_secrets (
    hash         BLOB PRIMARY KEY,            -- SHA-256
    key_sequence INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
    valid_until  INTEGER                      -- NULL: as long as the key
) STRICT, WITHOUT ROWID;
CREATE INDEX secrets_of_key ON key_secrets (key_sequence);
