//! The scope model natively, for comparing other entry points with it, and the types that the npm package generates from it.
//!
//! ```text
//! cargo run --no-default-features --example model -- answer   reads lines of `{"call":"…","request":{…}}`'s two members, separated by a tab; writes answers as lines
//! cargo run --no-default-features --example model -- names    writes js/names.d.ts
//! cargo run --no-default-features --example model -- time     writes the microseconds of some calls, as JSON
//! ```

use std::{
    error::Error,
    fmt::Write as _,
    io::{self, BufRead, Write},
};

use scopewise::scope::{self, Catalog, Code, Query, RequestErrorCode, Runtime, Tier, catalog::Escalation};

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("answer") => answer(),
        Some("names") => Ok(io::stdout().write_all(names()?.as_bytes())?),
        Some("time") => time(),
        _ => Err("say what to do: answer, names or time".into()),
    }
}

/// Each line of the input is a call and its request, separated by a tab; each line of the output is an answer or an error.
fn answer() -> Result<(), Box<dyn Error>> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (call, request) = line.split_once('\t').ok_or("a line has no tab")?;
        let answered = call.parse::<Query>().and_then(|call| scope::answer(Catalog::appwrite(), call, request));
        writeln!(output, "{}", answered.unwrap_or_else(|error| error.to_json()))?;
    }
    Ok(output.flush()?)
}

/// The literal types of js/names.d.ts.
fn names() -> Result<String, Box<dyn Error>> {
    let catalog = Catalog::appwrite();
    let mut text = String::from(
        "// Generated from the catalog and the model; do not edit. To write it anew:\n//   cargo run --no-default-features --example model -- names > js/names.d.ts\n",
    );
    let mut operations: Vec<&str> = catalog.operations().iter().map(|operation| operation.id.as_str()).collect();
    operations.sort_unstable();
    operations.dedup();
    let lists: [(&str, &str, Vec<&str>); 9] = [
        ("ScopeName", "The scopes of the built-in catalog.", catalog.scopes().iter().map(|scope| scope.id.as_str()).collect()),
        ("OperationName", "The operations of the built-in catalog: SDK methods.", operations),
        (
            "EditionName",
            "The editions of the built-in catalog, the oldest first.",
            catalog.editions.iter().map(|edition| edition.id.as_str()).collect(),
        ),
        ("ServiceName", "The services of the built-in catalog.", catalog.services.iter().map(|service| service.id.as_str()).collect()),
        ("DiagnosticCode", "What a diagnostic is about.", Code::ALL.iter().map(|code| code.as_str()).collect()),
        ("RequestErrorCode", "Why a request is not answered.", RequestErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
        ("RunsIn", "Where the code that holds a key runs.", Runtime::ALL.iter().map(|context| context.as_str()).collect()),
        (
            "Tier",
            "What kind of key can hold a scope; `implicit` is none: the server itself gives such a scope.",
            Tier::ALL.iter().map(|tier| tier.as_str()).collect(),
        ),
        ("Climb", "How far a sensitive scope leads, the farthest first.", Escalation::ALL.iter().map(|climb| climb.as_str()).collect()),
    ];
    for (name, summary, words) in lists {
        write!(text, "\n/** {summary} */\nexport type {name} =")?;
        for word in words {
            write!(text, "\n  | '{word}'")?;
        }
        text.push_str(";\n");
    }
    Ok(text)
}

/// How long some calls take, in microseconds: the median of many.
fn time() -> Result<(), Box<dyn Error>> {
    let mut output = io::stdout().lock();
    let mut times = Vec::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (call, request) = line.split_once('\t').ok_or("a line has no tab")?;
        let call: Query = call.parse()?;
        times.clear();
        for _ in 0..2_000 {
            let start = std::time::Instant::now();
            std::hint::black_box(scope::answer(Catalog::appwrite(), call, std::hint::black_box(request))?);
            times.push(start.elapsed().as_nanos());
        }
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        writeln!(output, "{}.{:03}", median / 1000, median % 1000)?;
    }
    Ok(())
}
