-- A statement that is put together at run time is planned each time it runs. The triggers that run with most changes now have the usual
-- case as a statement whose plan the session keeps. It names no schema, so it is used only where the session finds our tables first.
CREATE OR REPLACE FUNCTION key_is_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.accessed_at := OLD.accessed_at;
    NEW.sdks := OLD.sdks;
    IF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    IF current_schema() = TG_TABLE_SCHEMA AND pg_my_temp_schema() = 0 THEN
        INSERT INTO changes (key_sequence) VALUES (OLD.sequence);
    ELSE
        EXECUTE format('INSERT INTO %I.changes (key_sequence) VALUES ($1)', TG_TABLE_SCHEMA) USING OLD.sequence;
    END IF;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION rows_are_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    many CONSTANT BIGINT := 1000;
    listed TEXT;
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM gone LIMIT many + 1) AS counted) > many THEN
        listed := 'INSERT INTO %1$I.changes DEFAULT VALUES';
    ELSIF TG_TABLE_NAME = 'projects' THEN
        listed := 'INSERT INTO %1$I.changes (project_id) SELECT id FROM gone';
    ELSIF current_schema() = TG_TABLE_SCHEMA AND pg_my_temp_schema() = 0 THEN
        IF TG_TABLE_NAME = 'keys' THEN
            INSERT INTO changes (key_sequence) SELECT sequence FROM gone;
        ELSE
            -- Where the key was deleted too, it is listed already.
            INSERT INTO changes (key_sequence) SELECT key_sequence FROM gone
                WHERE EXISTS (SELECT FROM keys WHERE sequence = key_sequence);
        END IF;
        RETURN NULL;
    ELSIF TG_TABLE_NAME = 'keys' THEN
        listed := 'INSERT INTO %1$I.changes (key_sequence) SELECT sequence FROM gone';
    ELSE
        listed := 'INSERT INTO %1$I.changes (key_sequence) SELECT key_sequence FROM gone
            WHERE EXISTS (SELECT FROM %1$I.keys WHERE sequence = key_sequence)';
    END IF;
    EXECUTE format(listed, TG_TABLE_SCHEMA);
    RETURN NULL;
END;
$$;
