-- Lists of keys are found, ordered and cut here, by the bytes of the texts. The name in lower case is written by the program, so that
-- case means the same in every database; what is not ASCII is folded right behind this step.
ALTER TABLE keys
    ALTER COLUMN id TYPE TEXT COLLATE "C",
    ALTER COLUMN name TYPE TEXT COLLATE "C",
    ADD COLUMN name_folded TEXT COLLATE "C";
UPDATE keys SET name_folded = lower(name);
ALTER TABLE keys ALTER COLUMN name_folded SET NOT NULL;

CREATE INDEX keys_by_name ON keys (project_id, name_folded, name, sequence);
CREATE INDEX keys_by_creation ON keys (project_id, created_at, sequence);
CREATE INDEX keys_by_expiry ON keys (project_id, expires_at NULLS FIRST, sequence);
