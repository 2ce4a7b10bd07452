-- The console's table of keys sorts by last use, by end of life and by number of scopes, and counts the keys of each status.
CREATE INDEX keys_by_use ON keys (project_id, accessed_at NULLS FIRST, sequence);
CREATE INDEX keys_by_end ON keys (project_id, (coalesce(expires_at, 9223372036854775807)), sequence); -- never comes last
CREATE INDEX keys_by_scopes ON keys (project_id, (cardinality(scopes)), sequence);
CREATE INDEX keys_by_state ON keys (project_id, enabled, expires_at, accessed_at, exposed_at);
