-- The log of one key is read without the entries of the others.
CREATE INDEX audit_of_target ON audit (project_sequence, target_id, sequence);
