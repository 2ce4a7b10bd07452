//! How long the model works for the worst requests that the open routes of the server take: `make bench-worst`.
//!
//! Each request is as long as the HTTP entry point allows, and is made to be as much work as one can: names that are nearly right, names
//! of the same letters in another order, routes that nearly fit, lists that repeat, JSON of another form. Printed is the processor's
//! time of one answer, and what part of the limit it is. It is no test: times depend on the machine. Words behind `--` choose what is measured.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

#[path = "../../src/scope/support/dice.rs"]
mod dice;

use std::time::{Duration, Instant};

use scopewise::scope::{Catalog, MAX_REQUEST_ITEMS, Query, answer};
use serde_json::{Value, json};

use dice::Dice;

/// That of the server.
#[cfg(feature = "server")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the server reads of a request at the most (docs/http-api.md).
const MAX_BYTES: usize = 256 * 1024;
/// What a request may take.
const LIMIT: Duration = Duration::from_millis(20);
/// Each request is answered at least so often, and until so much time was spent on it.
const RUNS: u32 = 3;
const ENOUGH: Duration = Duration::from_millis(60);

/// Two neighbours change places, so many times.
fn swapped(name: &str, times: usize, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..times {
        let at = dice.below(letters.len() - 1);
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// The same letters in any order; the dot stays.
fn shuffled(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for at in 1..letters.len() {
        let other = dice.below(at + 1);
        if letters[at] != '.' && letters[other] != '.' {
            letters.swap(at, other);
        }
    }
    letters.into_iter().collect()
}

/// A kind of text that a list can hold, and how to make one.
type Kind<'a> = (&'static str, Box<dyn Fn(&mut Dice) -> String + 'a>);

fn operations(catalog: &Catalog) -> Vec<Kind<'_>> {
    let any = move |dice: &mut Dice| &catalog.operations()[dice.below(catalog.operations().len())];
    vec![
        ("names that are nearly right", Box::new(move |dice| swapped(&any(dice).id, 3, dice))),
        ("names of the same letters", Box::new(move |dice| shuffled(&any(dice).id, dice))),
        ("names like the commonest", Box::new(move |dice| shuffled("databases.updateVarcharAttribute", dice))),
        ("right names", Box::new(move |dice| any(dice).id.clone())),
        ("names in another spelling", Box::new(move |dice| any(dice).id.to_uppercase())),
        ("routes", Box::new(move |dice| format!("{} {}", any(dice).method, any(dice).path))),
        (
            "routes that nearly fit",
            Box::new(move |dice| {
                let depth = 1 + dice.below(12);
                format!("TRACE /v1{}", "/x".repeat(depth))
            }),
        ),
        (
            "routes beyond ASCII",
            Box::new(move |dice| {
                let path = &any(dice).path;
                let (cut, number) = (dice.below(path.len()), dice.below(1 << 20));
                format!("GET {}\u{e9}{}x{number}", path.get(..cut).unwrap(), path.get(cut..).unwrap())
            }),
        ),
        ("routes that are cut", Box::new(move |dice| format!("GET {};{}", any(dice).path.replace('/', "/ "), dice.below(1 << 20)))),
        ("routes with many parts", Box::new(|dice| format!("GET /{}{}", "a/".repeat(100), dice.below(1 << 20)))),
        ("code with many words", Box::new(|dice| format!("{}{}", "vcs.a.".repeat(150), dice.below(1 << 20)))),
        ("code with many calls", Box::new(|dice| format!("{}{}", "a.b(".repeat(60), dice.below(1 << 20)))),
        ("code with the same call often", Box::new(|dice| format!("{}x{}", "users.list()".repeat(20), dice.below(1 << 20)))),
        ("words in one", Box::new(|dice| format!("{}{}", "aAb(".repeat(220), dice.below(1 << 20)))),
        ("commands", Box::new(move |dice| format!("appwrite {} --x 'a b'", any(dice).id.replace('.', " ")))),
        ("log lines", Box::new(move |dice| format!("`{} {} HTTP/1.1` 200 {}", any(dice).method, any(dice).path, "/ GET /".repeat(20)))),
        ("curl", Box::new(move |dice| format!("curl -X {} https://h{} {}", any(dice).method, any(dice).path, "-X /a ".repeat(20)))),
        ("methods without a service", Box::new(move |dice| format!("x.{}", any(dice).id.rsplit('.').next().unwrap()))),
        (
            "methods by another verb",
            Box::new(move |dice| format!("{}.fetch{}", any(dice).id.split('.').next().unwrap(), dice.below(1 << 20))),
        ),
        (
            "routes that many fit",
            Box::new(|dice| {
                let (depth, number) = (1 + dice.below(14), dice.below(1 << 20));
                let any: String = (0..depth).map(|_| dice.one(&["/a", "/a", "/xxxxxxxxxxxxxxxxxx7", "/a.b:x", "/a;x"])).collect();
                format!("{} {any}/x{number}", dice.one(&["GET", "HEAD"]))
            }),
        ),
        (
            "routes that many fit for long",
            Box::new(|dice| format!("HEAD /a/{}{}", dice.one(&["x", "x.", "a;x:", "\u{e9}x"]).repeat(56), dice.below(1 << 20))),
        ),
        ("long texts", Box::new(|dice| format!("{}{}", "x.".repeat(120), dice.below(1 << 20)))),
    ]
}

fn scopes(catalog: &Catalog) -> Vec<Kind<'_>> {
    let any = move |dice: &mut Dice| catalog.scopes()[dice.below(catalog.scopes().len())].id.as_str();
    vec![
        ("scopes that are nearly right", Box::new(move |dice| swapped(any(dice), 2, dice))),
        ("scopes of the same letters", Box::new(move |dice| shuffled(any(dice), dice))),
        ("scopes with spaces", Box::new(move |dice| format!(" {} x{}", swapped(any(dice), 1, dice), dice.below(1 << 20)))),
        ("right scopes", Box::new(move |dice| any(dice).to_owned())),
        ("several scopes in one text", Box::new(move |dice| (0..15).map(|_| any(dice)).collect::<Vec<_>>().join(" "))),
        ("one resource, many actions", Box::new(|dice| format!("users.{{{}x{}}}", "read/write,".repeat(22), dice.below(1 << 20)))),
        ("verbs", Box::new(move |dice| format!("{}.fetch{}", any(dice).rsplit_once('.').unwrap_or(("a", "")).0, dice.below(1 << 20)))),
        (
            "verbs that are known",
            Box::new(|dice| ["databases.upload", "project.execute", "users.fetch", "project.removes"][dice.below(4)].to_owned()),
        ),
        ("wildcards", Box::new(move |dice| format!("{}.*", any(dice).split('.').next().unwrap()))),
        ("resources", Box::new(move |dice| any(dice).split('.').next().unwrap().to_owned())),
        ("unknown scopes", Box::new(|dice| format!("x{}.y{}", dice.below(1 << 20), dice.below(1 << 20)))),
        ("few scopes, often", Box::new(|dice| format!("x.{}", dice.below(500)))),
        ("the same scope", Box::new(|_| "collections.read".to_owned())),
    ]
}

