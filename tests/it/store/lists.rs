//! Lists of keys.

// INVARIANT: every store returns the same list as `query::page` over all keys in memory.

use scopewise::server::{
    query::{MAX_ROWS, Page, PageOptions, QueryError, page, parse},
    store::{KeyAttribute, KeyChange, KeyQuery, KeyRecord, NewKey, Store},
};
use serde_json::{Value, json};

use super::{
    Pair, at, hash, key, project,
    sample_keys::{ids, part, with_many_keys},
};
use crate::dice::Dice;

const TERMS: PageOptions = PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 1 };

fn query(queries: &[Value], cursor: Option<KeyRecord>, options: PageOptions) -> Result<KeyQuery, QueryError> {
    let texts: Vec<String> = queries.iter().map(ToString::to_string).collect();
    parse::<KeyAttribute>(&texts)?.resolve(cursor, options)
}

async fn listed(store: &dyn Store, queries: &[Value]) -> Page<KeyRecord> {
    store.list_keys("shop", query(queries, None, TERMS).unwrap()).await.unwrap()
}

/// A value of this kind, often the value of an existing key.
fn operand(dice: &mut Dice, attribute: &str, keys: &[KeyRecord]) -> Value {
    let some = &keys[dice.below(keys.len())];
    match attribute {
        "name" if dice.chance(50) => some.name.as_str().into(),
        "name" => dice.text(2).into(),
        "$id" if dice.chance(70) => some.id.as_str().into(),
        "$id" => dice.one(&["k", "K", "z", "Z_1", "\0", "k\0", ""]).into(),
        "$sequence" => (some.sequence + i64::try_from(dice.below(3)).unwrap() - 1).into(),
        _ => at(i64::try_from(dice.below(8)).unwrap() - 1).to_string().into(),
    }
}

const ATTRIBUTES: &[&str] = &["name", "$id", "expire", "accessedAt", "$createdAt", "$updatedAt", "$sequence", "scopes"];

