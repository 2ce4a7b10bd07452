-- What was changed last, so that a process which keeps what it read can tell what of it is old. Triggers write it, so that no
-- program can forget to. Only the newest rows stay; who has missed one forgets everything.
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

-- With all that a key is opened by, so that all keys can be read with their secrets in one go.
DROP INDEX secrets_of_key;
CREATE INDEX secrets_of_key ON key_secrets (key_sequence, valid_until);