/// As many texts as fit.
fn list(dice: &mut Dice, kind: &Kind<'_>, bytes: usize) -> Value {
    let mut left = bytes;
    let mut list = Vec::new();
    while list.len() < MAX_REQUEST_ITEMS {
        let text = (kind.1)(dice);
        let Some(rest) = left.checked_sub(text.len() + 3) else { break };
        left = rest;
        list.push(Value::from(text));
    }
    list.into()
}

fn requests(catalog: &Catalog) -> Vec<(Query, String, String)> {
    let mut dice = Dice::new(0x5eed);
    let mut requests = Vec::new();
    let mut add = |call: Query, what: String, request: String| {
        assert!(request.len() <= MAX_BYTES, "{what}: {}", request.len());
        requests.push((call, what, request));
    };
    let (operations, scopes) = (operations(catalog), scopes(catalog));
    let room = MAX_BYTES - 1024;
    for kind in &operations {
        let asked = list(&mut dice, kind, room);
        add(Query::Suggest, kind.0.to_owned(), json!({ "operations": asked }).to_string());
        add(Query::Check, kind.0.to_owned(), json!({ "scopes": [], "operations": asked }).to_string());
        let one = format!("{}{}", (kind.1)(&mut dice), " ".repeat(room - 1024));
        add(Query::Allows, kind.0.to_owned(), json!({ "scopes": [], "operation": one }).to_string());
    }
    for kind in &scopes {
        let (half, other) = (list(&mut dice, kind, room / 2), list(&mut dice, kind, room / 2));
        let asked = list(&mut dice, kind, room);
        let edition = catalog.editions.first().map(|edition| &edition.id);
        add(Query::Check, kind.0.to_owned(), json!({ "scopes": asked }).to_string());
        add(Query::Check, format!("{}, for an edition", kind.0), json!({ "scopes": asked, "edition": edition }).to_string());
        add(Query::Check, format!("{}, before and after", kind.0), json!({ "scopes": half, "previous": other }).to_string());
        add(Query::Allows, kind.0.to_owned(), json!({ "scopes": asked, "operation": "users.lst" }).to_string());
        add(Query::Reach, kind.0.to_owned(), json!({ "scopes": asked }).to_string());
        add(Query::Compare, kind.0.to_owned(), json!({ "before": half, "after": other }).to_string());
        add(Query::Migrate, kind.0.to_owned(), json!({ "scopes": asked, "edition": edition }).to_string());
        add(Query::Suggest, kind.0.to_owned(), json!({ "operations": ["users.list"], "scopes": asked }).to_string());
        for operation in &operations {
            let quarter = room / 4;
            let [held, granting, before] = [0; 3].map(|_| list(&mut dice, kind, quarter));
            let called = list(&mut dice, operation, quarter);
            let full = json!({ "scopes": held, "grantor": granting, "previous": before, "operations": called, "edition": edition });
            add(Query::Check, format!("{}, {}", kind.0, operation.0), full.to_string());
            let (called, held) = (list(&mut dice, operation, room / 2), list(&mut dice, kind, room / 2));
            let full = json!({ "scopes": held, "operations": called, "edition": edition });
            add(Query::Suggest, format!("{}, {}", kind.0, operation.0), full.to_string());
        }
    }
    for call in Query::ALL {
        let many = |item: &str| vec![item; room / (item.len() + 1)].join(",");
        add(*call, "unknown members".to_owned(), format!("{{{}}}", many("\"a\":1")));
        for (what, item) in [("numbers", "1"), ("lists", "[]"), ("objects", "{}"), ("empty texts", "\"\"")] {
            let member = match call {
                Query::Suggest => "operations",
                Query::Compare => "before",
                _ => "scopes",
            };
            add(*call, format!("{what} in the list"), format!("{{\"{member}\":[{}]}}", many(item)));
        }
        add(*call, "no JSON".to_owned(), "[".repeat(room));
        add(*call, "escapes".to_owned(), format!("{{\"scopes\":[\"{}\"]}}", "\\u202e".repeat(room / 6)));
    }
    add(Query::Catalog, "all of it".to_owned(), String::new());
    requests
}

