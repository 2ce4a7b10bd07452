//! The console's table of keys: search, filter, sort and counts.

use scopewise::server::SecretHash;
use serde_json::{Value, json};

use super::world::{Client, World};

const TABLE: &str = "/v1/project/key-search";

async fn found(client: &Client, query: &str) -> Value {
    client.get(&format!("{TABLE}?{query}")).await.ok(200)
}

fn ids(answer: &Value) -> String {
    answer["keys"].as_array().unwrap().iter().map(|key| key["$id"].as_str().unwrap()).collect()
}

/// Key `a` is the oldest; `b` is disabled, `c` expires soon, `d` has expired, `e` has a sensitive scope.
async fn with_keys() -> (World, Client) {
    let (world, owner) = World::ready().await;
    let day = 86_400;
    for (id, name, scopes, expire) in [
        ("a", "Nightly export", json!(["rows.read", "rows.write"]), None),
        ("b", "Importer", json!(["files.read"]), Some(100 * day)),
        ("c", "Export of files", json!(["files.read", "files.write", "buckets.read"]), Some(5 * day)),
        ("d", "Old", json!(["users.read"]), Some(1)),
        ("e", "Admin", json!(["keys.write"]), None),
    ] {
        world.clock.advance_seconds(10);
        let expire = expire.map(|seconds| world.now().plus_seconds(seconds).to_string());
        owner.post("/v1/project/keys", json!({ "keyId": id, "name": name, "scopes": scopes, "expire": expire })).await.ok(201);
    }
    owner.patch("/v1/project/keys/b/status", json!({ "enabled": false })).await.ok(200);
    (world, owner)
}

#[tokio::test]
async fn the_table_is_sorted_in_the_database_and_never_is_last_or_first() {
    let (_world, owner) = with_keys().await;
    for (query, expected) in [
        ("", "abcde"),
        ("descending=true", "edcba"),
        ("sort=name", "ecbad"),
        ("sort=name&descending=true", "dabce"),
        ("sort=expires", "dcbae"),
        ("sort=expires&descending=true", "eabcd"),
        ("sort=scopes&descending=true", "caedb"),
        ("sort=used", "abcde"),
        ("offset=1&limit=2", "bc"),
        ("offset=9", ""),
    ] {
        let answer = found(&owner, query).await;
        assert_eq!(ids(&answer), expected, "{query}");
        assert_eq!((&answer["total"], &answer["hasMore"]), (&json!(5), &json!(false)), "{query}");
    }
}

#[tokio::test]
async fn each_filter_finds_what_it_names_and_is_counted() {
    let (_world, owner) = with_keys().await;
    let counts = owner.get("/v1/project/key-counts").await.ok(200);
    for (filter, member, expected) in [
        ("all", "all", "abcde"),
        ("active", "active", "ace"),
        ("expiring", "expiring", "c"),
        ("expired", "expired", "d"),
        ("disabled", "disabled", "b"),
        ("exposed", "exposed", ""),
        ("never-used", "neverUsed", "abcde"),
        ("never-expires", "neverExpires", "ae"),
    ] {
        let answer = found(&owner, &format!("filter={filter}")).await;
        assert_eq!(ids(&answer), expected, "{filter}");
        assert_eq!((&answer["total"], &counts[member]), (&json!(expected.len()), &json!(expected.len())), "{filter}");
    }
    assert_eq!(ids(&found(&owner, "filter=sensitive").await), "e");
    assert_eq!(ids(&found(&owner, "filter=active&search=export&sort=name").await), "ca");
}

#[tokio::test]
async fn a_key_is_sensitive_in_the_edition_of_its_project() {
    let (_world, owner) = World::ready().await;
    owner.post("/v1/project/keys", json!({ "keyId": "a", "name": "SQL", "scopes": ["databases.write"] })).await.ok(201);
    for (policy, edition, expected) in [(Value::Null, "server-1.9", ""), (json!("sdk-2026-10"), "sdk-2026-10", "a")] {
        owner.patch("/v1/project/policy", json!({ "edition": policy })).await.ok(200);
        let answer = found(&owner, "filter=sensitive").await;
        assert_eq!((ids(&answer).as_str(), &answer["edition"]), (expected, &json!(edition)));
    }
}

