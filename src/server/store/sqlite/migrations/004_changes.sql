-- The newest changes. A process that caches rows reads them to find out which of its rows are old. Triggers write them, so that every
-- program records its changes. Only the newest rows are kept; a process that has missed one drops its whole cache.
CREATE TABLE changes (
    number       INTEGER PRIMARY KEY, -- without a gap
    key_sequence INTEGER,             -- NULL: a project
    project_id   TEXT                 -- NULL: a key
) STRICT;

CREATE TRIGGER changes_are_few AFTER INSERT ON changes
BEGIN DELETE FROM changes WHERE number <= NEW.number - 4096; END;
CREATE TRIGGER key_is_changed AFTER UPDATE ON keys
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.sequence); END;
CREATE TRIGGER key_is_deleted AFTER DELETE ON keys
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.sequence); END;
CREATE TRIGGER secret_is_changed AFTER UPDATE ON key_secrets
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.key_sequence); END;
CREATE TRIGGER secret_is_deleted AFTER DELETE ON key_secrets
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.key_sequence); END;
CREATE TRIGGER project_is_changed AFTER UPDATE ON projects
BEGIN INSERT INTO changes (project_id) VALUES (OLD.id); END;
CREATE TRIGGER project_is_deleted AFTER DELETE ON projects
BEGIN INSERT INTO changes (project_id) VALUES (OLD.id); END;

-- Covers the columns that a look-up by secret needs, so that one query reads all keys with their secrets.
DROP INDEX secrets_of_key;
CREATE INDEX secrets_of_key ON key_secrets (key_sequence, valid_until);
