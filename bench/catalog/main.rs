//! How the model does with a real API: `make bench-catalog FILE=openapi.json`.
//!
//! Imports the file with the default options, loads the catalog, and asks the same questions of it and of the built-in catalog, by
//! turns. The best of several rounds counts, because other work on the machine only makes a round slower. Limits are printed next to
//! the figures. It is no test: times depend on the machine.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

use std::{
    env, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use scopewise::{
    import::{Options, Source, import},
    scope::{Catalog, Operation, SuggestRequest, allows, reach, suggest},
};

/// That of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many operations of each catalog are asked about.
const SAMPLE: usize = 500;
/// So often each time is taken.
const ROUNDS: usize = 15;
/// What an import, a load, and a question compared with the built-in catalog may take.
const IMPORT: Duration = Duration::from_secs(1);
const LOAD: Duration = Duration::from_millis(50);
const RATIO: f64 = 2.0;
/// How often `suggest` is to agree with the owner of the API.
const AGREEMENT: f64 = 95.0;
/// Three operations that narrow scopes open, if the catalog has them.
const NARROW: [&str; 3] = ["GET /users", "GET /groups", "GET /teams/{id}/channels"];

/// The shortest time of several rounds, and the last answer.
fn best<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut shortest = Duration::MAX;
    let mut answer = None;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        answer = Some(black_box(run()));
        shortest = shortest.min(start.elapsed());
    }
    (shortest, answer.unwrap())
}

/// Operations from all over the catalog, as ids or as requests.
fn sample(catalog: &Catalog, as_request: bool) -> Vec<String> {
    let operations = catalog.operations();
    let step = operations.len().div_ceil(SAMPLE).max(1);
    let base = catalog.base_paths.first().map_or("", String::as_str);
    let text = |operation: &Operation| {
        if as_request { format!("{} {base}{}", operation.method, filled(&operation.path)) } else { operation.id.clone() }
    };
    operations.iter().step_by(step).map(text).collect()
}

/// A path with a value for each parameter.
fn filled(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("a1b2c3");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let fill = |segment: &str| if segment.starts_with(':') { "a1b2c3".to_owned() } else { segment.to_owned() };
    out.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Five scopes from all over the catalog.
fn key(catalog: &Catalog) -> Vec<&str> {
    let scopes = catalog.scopes();
    scopes.iter().step_by(scopes.len().div_ceil(5).max(1)).map(|scope| scope.id.as_str()).collect()
}

fn ask(catalog: &Catalog, key: &[&str], questions: &[String]) -> usize {
    questions.iter().filter(|question| !allows(catalog, key, question, None).operations.is_empty()).count()
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "" } else { "  <-- missed" }
}

fn line(what: &str, figure: &str, limit: &str, is_met: bool) {
    println!("{what:44} {figure:>22}   {limit}{}", verdict(is_met));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn main() {
    let Some(file) = env::args().nth(1) else {
        println!("usage: make bench-catalog FILE=openapi.json");
        return;
    };
    let text = fs::read_to_string(&file).unwrap();
    let source = Source { file: file.clone(), text, edition: None };
    let sources = [source];
    let (time, imported) = best(|| import(&sources, &Options::default()).unwrap());
    let summary = &imported.report.summary;
    println!("{file}: {} operations, {} scopes, {} bytes of catalog\n", summary.operations, summary.scopes, imported.catalog.len());
    line("import", &milliseconds(time), "at most 1 s", time <= IMPORT);
    let (time, own) = best(|| Catalog::from_json(&imported.catalog).unwrap());
    line("load", &milliseconds(time), "at most 50 ms", time <= LOAD);

    let built_in = Catalog::appwrite();
    for (what, as_request) in [("allows, by operation", false), ("allows, by path", true)] {
        let (questions, others) = (sample(&own, as_request), sample(built_in, as_request));
        let (mut shortest, mut other) = (Duration::MAX, Duration::MAX);
        let (mut known, mut first) = (0, Duration::ZERO);
        for round in 0..ROUNDS {
            let start = Instant::now();
            known = black_box(ask(&own, &key(&own), &questions));
            let took = start.elapsed();
            if round == 0 {
                first = took;
            }
            shortest = shortest.min(took);
            let start = Instant::now();
            black_box(ask(built_in, &key(built_in), &others));
            other = other.min(start.elapsed());
        }
        let each = |time: Duration, count: usize| time.as_secs_f64() * 1e6 / count.max(1) as f64;
        let (mine, theirs) = (each(shortest, questions.len()), each(other, others.len()));
        let figure = format!("{mine:.2} / {theirs:.2} µs");
        let ratio = mine / theirs;
        line(what, &figure, &format!("{ratio:.2} times the built-in catalog, at most {RATIO}"), ratio <= RATIO);
        println!("{:44} {:>22}", "  the first round, with indexes", milliseconds(first.saturating_sub(shortest)));
        if known < questions.len() {
            println!("  {} of {} questions are unknown or mean several things", questions.len() - known, questions.len());
        }
    }
    judge(&own);
}

/// What `suggest` says, compared with what the owner of the API says.
fn judge(catalog: &Catalog) {
    let one = |operation: &str| suggest(catalog, &SuggestRequest { operations: vec![operation.to_owned()], ..SuggestRequest::default() });
    let (mut labelled, mut agreed) = (0_u32, 0_u32);
    for operation in catalog.operations() {
        let Some(least) = &operation.least else { continue };
        labelled += 1;
        let mut wanted: Vec<&str> = least.0.iter().map(|scope| scope.as_str()).collect();
        wanted.sort_unstable();
        let mut suggested = one(&operation.id).scopes;
        suggested.sort_unstable();
        agreed += u32::from(suggested == wanted);
    }
    if labelled > 0 {
        let share = f64::from(agreed) * 100.0 / f64::from(labelled);
        let figure = format!("{share:.1} % of {labelled}");
        line("suggest agrees with the owner's `least`", &figure, "at least 95 %", share >= AGREEMENT);
    }
    let base = catalog.base_paths.first().map_or("", String::as_str);
    let narrow: Vec<String> = NARROW.iter().map(|text| text.replace(" /", &format!(" {base}/"))).collect();
    if narrow.iter().all(|text| !allows(catalog, &[] as &[&str], text, None).operations.is_empty()) {
        let suggested = suggest(catalog, &SuggestRequest { operations: narrow, ..SuggestRequest::default() });
        let opened = reach(catalog, &suggested.scopes, None).operations.len();
        println!("{}: {} open {opened} operations", NARROW.join(", "), suggested.scopes.join(", "));
    }
}
