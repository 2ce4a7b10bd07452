-- A change is made only where what it was judged by is as it was: each change that somebody decides counts the version up.
ALTER TABLE accounts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE projects ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE dev_keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE projects ADD COLUMN edition TEXT;                              -- which scopes keys may hold; NULL: those of every edition
ALTER TABLE projects ADD COLUMN ended_ephemeral TEXT NOT NULL DEFAULT '[]'; -- JSON list of ids, each with the time until when it is kept
ALTER TABLE keys ADD COLUMN description TEXT NOT NULL DEFAULT '';

-- A project that is made again under an old id has a log of its own.
ALTER TABLE audit ADD COLUMN project_sequence INTEGER;
DROP TRIGGER audit_is_never_changed;
UPDATE audit SET project_sequence = (SELECT sequence FROM projects WHERE id = audit.project_id AND created_at <= audit.at);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
DROP INDEX audit_of_project;
CREATE INDEX audit_of_project ON audit (project_sequence, sequence) WHERE project_sequence IS NOT NULL;
CREATE INDEX audit_of_server ON audit (sequence) WHERE project_id IS NULL;
