//! How long the model works for the worst requests that the open routes of the server take: `make bench-worst`.
//!
//! Each request is as long as the HTTP door lets it be, and is made to be as much work as one can: names that are nearly right, names
//! of the same letters in another order, routes that nearly fit, lists that repeat, JSON of another form. Printed is the processor's
//! time of one answer, and what part of the limit it is. It is no test: times depend on the machine. Words behind `--` choose what is measured.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

use std::time::{Duration, Instant};

use scopewise::scope::{Call, Catalog, MAX_REQUEST_ITEMS, answer};
use serde_json::{Value, json};

/// What the server reads of a request at the most (docs/http-api.md).
const MAX_BYTES: usize = 256 * 1024;
/// What a request may take.
const LIMIT: Duration = Duration::from_millis(20);
/// Each request is answered at least so often, and until so much time was spent on it.
const RUNS: u32 = 3;
const ENOUGH: Duration = Duration::from_millis(60);

/// Xorshift: seeded, the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

/// Two neighbours change places, so many times.
fn swapped(name: &str, times: usize, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..times {
        let at = random.below(letters.len() - 1);
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// The same letters in any order; the dot stays.
fn shuffled(name: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for at in 1..letters.len() {
        let other = random.below(at + 1);
        if letters[at] != '.' && letters[other] != '.' {
            letters.swap(at, other);
        }
    }
    letters.into_iter().collect()
}

/// A kind of text that a list can hold, and how to make one.
type Kind<'a> = (&'static str, Box<dyn Fn(&mut Random) -> String + 'a>);

fn operations(catalog: &Catalog) -> Vec<Kind<'_>> {
    let any = move |random: &mut Random| &catalog.operations()[random.below(catalog.operations().len())];
    vec![
        ("names that are nearly right", Box::new(move |random| swapped(&any(random).id, 3, random))),
        ("names of the same letters", Box::new(move |random| shuffled(&any(random).id, random))),
        ("names like the commonest", Box::new(move |random| shuffled("databases.updateVarcharAttribute", random))),
        ("right names", Box::new(move |random| any(random).id.clone())),
        ("names in another spelling", Box::new(move |random| any(random).id.to_uppercase())),
        ("routes", Box::new(move |random| format!("{} {}", any(random).method, any(random).path))),
        (
            "routes that nearly fit",
            Box::new(move |random| {
                let depth = 1 + random.below(12);
                format!("TRACE /v1{}", "/x".repeat(depth))
            }),
        ),
        (
            "routes beyond ASCII",
            Box::new(move |random| {
                let path = &any(random).path;
                let (cut, number) = (random.below(path.len()), random.below(1 << 20));
                format!("GET {}\u{e9}{}x{number}", path.get(..cut).unwrap(), path.get(cut..).unwrap())
            }),
        ),
        ("routes that are cut", Box::new(move |random| format!("GET {};{}", any(random).path.replace('/', "/ "), random.below(1 << 20)))),
        ("routes with many parts", Box::new(|random| format!("GET /{}{}", "a/".repeat(100), random.below(1 << 20)))),
        ("long texts", Box::new(|random| format!("{}{}", "x.".repeat(120), random.below(1 << 20)))),
    ]
}

fn scopes(catalog: &Catalog) -> Vec<Kind<'_>> {
    let any = move |random: &mut Random| catalog.scopes()[random.below(catalog.scopes().len())].id.as_str();
    vec![
        ("scopes that are nearly right", Box::new(move |random| swapped(any(random), 2, random))),
        ("scopes of the same letters", Box::new(move |random| shuffled(any(random), random))),
        ("scopes with spaces", Box::new(move |random| format!(" {} x{}", swapped(any(random), 1, random), random.below(1 << 20)))),
        ("right scopes", Box::new(move |random| any(random).to_owned())),
        ("several scopes in one text", Box::new(move |random| (0..15).map(|_| any(random)).collect::<Vec<_>>().join(" "))),
        ("wildcards", Box::new(move |random| format!("{}.*", any(random).split('.').next().unwrap()))),
        ("resources", Box::new(move |random| any(random).split('.').next().unwrap().to_owned())),
        ("unknown scopes", Box::new(|random| format!("x{}.y{}", random.below(1 << 20), random.below(1 << 20)))),
        ("few scopes, often", Box::new(|random| format!("x.{}", random.below(500)))),
        ("the same scope", Box::new(|_| "collections.read".to_owned())),
    ]
}

/// As many texts as fit.
fn list(random: &mut Random, kind: &Kind<'_>, bytes: usize) -> Value {
    let mut left = bytes;
    let mut list = Vec::new();
    while list.len() < MAX_REQUEST_ITEMS {
        let text = (kind.1)(random);
        let Some(rest) = left.checked_sub(text.len() + 3) else { break };
        left = rest;
        list.push(Value::from(text));
    }
    list.into()
}

