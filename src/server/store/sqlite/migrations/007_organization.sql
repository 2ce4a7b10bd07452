-- What the organization's keys belong to. It is no project: no project has this id, and none this sequence.
INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES (0, 'console', 'Organization', 0, 0);
