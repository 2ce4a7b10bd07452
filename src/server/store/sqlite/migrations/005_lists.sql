-- Lists of keys are found, ordered and cut here. The name in lower case is written by the program, so that case means the same in
-- every database; what is not ASCII is folded right behind this step.
ALTER TABLE keys ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
-- No cached row changes here, so the million updates are not recorded as changes.
DROP TRIGGER key_is_changed;
UPDATE keys SET name_folded = lower(name);
CREATE TRIGGER key_is_changed AFTER UPDATE ON keys
BEGIN INSERT INTO changes (key_sequence) VALUES (OLD.sequence); END;

CREATE INDEX keys_in_order ON keys (project_id); -- SQLite adds the sequence
CREATE INDEX keys_by_name ON keys (project_id, name_folded, name);
CREATE INDEX keys_by_creation ON keys (project_id, created_at);
CREATE INDEX keys_by_expiry ON keys (project_id, expires_at);

-- Without statistics, SQLite assumes ten keys per project, and reads all of them instead of looking up a few ids. Each entry has the number
-- of rows, of rows per project, and of rows per value within it, in the order of the columns.
ANALYZE sqlite_schema; -- makes the table, nothing more
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('keys', 'sqlite_autoindex_keys_1', '1000000 100000 1'),
    ('keys', 'keys_in_order', '1000000 100000'),
    ('keys', 'keys_by_name', '1000000 100000 2 2'),
    ('keys', 'keys_by_creation', '1000000 100000 10'),
    ('keys', 'keys_by_expiry', '1000000 100000 10');
