//! What `scopewise catalog export` writes as OpenAPI, `catalog import` reads back. What gets lost is named here, and in docs/catalogs.md.

use std::{collections::BTreeSet, fs};

use pretty_assertions::assert_eq;
use scopewise::{
    import::{Access, Options, Source, Who, diff, import, to_openapi},
    scope::Catalog,
};

/// The catalog as it comes back, and the document between.
fn again(catalog: &Catalog) -> (Catalog, serde_json::Value) {
    let document = to_openapi(catalog);
    let source = Source { file: "api.json".to_owned(), text: document.to_string(), edition: None };
    let imported = import(&[source], &Options::default()).unwrap();
    (Catalog::from_json(&imported.catalog).unwrap(), document)
}

/// The members of changed items.
fn changed(items: &scopewise::import::Items) -> BTreeSet<&str> {
    items.changed.iter().flat_map(|it| &it.changes).map(|change| change.member.as_str()).collect()
}

#[test]
fn the_built_in_catalog_comes_back_from_openapi() {
    let catalog = Catalog::appwrite();
    let (back, _) = again(catalog);
    let found = diff(catalog, &back);
    assert_eq!((&found.scopes.added, &found.scopes.removed), (&vec![], &vec![]));
    assert_eq!((&found.operations.added, &found.operations.removed), (&vec![], &vec![]));
    assert_eq!(changed(&found.scopes), BTreeSet::from(["editions", "implied", "sensitive", "tiers"]));
    // What is sensitive in some editions comes back as sensitive in all.
    let everywhere = |id: &str| back.scope(id).and_then(|scope| scope.sensitive.as_ref()).is_some_and(|it| it.editions.is_empty());
    assert!(catalog.scopes().iter().filter(|scope| scope.sensitive.is_some()).all(|scope| everywhere(scope.id.as_str())));
    let less: Vec<&str> =
        found.scopes.changed.iter().filter(|it| it.changes.iter().any(|it| it.member == "sensitive")).map(|it| it.id.as_str()).collect();
    assert_eq!(less, ["databases.write"]);
    assert_eq!(changed(&found.operations), BTreeSet::from(["callers", "deprecated", "id", "inferred", "path", "successor"]));
    assert_eq!(found.catalog.iter().map(|change| change.member.as_str()).collect::<Vec<_>>(), ["editions", "maxScopes", "services"]);
    // Nothing opens more; only keys of other tiers and what every key holds are lost.
    assert_eq!(found.gains, []);
    let is_tier = |access: &Access| access.who == Who::Key && access.scopes.iter().all(|scope| scope.ends_with(" keys)"));
    let others: Vec<&Access> = found.losses.iter().filter(|access| !is_tier(access)).collect();
    assert_eq!(others, [] as [&Access; 0]);
}

#[test]
fn an_imported_catalog_comes_back_from_openapi() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalogs/import/expected");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".catalog.json"));
    assert!(files.len() > 10);
    for file in files {
        let catalog = Catalog::from_json(&fs::read_to_string(&file).unwrap()).unwrap();
        let (back, _) = again(&catalog);
        let found = diff(&catalog, &back);
        let name = file.display();
        assert_eq!((&found.losses, &found.gains), (&vec![], &vec![]), "{name}");
        let (scopes, operations) = (changed(&found.scopes), changed(&found.operations));
        assert!(scopes.is_subset(&BTreeSet::from(["editions"])), "{name}: {:?}", found.scopes.changed);
        // Parameters of one path have one name, and a deprecation has the version of the document.
        assert!(operations.is_subset(&BTreeSet::from(["path"])), "{name}: {:?}", found.operations.changed);
        assert_eq!((&found.operations.added, &found.operations.removed), (&vec![], &vec![]), "{name}");
    }
}

#[test]
fn a_closed_operation_needs_a_scope_that_no_key_holds() {
    let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{"id":"s","name":"S"}],"scopes":[
        {"id":"old","service":"s","description":"Deprecated.","tiers":["project"],"editions":[],"deprecated":true},
        {"id":"a","service":"s","description":"","tiers":["project"],"editions":[]}],"operations":[
        {"id":"s.closed","method":"GET","path":"/closed","scopes":[]},
        {"id":"s.public","method":"GET","path":"/public","scopes":[],"open":"public"},
        {"id":"s.key","method":"GET","path":"/key/:id/{+rest}","scopes":[],"open":"any-key"},
        {"id":"s.both","method":"GET","path":"/both","scopes":[["a","old"]]}]}"#;
    let catalog = Catalog::from_json(text).unwrap();
    let (back, document) = again(&catalog);
    let security = |path: &str| document["paths"][path]["get"]["security"].to_string();
    assert_eq!(security("/closed"), r#"[{"key":["scopewise:closed"]}]"#);
    assert_eq!(security("/public"), "[]");
    assert_eq!(security("/key/{id}/{+rest}"), r#"[{"key":[]}]"#);
    // All scopes of a list, even a deprecated one.
    assert_eq!(security("/both"), r#"[{"key":["a","old"]}]"#);
    let found = diff(&catalog, &back);
    assert_eq!((&found.losses, &found.gains, changed(&found.operations)), (&vec![], &vec![], BTreeSet::from(["path"])));
}
