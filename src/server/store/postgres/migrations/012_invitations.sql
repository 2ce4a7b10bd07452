-- An invited account has no password: its hash is empty until a person opens the link.
ALTER TABLE accounts ADD COLUMN invitation_hash BYTEA;  -- SHA-256 of the link's token; NULL: not invited
ALTER TABLE accounts ADD COLUMN invited_until BIGINT; -- NULL: not invited
CREATE UNIQUE INDEX accounts_by_invitation ON accounts (invitation_hash) WHERE invitation_hash IS NOT NULL;
