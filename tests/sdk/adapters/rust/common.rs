// What both versions of the Rust SDK have in common. A line of JSON in, a line of JSON out; see support/sdk.js.

use std::io::{BufRead, Write};

use appwrite::{AppwriteError, Client, query::Query};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The arguments of one call, by their names.
pub struct Args<'a>(pub &'a Value);

impl Args<'_> {
    pub fn text(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    pub fn maybe(&self, name: &str) -> Option<String> {
        self.0[name].as_str().map(str::to_owned)
    }

    pub fn number(&self, name: &str) -> i64 {
        self.0[name].as_i64().unwrap_or_default()
    }

    pub fn total(&self) -> Option<bool> {
        self.0["total"].as_bool()
    }

    /// The members of the SDK's enum; a value that it lacks is a mistake of the test.
    pub fn scopes<T: DeserializeOwned>(&self) -> Vec<T> {
        serde_json::from_value(self.0["scopes"].clone()).expect("the SDK has these scopes")
    }

    pub fn queries(&self) -> Option<Vec<String>> {
        let queries = self.0["queries"].as_array()?;
        Some(
            queries
                .iter()
                .flat_map(|query| match query["query"].as_array() {
                    Some(call) => made(call),
                    None => vec![query.as_str().expect("a query is a text").to_owned()],
                })
                .collect(),
        )
    }
}

/// What the SDK's own helper makes of these arguments. What is marked as a query inside them is made first.
fn made(call: &[Value]) -> Vec<String> {
    let name = call[0].as_str().expect("a helper has a name");
    let args: Vec<Value> = call[1..].iter().map(inner).collect();
    match common(name, &args) {
        Some(query) => vec![query.to_string()],
        None => crate::query(name, &args).unwrap_or_else(|| panic!("there is no helper {name} in this SDK")),
    }
}

fn inner(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(inner).collect(),
        Value::Object(map) if map.contains_key("query") => {
            let call = map["query"].as_array().expect("a call of a helper is a list");
            Value::String(made(call).remove(0))
        }
        other => other.clone(),
    }
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub fn text(args: &[Value], index: usize) -> String {
    args.get(index).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub fn number(args: &[Value], index: usize) -> u32 {
    args[index].as_u64().and_then(|number| number.try_into().ok()).expect("a whole number")
}

/// The helpers of both versions.
fn common(name: &str, args: &[Value]) -> Option<Query> {
    let attribute = || text(args, 0);
    let value = |index: usize| args.get(index).cloned().unwrap_or_default();
    let list = |index: usize| value(index).as_array().cloned().unwrap_or_default();
    let meters = || value(3).as_bool().unwrap_or(true);
    Some(match name {
        "equal" => Query::equal(attribute(), value(1)),
        "notEqual" => Query::not_equal(attribute(), value(1)),
        "lessThan" => Query::less_than(attribute(), value(1)),
        "lessThanEqual" => Query::less_than_equal(attribute(), value(1)),
        "greaterThan" => Query::greater_than(attribute(), value(1)),
        "greaterThanEqual" => Query::greater_than_equal(attribute(), value(1)),
        "isNull" => Query::is_null(attribute()),
        "isNotNull" => Query::is_not_null(attribute()),
        "between" => Query::between(attribute(), value(1), value(2)),
        "startsWith" => Query::starts_with(attribute(), value(1)),
        "endsWith" => Query::ends_with(attribute(), value(1)),
        "select" => Query::select(texts(&value(0))),
        "search" => Query::search(attribute(), value(1)),
        "notSearch" => Query::not_search(attribute(), value(1)),
        "orderAsc" => Query::order_asc(attribute()),
        "orderDesc" => Query::order_desc(attribute()),
        "orderRandom" => Query::order_random(),
        "cursorAfter" => Query::cursor_after(attribute()),
        "cursorBefore" => Query::cursor_before(attribute()),
        "limit" => Query::limit(number(args, 0)),
        "offset" => Query::offset(number(args, 0)),
        "contains" => Query::contains(attribute(), value(1)),
        "containsAny" => Query::contains_any(attribute(), list(1)),
        "containsAll" => Query::contains_all(attribute(), list(1)),
        "notContains" => Query::not_contains(attribute(), value(1)),
        "notBetween" => Query::not_between(attribute(), value(1), value(2)),
        "notStartsWith" => Query::not_starts_with(attribute(), value(1)),
        "notEndsWith" => Query::not_ends_with(attribute(), value(1)),
        "createdBefore" => Query::created_before(value(0)),
        "createdAfter" => Query::created_after(value(0)),
        "createdBetween" => Query::created_between(value(0), value(1)),
        "updatedBefore" => Query::updated_before(value(0)),
        "updatedAfter" => Query::updated_after(value(0)),
        "updatedBetween" => Query::updated_between(value(0), value(1)),
        "distanceEqual" => Query::distance_equal(attribute(), value(1), value(2), meters()),
        "distanceNotEqual" => Query::distance_not_equal(attribute(), value(1), value(2), meters()),
        "distanceGreaterThan" => Query::distance_greater_than(attribute(), value(1), value(2), meters()),
        "distanceLessThan" => Query::distance_less_than(attribute(), value(1), value(2), meters()),
        "intersects" => Query::intersects(attribute(), value(1)),
        "notIntersects" => Query::not_intersects(attribute(), value(1)),
        "crosses" => Query::crosses(attribute(), value(1)),
        "notCrosses" => Query::not_crosses(attribute(), value(1)),
        "overlaps" => Query::overlaps(attribute(), value(1)),
        "notOverlaps" => Query::not_overlaps(attribute(), value(1)),
        "touches" => Query::touches(attribute(), value(1)),
        "notTouches" => Query::not_touches(attribute(), value(1)),
        "or" => Query::or(texts(&value(0))),
        "and" => Query::and(texts(&value(0))),
        "regex" => Query::regex(attribute(), value(1)),
        "exists" => Query::exists(list(0)),
        "notExists" => Query::not_exists(list(0)),
        "elemMatch" => Query::elem_match(attribute(), texts(&value(1))),
        _ => return None,
    })
}

fn client(options: &Value) -> Client {
    let client = Client::new().set_endpoint(options["endpoint"].as_str().expect("an endpoint"));
    let client = match options["project"].as_str() {
        Some(project) => client.set_project(project),
        None => client,
    };
    let client = match options["key"].as_str() {
        Some(key) => client.set_key(key),
        None => client,
    };
    let client = match options["organization"].as_str() {
        Some(organization) => client.add_header("X-Appwrite-Organization", organization),
        None => client,
    };
    let headers = options["headers"].as_object().into_iter().flatten();
    headers.fold(client, |client, (name, value)| client.add_header(name, value.as_str().expect("a header is a text")))
}

/// The answer of the SDK, as JSON again.
pub fn answer<T: Serialize>(result: Result<T, AppwriteError>) -> Result<Value, AppwriteError> {
    Ok(serde_json::to_value(result?)?)
}

/// Answers the lines of the standard input until it ends.
pub async fn serve() {
    // The last client and what is set on it: a new one reads every certificate of the machine.
    let mut last = (Value::Null, Client::new());
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let method = request["method"].as_str().expect("a method");
        if last.0 != request["client"] {
            last = (request["client"].clone(), client(&request["client"]));
        }
        let answer = match crate::call(&last.1, method, &Args(&request["args"])).await {
            Ok(value) => json!({ "value": value }),
            Err(error) => json!({ "error": {
                "name": "AppwriteException", "code": error.code, "type": error.error_type, "message": error.message,
            } }),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("the output is read");
    }
}
