//! Plans that PostgreSQL makes once for a statement of the key cache, however many keys there are later.

use scopewise::server::store;

use crate::postgres::{Database, execute, texts};

const KEYS_AFTER: &str = include_str!("../../../src/server/store/postgres/key_cache/keys_after.sql");
/// As the session of the cache has them.
const SETTINGS: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;";

/// Joined from the first key on, a million keys would be read ahead for minutes, and look-ups would wait for it.
#[tokio::test]
async fn reading_ahead_looks_at_the_next_keys_alone() {
    let Some(database) = Database::new().await else { return };
    let url = database.url();
    drop(store::open(&url.parse().unwrap()).await.unwrap());
    let keys = "INSERT INTO projects (id, name, created_at, updated_at) VALUES ('shop', 'Shop', 0, 0); \
        INSERT INTO keys (project_id, id, name, name_folded, scopes, hint, created_at, updated_at) \
            SELECT 'shop', 'key-' || n, 'Key', 'key', ARRAY['rows.read'], 'h', n, n FROM generate_series(1, 20000) AS n; \
        INSERT INTO key_secrets (hash, key_sequence) SELECT sha256(sequence::text::bytea), sequence FROM keys; \
        ANALYZE keys; ANALYZE key_secrets";
    execute(&url, keys).await.unwrap();
    // A comment would end the statement.
    let statement = KEYS_AFTER.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join(" ");
    let asked = format!("{SETTINGS} PREPARE ahead (bigint) AS {statement}; EXPLAIN EXECUTE ahead (10000)");
    let plan = texts(&url, &asked).await.unwrap().join("\n");
    assert!(plan.contains("Nested Loop") && plan.contains("secrets_of_key"), "{plan}");
    assert!(!["Merge Join", "Hash Join", "Seq Scan"].iter().any(|whole| plan.contains(whole)), "{plan}");
}
