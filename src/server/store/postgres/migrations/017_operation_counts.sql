-- How many requests of a key called which operation on which day.
CREATE TABLE operation_counts (
    key_sequence BIGINT NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
    day          BIGINT NOT NULL, -- days after 1970-01-01, UTC
    operation    TEXT NOT NULL COLLATE "C", -- its id in the catalog of that day
    requests     BIGINT NOT NULL,
    PRIMARY KEY (key_sequence, day, operation)
);
