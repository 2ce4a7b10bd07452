-- The console's table of keys sorts by last use, by end of life and by number of scopes, and counts the keys of each status.
CREATE INDEX keys_by_use ON keys (project_id, accessed_at);
CREATE INDEX keys_by_end ON keys (project_id, coalesce(expires_at, 9223372036854775807)); -- never comes last
CREATE INDEX keys_by_scopes ON keys (project_id, json_array_length(scopes));
CREATE INDEX keys_by_state ON keys (project_id, enabled, expires_at, accessed_at, exposed_at);

-- As in step 005.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('keys', 'keys_by_use', '1000000 100000 1000'),
    ('keys', 'keys_by_end', '1000000 100000 10'),
    ('keys', 'keys_by_scopes', '1000000 100000 5000'),
    ('keys', 'keys_by_state', '1000000 100000 50000 10 5 5');
