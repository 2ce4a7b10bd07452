//! Any lines as list queries, of keys and of projects.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::server::{
    query::parse,
    store::{KeyAttribute, ProjectAttribute},
};

fuzz_target!(|text: &str| {
    let queries: Vec<String> = text.lines().map(str::to_owned).collect();
    let _ = parse::<KeyAttribute>(&queries);
    let _ = parse::<ProjectAttribute>(&queries);
});
