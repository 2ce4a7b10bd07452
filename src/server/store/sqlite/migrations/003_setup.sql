-- The token of the set-up link, while there is no account. In the database, so that any replica knows it.
CREATE TABLE setup (
    single     INTEGER PRIMARY KEY CHECK (single = 1), -- one row
    token_hash BLOB NOT NULL                         -- SHA-256
) STRICT;