fn requests(catalog: &Catalog) -> Vec<(Call, String, String)> {
    let mut random = Random(0x5eed);
    let mut requests = Vec::new();
    let mut add = |call: Call, what: String, request: String| {
        assert!(request.len() <= MAX_BYTES, "{what}: {}", request.len());
        requests.push((call, what, request));
    };
    let (operations, scopes) = (operations(catalog), scopes(catalog));
    let room = MAX_BYTES - 1024;
    for kind in &operations {
        let asked = list(&mut random, kind, room);
        add(Call::Suggest, kind.0.to_owned(), json!({ "operations": asked }).to_string());
        add(Call::Check, kind.0.to_owned(), json!({ "scopes": [], "operations": asked }).to_string());
        let one = format!("{}{}", (kind.1)(&mut random), " ".repeat(room - 1024));
        add(Call::Allows, kind.0.to_owned(), json!({ "scopes": [], "operation": one }).to_string());
    }
    for kind in &scopes {
        let (half, other) = (list(&mut random, kind, room / 2), list(&mut random, kind, room / 2));
        let asked = list(&mut random, kind, room);
        let edition = catalog.editions.first().map(|edition| &edition.id);
        add(Call::Check, kind.0.to_owned(), json!({ "scopes": asked }).to_string());
        add(Call::Check, format!("{}, for an edition", kind.0), json!({ "scopes": asked, "edition": edition }).to_string());
        add(Call::Check, format!("{}, before and after", kind.0), json!({ "scopes": half, "previous": other }).to_string());
        add(Call::Allows, kind.0.to_owned(), json!({ "scopes": asked, "operation": "users.lst" }).to_string());
        add(Call::Reach, kind.0.to_owned(), json!({ "scopes": asked }).to_string());
        add(Call::Compare, kind.0.to_owned(), json!({ "before": half, "after": other }).to_string());
        add(Call::Migrate, kind.0.to_owned(), json!({ "scopes": asked, "edition": edition }).to_string());
        add(Call::Suggest, kind.0.to_owned(), json!({ "operations": ["users.list"], "scopes": asked }).to_string());
        for operation in &operations {
            let quarter = room / 4;
            let [held, granting, before] = [0; 3].map(|_| list(&mut random, kind, quarter));
            let called = list(&mut random, operation, quarter);
            let full = json!({ "scopes": held, "grantor": granting, "previous": before, "operations": called, "edition": edition });
            add(Call::Check, format!("{}, {}", kind.0, operation.0), full.to_string());
            let (called, held) = (list(&mut random, operation, room / 2), list(&mut random, kind, room / 2));
            let full = json!({ "scopes": held, "operations": called, "edition": edition });
            add(Call::Suggest, format!("{}, {}", kind.0, operation.0), full.to_string());
        }
    }
    for call in Call::ALL {
        let many = |item: &str| vec![item; room / (item.len() + 1)].join(",");
        add(*call, "unknown members".to_owned(), format!("{{{}}}", many("\"a\":1")));
        for (what, item) in [("numbers", "1"), ("lists", "[]"), ("objects", "{}"), ("empty texts", "\"\"")] {
            let member = match call {
                Call::Suggest => "operations",
                Call::Compare => "before",
                _ => "scopes",
            };
            add(*call, format!("{what} in the list"), format!("{{\"{member}\":[{}]}}", many(item)));
        }
        add(*call, "no JSON".to_owned(), "[".repeat(room));
        add(*call, "escapes".to_owned(), format!("{{\"scopes\":[\"{}\"]}}", "\\u202e".repeat(room / 6)));
    }
    add(Call::Catalog, "all of it".to_owned(), String::new());
    requests
}

/// How long this program has had a processor; on systems that do not tell, how long it has been running.
fn worked(begin: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn average(catalog: &Catalog, call: Call, request: &str) -> Duration {
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

/// A catalog of one's own, of which each operation is opened by some scopes.
fn own(scopes: usize, operations: usize, opened_by: usize) -> Catalog {
    let mut random = Random(0x5eed);
    let name = |n: usize| format!("resource{}.act{n}", n % 97);
    let scope = |n: usize| json!({ "id": name(n), "service": "s", "description": "", "tiers": ["project"], "editions": ["e"] });
    let mut operation = |n: usize| {
        let opened_by: Vec<String> = (0..opened_by).map(|_| name(random.below(scopes))).collect();
        json!({ "id": format!("service{}.doSomething{n}", n % 89), "method": "GET", "path": format!("/v1/a{}/b/{n}", n % 89), "scopes": opened_by })
    };
    let operations: Vec<Value> = (0..operations).map(&mut operation).collect();
    let catalog = json!({
        "id": "own", "name": "Own", "version": "1", "maxScopes": 1000, "editions": [{ "id": "e", "name": "E" }],
        "services": [{ "id": "s", "name": "S" }], "scopes": (0..scopes).map(scope).collect::<Vec<_>>(), "operations": operations,
    });
    Catalog::from_json(&catalog.to_string()).unwrap()
}

fn measure(title: &str, catalog: &Catalog) {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_chosen = |call: Call, what: &str| words.iter().all(|word| format!("{} {what}", call.as_str()).contains(word));
    let chosen = requests(catalog).into_iter().filter(|(call, what, _)| is_chosen(*call, what));
    let mut measured: Vec<(Duration, Call, String)> =
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
    measure("A catalog whose smallest sets of scopes are hard to find", &own(120, 1_000, 6));
}
