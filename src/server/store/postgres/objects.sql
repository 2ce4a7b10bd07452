-- What the schema is made of, one row an object: its kind and name, what it is, and how it is made again where that is possible.
-- The definition of each object, in a form of our own: the one of PostgreSQL changes from version to version.
WITH ours AS (
    SELECT oid, relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
),
columns AS (
    SELECT 'column' AS kind, ours.name || '.' || attname AS name,
        concat_ws(', ', format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,
            CASE WHEN atthasdef THEN 'default' END, CASE WHEN attidentity <> '' THEN 'identity' END,
            CASE WHEN collname = 'C' THEN 'by bytes' END) AS facts,
        NULL AS make
    FROM pg_attribute JOIN ours ON ours.oid = attrelid LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE attnum > 0 AND NOT attisdropped
),
constraints AS (
    SELECT 'constraint' AS kind,
        ours.name || '.' || CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'references' ELSE 'check' END
            || (SELECT coalesce(' (' || string_agg(attname, ', ' ORDER BY place) || ')', '')
                FROM unnest(conkey) WITH ORDINALITY AS used (number, place)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = used.number) AS name,
        concat_ws(', ', (SELECT relname::text FROM pg_class WHERE oid = confrelid),
            CASE WHEN contype = 'f' THEN 'on delete ' || confdeltype::text END, CASE WHEN NOT convalidated THEN 'not valid' END) AS facts,
        NULL AS make
    FROM pg_constraint JOIN ours ON ours.oid = conrelid WHERE contype IN ('p', 'u', 'f', 'c')
),
indexes AS (
    SELECT 'index' AS kind, relname::text AS name,
        concat_ws(', ', ours.name || (SELECT ' (' || string_agg(attname, ', ' ORDER BY place) || ')'
                FROM unnest(indkey::int2[]) WITH ORDINALITY AS used (number, place)
                JOIN pg_attribute ON attrelid = indrelid AND attnum = used.number), CASE WHEN indisunique THEN 'unique' END,
            CASE WHEN indpred IS NOT NULL THEN 'partial' END, CASE WHEN NOT indisvalid THEN 'not valid' END) AS facts,
        pg_get_indexdef(indexrelid) AS make
    FROM pg_index JOIN ours ON ours.oid = indrelid JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
),
triggers AS (
    SELECT 'trigger' AS kind, ours.name || '.' || tgname AS name,
        concat_ws(', ', tgtype, proname, CASE WHEN tgenabled <> 'O' THEN 'switched off' END) AS facts,
        pg_get_triggerdef(pg_trigger.oid) AS make
    FROM pg_trigger JOIN ours ON ours.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
),
functions AS (
    SELECT 'function' AS kind, proname::text AS name, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') AS facts,
        pg_get_functiondef(oid) AS make
    FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f' AND prorettype = 'trigger'::regtype
)
SELECT kind, name, facts, replace(make, quote_ident(current_schema()) || '.', '') AS make
FROM (SELECT * FROM columns UNION ALL SELECT * FROM constraints UNION ALL SELECT * FROM functions
    UNION ALL SELECT * FROM indexes UNION ALL SELECT * FROM triggers) AS objects
ORDER BY kind COLLATE "C", name COLLATE "C", facts COLLATE "C"
