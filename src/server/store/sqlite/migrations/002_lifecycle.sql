-- The policy of a project, and what its ephemeral keys are signed with. The signing key itself is not here: it is derived from
-- this id and a root key that is kept outside of the database.
ALTER TABLE projects ADD COLUMN key_creation TEXT NOT NULL DEFAULT 'any';       -- any, subset, denied
ALTER TABLE projects ADD COLUMN max_lifetime_seconds INTEGER;                    -- NULL: no limit
ALTER TABLE projects ADD COLUMN require_expiry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN browser_use TEXT NOT NULL DEFAULT 'reject';     -- reject, report, allow
ALTER TABLE projects ADD COLUMN policy_updated_at INTEGER;                       -- NULL: never
ALTER TABLE projects ADD COLUMN signing_key_id TEXT;                             -- NULL: none was needed yet

ALTER TABLE keys ADD COLUMN rotated_at INTEGER;    -- NULL: never
ALTER TABLE keys ADD COLUMN overlap_until INTEGER; -- until when the secret before the last rotation is valid; NULL: there is none
ALTER TABLE keys ADD COLUMN exposed_at INTEGER;    -- when the secret first arrived from a browser; NULL: never

-- A dev key opens no route. It has its own table, so that no look-up of an API key can find it.
CREATE TABLE dev_keys (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    hash        BLOB NOT NULL UNIQUE,        -- SHA-256
    hint        TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    accessed_at INTEGER,                     -- NULL: never
    sdks        TEXT NOT NULL DEFAULT '[]',  -- JSON list, lower case
    UNIQUE (project_id, id)
) STRICT;

-- No foreign key: an entry outlives what it is about.
CREATE TABLE audit (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    project_id TEXT,                         -- NULL: about the server as a whole
    actor_type TEXT NOT NULL,
    actor_id   TEXT NOT NULL,                -- '' where the type says it all
    actor_name TEXT NOT NULL,                -- as it was called then
    action     TEXT NOT NULL,
    target_id  TEXT NOT NULL,                -- '' where the action says it all
    outcome    TEXT NOT NULL,                -- done, refused
    detail     TEXT NOT NULL,                -- what changed, or why it was refused; never a secret
    ip         TEXT NOT NULL                 -- '' where it is not known
) STRICT;
CREATE INDEX audit_of_project ON audit (project_id, sequence);

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
-- REPLACE deletes a row without running the trigger above.
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'audit entries are never replaced'); END;
