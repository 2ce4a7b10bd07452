-- The row that the organization's keys belong to. It is not a project: no project has this id or this sequence.
INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES (0, 'console', 'Organization', 0, 0);
