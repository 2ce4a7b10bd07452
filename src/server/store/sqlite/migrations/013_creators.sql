-- Who created a key, as the audit log names them. The key keeps it, so that it does not depend on the log.
ALTER TABLE keys ADD COLUMN created_by_type TEXT; -- NULL: not known
ALTER TABLE keys ADD COLUMN created_by_id TEXT;
ALTER TABLE keys ADD COLUMN created_by_name TEXT; -- as it was called then

-- No cached row changes here, so the million updates are not recorded as changes.
DROP TRIGGER key_is_changed;
UPDATE keys SET (created_by_type, created_by_id, created_by_name) = (
    SELECT actor_type, actor_id, actor_name FROM audit
    WHERE project_sequence = (SELECT sequence FROM projects WHERE projects.id = keys.project_id) AND target_id = keys.id
        AND at = keys.created_at AND action IN ('key.create', 'key.import') AND outcome = 'done'
    ORDER BY sequence DESC LIMIT 1
) WHERE project_id <> 'console';
-- The log of the organization's keys is that of the server.
UPDATE keys SET (created_by_type, created_by_id, created_by_name) = (
    SELECT actor_type, actor_id, actor_name FROM audit
    WHERE project_sequence IS NULL AND audit.project_id IS NULL AND target_id = keys.id
        AND at = keys.created_at AND action = 'key.create' AND outcome = 'done'
    ORDER BY sequence DESC LIMIT 1
) WHERE project_id = 'console';
CREATE TRIGGER key_is_changed AFTER UPDATE ON keys
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.sequence); END;
