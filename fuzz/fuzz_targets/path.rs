//! Any method and path, in the built-in catalog and in one with every form of a path: either they mean operations, or a reader could
//! mistake them, never both. And any text as an operation.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scopewise::scope::{Catalog, allows};

/// Text around parameters, tails, base paths; with letter case folded and slashes told apart, or not.
static OWN: LazyLock<[Catalog; 2]> = LazyLock::new(|| {
    let paths = [
        "/a", "/a/", "/a/:id", "/a/{id}:resolve", "/a/{name}.{ext}", "/a/f(on='{x}')", "/A/Word", "/a/{id}/items", "/b/{+path}", "/b/{id}",
        "/b/{name...}:cancel", "/{+parent}/items", "/root:/{path}:/x",
    ];
    let operation = |path: &&str| format!(r#"{{"id":"o{path}","method":"GET","path":"{path}","scopes":["users.read"]}}"#);
    let operations = paths.iter().map(operation).collect::<Vec<_>>().join(",");
    [r#""basePaths":["/v1.0","/b"],"foldCase":true,"trailingSlash":"distinct","#, ""].map(|members| {
        let text = format!(
            r#"{{"id":"x","name":"X","version":"1","maxScopes":9,{members}"editions":[],"services":[{{"id":"s","name":"S"}}],
            "scopes":[{{"id":"users.read","service":"s","description":"","tiers":["project"],"editions":[]}}],"operations":[{operations}]}}"#
        );
        Catalog::from_json(&text).expect("nothing is wrong with it")
    })
});

fuzz_target!(|text: &str| {
    let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
    for catalog in [Catalog::appwrite()].into_iter().chain(&*OWN) {
        let found = catalog.operations_at(method, path).count();
        assert!(found == 0 || catalog.operations_mistaken(method, path).is_none());
        let verdict = allows(catalog, &["users.read", "rows.read"], text, None);
        assert!(!verdict.allowed || !verdict.operations.is_empty());
    }
});
