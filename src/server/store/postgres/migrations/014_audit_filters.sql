-- The log is listed by time, and each filter reads one index from the newest entry on.
DROP INDEX audit_of_project;
DROP INDEX audit_of_server;
DROP INDEX audit_of_target;
CREATE INDEX audit_by_time ON audit (project_sequence, at, sequence);
CREATE INDEX audit_by_target ON audit (project_sequence, target_id, at, sequence);
CREATE INDEX audit_by_actor ON audit (project_sequence, actor_id, at, sequence);
CREATE INDEX audit_by_actor_name ON audit (project_sequence, actor_name, at, sequence);
CREATE INDEX audit_by_action ON audit (project_sequence, action, at, sequence);
CREATE INDEX audit_of_refusals ON audit (project_sequence, at, sequence) WHERE outcome = 'refused';