#[tokio::test]
async fn a_search_looks_into_names_ids_hints_and_scopes() {
    let (_world, owner) = with_keys().await;
    let hint = owner.get("/v1/project/keys/b").await.ok(200)["secret"].as_str().unwrap().to_owned();
    let end = hint.rsplit('…').next().unwrap().to_owned();
    for (search, expected) in [
        ("EXPORT", "ac"),
        ("export%20files", "c"),
        ("rows.", "a"),
        ("Files.Read", "bc"),
        ("nothing", ""),
        (end.as_str(), "b"),
        ("%20", "abcde"),
    ] {
        assert_eq!(ids(&found(&owner, &format!("search={search}")).await), expected, "{search}");
    }
}

#[tokio::test]
async fn a_key_is_found_by_the_hash_of_a_whole_secret() {
    let (_world, owner) = with_keys().await;
    let secret = owner.make_key("f", &["rows.read"]).await["secret"].as_str().unwrap().to_owned();
    let hash = |secret: &str| SecretHash::of(secret).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let answer = found(&owner, &format!("search=sha256:{}", hash(&secret))).await;
    assert_eq!((ids(&answer).as_str(), &answer["total"]), ("f", &json!(1)));
    assert!(!answer.to_string().contains(&secret));
    assert_eq!(ids(&found(&owner, &format!("search=sha256:{}", hash("other"))).await), "");
    // The key of another project is not found.
    owner.post("/v1/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    assert_eq!(ids(&found(&owner.on("other"), &format!("search=sha256:{}", hash(&secret))).await), "");
}

#[tokio::test]
async fn what_the_table_cannot_read_is_refused_with_what_it_takes() {
    let (_world, owner) = with_keys().await;
    for (query, expected) in [
        ("filter=new", "one of `all`, `active`"),
        ("sort=age", "one of `created`, `name`"),
        ("limit=0", "from 1 to 200"),
        ("limit=201", "from 1 to 200"),
        ("offset=-1", "not negative"),
        ("order=name", "order"),
        (&format!("search={}", "x".repeat(257)), "256 characters"),
    ] {
        let message = owner.get(&format!("{TABLE}?{query}")).await.refused(400, "general_argument_invalid");
        assert!(message.contains(expected), "{query}: {message}");
    }
}

#[tokio::test]
async fn a_long_list_is_compressed_for_clients_that_take_it() {
    let (_world, owner) = World::ready().await;
    for id in ["a", "b", "c", "d", "e", "f"] {
        owner.make_key(id, &["rows.read", "rows.write", "files.read"]).await;
    }
    let lists = [TABLE, "/v1/project/keys", "/v1/project/audit"];
    for path in lists {
        let plain = owner.get(path).await;
        assert_eq!(plain.headers.get("content-encoding"), None, "{path}");
        assert!(plain.text.len() > 1200, "{path}: {}", plain.text.len());
        let taker = owner.with("accept-encoding", "gzip, br");
        let packed = taker.unread(axum::http::Method::GET, path, None, axum::body::Body::empty()).await;
        assert_eq!((&packed.headers()["content-encoding"], packed.status().as_u16()), (&"gzip".parse().unwrap(), 200), "{path}");
        assert!(packed.headers().get_all("vary").iter().any(|value| value == "Accept-Encoding"), "{path}");
        let bytes = axum::body::to_bytes(packed.into_body(), usize::MAX).await.unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
        assert!(bytes.len() * 2 < text.len() && text == plain.text, "{path}");
    }
    // A short one is sent as it is.
    let short = owner.with("accept-encoding", "gzip").get(&format!("{TABLE}?search=nothing")).await;
    assert_eq!(short.headers.get("content-encoding"), None);
}
