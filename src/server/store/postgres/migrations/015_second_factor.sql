-- The second factor of an account (RFC 6238). The secret is encrypted with a key that is not in the database.
ALTER TABLE accounts ADD COLUMN factor_secret BYTEA;  -- NULL: no second factor
ALTER TABLE accounts ADD COLUMN factor_since BIGINT; -- NULL: no second factor
ALTER TABLE accounts ADD COLUMN factor_step BIGINT;  -- the step of the newest code that was used; no code up to it is accepted
CREATE TABLE recovery_codes (
    code_hash  BYTEA PRIMARY KEY, -- SHA-256; the row is deleted when the code is used
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_of_account ON recovery_codes (account_id);