/// How long this program has had a processor; on systems that do not say, how long it has been running.
fn worked(begin: Instant) -> Duration {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = schedule.and_then(|times| times.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn average(catalog: &Catalog, call: Query, request: &str) -> Duration {
    let begin = Instant::now();
    let (start, mut runs) = (worked(begin), 0);
    loop {
        let _ = std::hint::black_box(answer(catalog, call, std::hint::black_box(request)));
        runs += 1;
        let took = worked(begin) - start;
        if runs >= RUNS && took >= ENOUGH {
            return took / runs;
        }
    }
}

/// A custom catalog, of which each operation is opened by some scopes.
fn own(scopes: usize, operations: usize, opened_by: usize) -> Catalog {
    let mut dice = Dice::new(0x5eed);
    let name = |n: usize| format!("resource{}.act{n}", n % 97);
    let scope = |n: usize| json!({ "id": name(n), "service": "s", "description": "", "tiers": ["project"], "editions": ["e"] });
    let mut operation = |n: usize| {
        let opened_by: Vec<String> = (0..opened_by).map(|_| name(dice.below(scopes))).collect();
        json!({ "id": format!("service{}.doSomething{n}", n % 89), "method": "GET", "path": format!("/v1/a{}/b/{n}", n % 89), "scopes": opened_by })
    };
    let operations: Vec<Value> = (0..operations).map(&mut operation).collect();
    let catalog = json!({
        "id": "own", "name": "Own", "version": "1", "maxScopes": 1000, "editions": [{ "id": "e", "name": "E" }],
        "services": [{ "id": "s", "name": "S" }], "scopes": (0..scopes).map(scope).collect::<Vec<_>>(), "operations": operations,
    });
    Catalog::from_json(&catalog.to_string()).unwrap()
}

/// A catalog that is made for much work: routes of which many fit, with text around parameters, and with tails.
fn crowded() -> Catalog {
    let mut dice = Dice::new(0x5eed);
    let mut paths: Vec<String> = (0..8_000).map(|_| (0..13).map(|_| dice.one(&["/a", "/:p", "/{p}x{q}"])).collect()).collect();
    paths.extend((0..8_000).map(|n| format!("/a/{{p}}x{{q}}x{{r}}x{n}")));
    paths.extend((0..1_000).map(|n| format!("/{{+t}}x{}/x{n}", n % 3)));
    paths.extend((0..2_500).map(|n| format!("/a/{{p}}/{}{n}", "x".repeat(dice.below(80)))));
    paths.truncate(20_000);
    let operation = |(n, path): (usize, String)| json!({ "id": format!("s.o{n}"), "method": "GET", "path": path, "scopes": ["all.read"] });
    let operations: Vec<Value> = paths.into_iter().enumerate().map(operation).collect();
    let catalog = json!({
        "id": "crowded", "name": "Crowded", "version": "1", "maxScopes": 1000, "editions": [{ "id": "e", "name": "E" }],
        "services": [{ "id": "s", "name": "S" }],
        "scopes": [{ "id": "all.read", "service": "s", "description": "", "tiers": ["project"], "editions": ["e"] }], "operations": operations,
    });
    Catalog::from_json(&catalog.to_string()).unwrap()
}

fn measure(title: &str, catalog: &Catalog) {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_chosen = |call: Query, what: &str| words.iter().all(|word| format!("{} {what}", call.as_str()).contains(word));
    let chosen = requests(catalog).into_iter().filter(|(call, what, _)| is_chosen(*call, what));
    let mut measured: Vec<(Duration, Query, String)> =
        chosen.map(|(call, what, request)| (average(catalog, call, &request), call, what)).collect();
    measured.sort_by_key(|entry| std::cmp::Reverse(entry.0));
    let ratio = |time: Duration| time.as_secs_f64() / LIMIT.as_secs_f64();
    println!("\n{title}: {} requests; the slowest, and the slowest of each call", measured.len());
    for (rank, (time, call, what)) in measured.iter().enumerate() {
        let is_first = measured[..rank].iter().all(|(_, other, _)| other != call);
        if rank < 6 || is_first {
            println!("  {:>9.2} ms  {:>6.3} × the limit  {}: {what}", time.as_secs_f64() * 1000.0, ratio(*time), call.as_str());
        }
    }
    let Some(worst) = measured.first().map(|(time, ..)| ratio(*time)) else { return };
    println!("  {} {} ms: the worst is {worst:.2} of it", if worst <= 1.0 { "reaches" } else { "MISSES" }, LIMIT.as_millis());
}

fn main() {
    measure("The built-in catalog", Catalog::appwrite());
    measure("A catalog of 2,000 scopes and 5,000 operations", &own(2_000, 5_000, 3));
    measure("A catalog of 19,500 operations whose routes take much work", &crowded());
    measure("A catalog whose smallest sets of scopes are hard to find", &own(120, 1_000, 6));
}