fn filter(dice: &mut Dice, keys: &[KeyRecord], depth: usize) -> Value {
    if depth > 0 && dice.chance(30) {
        let inner: Vec<Value> = (0..2 + dice.below(2)).map(|_| filter(dice, keys, depth - 1)).collect();
        return json!({ "method": dice.one(&["and", "or", "or"]), "values": inner });
    }
    let attribute = dice.one(ATTRIBUTES);
    let several =
        |dice: &mut Dice, make: &mut dyn FnMut(&mut Dice) -> Value| -> Vec<Value> { (0..=dice.below(3)).map(|_| make(dice)).collect() };
    if dice.chance(8) {
        return json!({ "method": dice.one(&["isNull", "isNotNull"]), "attribute": attribute });
    }
    if dice.chance(3) {
        return json!({ "method": dice.one(&["exists", "exists", "notExists"]), "values": [attribute] });
    }
    if attribute == "scopes" {
        let method = dice.one(&["contains", "containsAny", "containsAll", "notContains"]);
        let values = several(dice, &mut |dice| if dice.chance(5) { "a\0".into() } else { dice.scope().into() });
        return json!({ "method": method, "attribute": attribute, "values": values });
    }
    if matches!(attribute, "name" | "$id") && dice.chance(60) {
        let method = dice.one(&[
            "contains",
            "containsAny",
            "containsAll",
            "notContains",
            "startsWith",
            "startsWith",
            "notStartsWith",
            "endsWith",
            "notEndsWith",
            "search",
            "notSearch",
        ]);
        let values = several(dice, &mut |dice| part(dice, attribute, keys).into());
        return json!({ "method": method, "attribute": attribute, "values": values });
    }
    let method =
        dice.one(&["equal", "equal", "notEqual", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual", "between", "notBetween"]);
    let values = match method {
        "equal" => several(dice, &mut |dice| operand(dice, attribute, keys)),
        "between" | "notBetween" => vec![operand(dice, attribute, keys), operand(dice, attribute, keys)],
        _ => vec![operand(dice, attribute, keys)],
    };
    json!({ "method": method, "attribute": attribute, "values": values })
}

fn queries(dice: &mut Dice, keys: &[KeyRecord]) -> Vec<Value> {
    let mut queries: Vec<Value> = (0..dice.below(3)).map(|_| filter(dice, keys, 2)).collect();
    for _ in 0..dice.below(4) {
        queries.push(match dice.below(12) {
            0 => json!({ "method": "orderRandom" }),
            1 => json!({ "method": "orderDesc" }),
            _ => json!({ "method": dice.one(&["orderAsc", "orderDesc"]), "attribute": dice.one(ATTRIBUTES) }),
        });
    }
    if dice.chance(60) {
        queries.push(json!({ "method": "limit", "values": [1 + dice.below(12)] }));
    }
    if dice.chance(25) {
        queries.push(json!({ "method": "offset", "values": [dice.below(9)] }));
    }
    if dice.chance(45) {
        let id = if dice.chance(4) { "absent" } else { &keys[dice.below(keys.len())].id };
        queries.push(json!({ "method": dice.one(&["cursorAfter", "cursorBefore"]), "values": [id] }));
    }
    queries
}

pub async fn every_list_equals_the_list_in_memory(pair: Pair) {
    let pair = pair.with_shop().await;
    let dice = &mut Dice::new(0x5c09_e317_15e5_0001);
    let keys = with_many_keys(&pair.one, dice).await;
    assert!(keys.len() > 40);
    let (mut full, mut cut, mut refused) = (0, 0, 0);
    for n in 0..2500 {
        let queries = queries(dice, &keys);
        let texts: Vec<String> = queries.iter().map(ToString::to_string).collect();
        let options = PageOptions { default_limit: 25, with_total: dice.chance(80), seed: dice.number() };
        let asked = parse::<KeyAttribute>(&texts).unwrap_or_else(|error| panic!("{error}: {texts:?}"));
        let row = asked.cursor().and_then(|id| keys.iter().find(|key| key.id == id)).cloned();
        let query = match asked.resolve(row, options) {
            Ok(query) => query,
            Err(QueryError::Invalid(problem)) => panic!("{problem}"),
            Err(QueryError::CursorMissing(_) | QueryError::CursorNull(_)) => {
                refused += 1;
                continue;
            }
        };
        let wanted = page(keys.clone(), &query);
        let found = pair.turn(n).list_keys("shop", query).await.unwrap_or_else(|error| panic!("{error}: {texts:?}"));
        assert_eq!((found.total, ids(&found)), (wanted.total, ids(&wanted)), "{texts:?} with the seed {}", options.seed);
        assert_eq!(found, wanted);
        full += usize::from(!found.rows.is_empty());
        cut += usize::from(found.rows.len() < found.total);
    }
    // Ensures that the comparison covers enough lists.
    assert!(full > 1000 && cut > 500 && refused > 50, "{full} {cut} {refused}");
}

pub async fn a_list_contains_the_keys_of_its_project_oldest_first(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_project(project("other")).await.unwrap();
    for (project_id, id) in [("shop", "c"), ("other", "x"), ("shop", "a"), ("shop", "b")] {
        pair.one.create_key(key(project_id, id)).await.unwrap();
    }
    let found = listed(&*pair.other, &[]).await;
    assert_eq!((ids(&found), found.total), (vec!["c", "a", "b"], 3));
    assert!(found.rows.is_sorted_by(|one, next| one.sequence < next.sequence));
    assert_eq!(found.rows[1], pair.other.key("shop", "a").await.unwrap().unwrap());
    for nobody in ["gone", "", "a\0b", "shop'--"] {
        let nothing = pair.other.list_keys(nobody, query(&[], None, TERMS).unwrap()).await.unwrap();
        assert_eq!(nothing, Page { total: 0, rows: Vec::new() });
    }
}

pub async fn the_total_is_counted_up_to_5000(pair: Pair) {
    let pair = pair.with_shop().await;
    let new = |n: usize| NewKey { expire: n.is_multiple_of(2).then(|| at(9)), ..key("shop", &format!("k{n}")) };
    assert_eq!(pair.one.import_keys((0..MAX_ROWS + 7).map(new).collect()).await.unwrap(), [0; 0]);
    let limit = json!({ "method": "limit", "values": [3] });
    let found = listed(&*pair.other, std::slice::from_ref(&limit)).await;
    assert_eq!((found.total, ids(&found)), (MAX_ROWS, vec!["k0", "k1", "k2"]));
    let found = listed(&*pair.other, &[limit, json!({ "method": "isNull", "attribute": "expire" })]).await;
    assert_eq!((found.total, ids(&found)), (2503, vec!["k1", "k3", "k5"]));
    let found = listed(&*pair.other, &[json!({ "method": "limit", "values": [1_000_000] })]).await;
    assert_eq!((found.total, found.rows.len()), (MAX_ROWS, MAX_ROWS));
    // The next page starts after the cursor, and the total stays the same.
    let behind = json!({ "method": "cursorAfter", "values": ["k4999"] });
    let rest = pair.other.list_keys("shop", query(&[behind], found.rows.last().cloned(), TERMS).unwrap()).await.unwrap();
    assert_eq!((rest.total, ids(&rest)), (MAX_ROWS, vec!["k5000", "k5001", "k5002", "k5003", "k5004", "k5005", "k5006"]));
}

pub async fn the_largest_queries_are_answered(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    // The maximum that a URL of 64 KiB can contain, in three forms: many small parts, many values, and deeply nested.
    let leaf = json!({ "method": "startsWith", "attribute": "$id", "values": ["A"] });
    let wide = json!({ "method": "and", "values": vec![leaf.clone(); 70] });
    let mut deep = leaf;
    for _ in 0..8 {
        deep = json!({ "method": "or", "values": [{ "method": "isNull", "attribute": "$id" }, deep] });
    }
    let parts = json!({ "method": "contains", "attribute": "name", "values": vec!["é"; 400] });
    let values = json!({ "method": "equal", "attribute": "$id", "values": vec!["a"; 400] });
    for kind in [wide, deep, parts, values] {
        assert!(kind.to_string().len() <= 4096, "{}", kind.to_string().len());
        let found = listed(&*pair.other, &vec![kind; 16]).await;
        assert_eq!((found.total, ids(&found)), (1, vec!["a"]));
    }
    let orders: Vec<Value> = (0..100).map(|n| json!({ "method": "orderDesc", "attribute": ATTRIBUTES[n % ATTRIBUTES.len()] })).collect();
    assert_eq!(ids(&listed(&*pair.other, &orders).await), ["a"]);
}

pub async fn input_is_never_interpreted_as_sql(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    for hostile in ["' OR 1=1 --", "'; DROP TABLE keys; --", "$1", "?1", "\"", "%", "_", "\\", "]", "{}"] {
        for method in ["equal", "startsWith", "endsWith", "search", "lessThan"] {
            let found = listed(&*pair.other, &[json!({ "method": method, "attribute": "$id", "values": [hostile] })]).await;
            assert!(found.rows.len() <= usize::from(method == "lessThan"), "{method} {hostile}");
        }
        let found = listed(&*pair.other, &[json!({ "method": "contains", "attribute": "scopes", "values": [hostile] })]).await;
        assert_eq!(found.rows, [], "{hostile}");
    }
    assert_eq!(ids(&listed(&*pair.other, &[]).await), ["a"]);
}

pub async fn a_new_name_is_found_case_insensitively(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let change = KeyChange { name: "ÄRGER".parse().unwrap(), description: None, scopes: Vec::new(), expire: None, updated_at: at(1) };
    pair.one.update_key("shop", "a", change).await.unwrap();
    let imported = NewKey { name: "ärmel".parse().unwrap(), secret: hash("other"), ..key("shop", "b") };
    assert_eq!(pair.one.import_keys(vec![imported]).await.unwrap(), [0; 0]);
    let prefix = json!({ "method": "startsWith", "attribute": "name", "values": ["Är"] });
    assert_eq!(ids(&listed(&*pair.other, &[prefix]).await), ["a", "b"]);
}
