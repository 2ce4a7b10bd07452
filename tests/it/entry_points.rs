//! The vectors through the entry points other than Rust's own: the command line and HTTP.

use std::{collections::BTreeMap, fs};

use scopewise::scope::{Query, answer};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A request and the answer that every entry point gives.
pub struct Vector {
    pub name: String,
    pub call: Query,
    /// The custom catalog that is asked.
    pub catalog: Option<String>,
    /// As it is sent.
    pub request: String,
    /// What comes back, whether it is an answer or an error.
    pub answer: String,
    pub is_error: bool,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    call: String,
    catalog: Option<String>,
    request: Option<Box<RawValue>>,
    text: Option<String>,
}

/// Every vector that is about a call which exists.
pub fn vectors() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for path in crate::vectors::files() {
        let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases {
            let Ok(call) = case.call.parse::<Query>() else { continue };
            let request = case.text.unwrap_or_else(|| case.request.unwrap().get().to_owned());
            // That this is what the file says is proven by the tests of the vectors.
            let answer = answer(crate::vectors::catalog(case.catalog.as_deref()), call, &request);
            let is_error = answer.is_err();
            let answer = answer.unwrap_or_else(|error| error.to_json());
            vectors.push(Vector {
                name: format!("{}: {}", path.display(), case.name),
                call,
                catalog: case.catalog,
                request,
                answer,
                is_error,
            });
        }
    }
    assert!(vectors.len() >= 400, "{}", vectors.len());
    vectors
}

/// The vectors of each catalog.
pub fn by_catalog() -> BTreeMap<Option<String>, Vec<Vector>> {
    let mut all = BTreeMap::<_, Vec<Vector>>::new();
    for vector in vectors() {
        all.entry(vector.catalog.clone()).or_default().push(vector);
    }
    assert!(all.len() > 1, "some have a catalog of their own");
    all
}
