-- How many requests of a key called which operation on which day.
CREATE TABLE operation_counts (
    key_sequence INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
    day          INTEGER NOT NULL, -- days after 1970-01-01, UTC
    operation    TEXT NOT NULL,    -- its id in the catalog of that day
    requests     INTEGER NOT NULL,
    PRIMARY KEY (key_sequence, day, operation)
) STRICT, WITHOUT ROWID;
