-- The next 128 keys after a sequence, with their secrets. The number of keys stands here, and each key looks up its own secrets, so that the plan,
-- which is made once, does not depend on how many keys there are: a join of both tables would begin with the first key each time.
SELECT batch.*, hash, valid_until
FROM (SELECT * FROM keys WHERE sequence > $1 ORDER BY sequence LIMIT 128) AS batch
CROSS JOIN LATERAL (SELECT hash, valid_until FROM key_secrets WHERE key_sequence = batch.sequence OFFSET 0) AS own
ORDER BY batch.sequence
