//! `scopewise::import`: what it refuses, with the place in the file.

use scopewise::import::{ImportError, Options, ScopeSource, import};

use crate::catalog_import::{fixture, refused, source};

#[test]
fn an_overlay_that_fits_nothing_is_refused_with_its_place() {
    let refusal = |overlay: &str| {
        let options = Options { overlay: Some(source("ours.yaml", overlay)), ..Options::default() };
        refused(&[fixture("texts.json")], &options)
    };
    for (overlay, message) in [
        (
            "scopes:\n  alarm.read: {description: x}\n",
            "ours.yaml:2 /scopes/alarm.read: there is no scope `alarm.read` in the document; did you mean `alarms.read`? to declare a new one, name it in an operation under `operations` too",
        ),
        (
            "operations:\n  alarms.listAlarm: {open: public}\n",
            "ours.yaml:2 /operations/alarms.listAlarm: there is no operation `alarms.listAlarm` in the document; did you mean `alarms.listAlarms`?",
        ),
        (
            "operations:\n  PUT /alarms: {open: public}\n",
            "ours.yaml:2 /operations/PUT ~1alarms: there is no operation `PUT /alarms` in the document; name one of its operations by id, or by method and path",
        ),
        (
            "operations:\n  POST /actions: {scopes: [actions.run]}\n",
            "ours.yaml:2 /operations/POST ~1actions/scopes: there is no scope `actions.run` in the document; to declare a new one, add `actions.run: {}` under `scopes` of this file",
        ),
        (
            "operations:\n  POST /actions: {scopes: [alarms.read], open: public}\n",
            "ours.yaml:2 /operations/POST ~1actions: give `scopes` or `open`, not both",
        ),
        (
            "operations:\n  POST /actions: {open: all}\n",
            "ours.yaml:2 /operations/POST ~1actions/open: `open` must be `public` or `any-key`",
        ),
        (
            "operations:\n  POST /actions: {scopes: [alarms.read], least: alarms.write}\n",
            "ours.yaml:2 /operations/POST ~1actions/least: `least` must be one of the operation's alternatives; repeat one of them: `alarms.read`",
        ),
        (
            "operations:\n  POST /actions: {least: alarms.write}\n",
            "ours.yaml:2 /operations/POST ~1actions/least: `least` must be one of the operation's alternatives; it has none, so give `scopes` as well",
        ),
        (
            "operations:\n  POST /actions: {scopes: [alarms.read], least: actions.run}\n",
            "ours.yaml:2 /operations/POST ~1actions/least: there is no scope `actions.run` in the document; to declare",
        ),
        (
            "operations:\n  POST /actions: {scopes: [alarm.read]}\n",
            "ours.yaml:2 /operations/POST ~1actions/scopes: there is no scope `alarm.read` in the document; did you mean `alarms.read`? to declare",
        ),
        (
            "scopes:\n  alarms.read:\n    includes:\n      [alarm.write]\n",
            "ours.yaml:4 /scopes/alarms.read/includes: there is no scope `alarm.write` in the document; did you mean `alarms.write`? to declare",
        ),
        (
            "scopes:\n  alarms.read:\n    deprecated: true\n    successor: alarm.write\n",
            "ours.yaml:4 /scopes/alarms.read/successor: there is no scope `alarm.write` in the document; did you mean `alarms.write`? to declare",
        ),
        (
            "operations:\n  POST /actions: {scope: [alarms.read]}\n",
            "ours.yaml:2 /operations/POST ~1actions/scope: unknown member `scope`; did you mean `scopes`?",
        ),
        (
            "scopes:\n  alarms.read: {sensitive: {reach: far}}\n",
            "ours.yaml:2 /scopes/alarms.read/sensitive: `reach` must be one of full-access, runs-code, any-user, secrets, broad",
        ),
        (
            "scopes:\n  alarms.read: {sensitive: {reach: broad, reason: It shows all., editions: [v9]}}\n",
            "ours.yaml:2 /scopes/alarms.read/sensitive: `sensitive` names the edition `v9`; the editions are texts",
        ),
    ] {
        let found = refusal(overlay);
        assert!(found.starts_with(message), "{found}\n{message}");
    }
}

/// What only the catalog as a whole has wrong, because of the overlay.
#[test]
fn an_overlay_that_makes_a_catalog_wrong_is_refused_with_its_place() {
    let operation = |scope: &str| serde_json::json!({ "operationId": scope, "security": [{ "auth": [scope] }] });
    let names: Vec<String> = (0..20).map(|n| format!("a{n}.read")).chain(["b:read".into(), "b:write".into()]).collect();
    let paths: serde_json::Value = names.iter().map(|name| (format!("/{name}"), serde_json::json!({ "get": operation(name) }))).collect();
    // A document that declares its scopes as an export does: one includes another, and one has a successor.
    let described = serde_json::json!({ "scopes": { "a1.read": { "includes": ["a2.read"] }, "a3.read": { "deprecated": true, "successor": "a4.read" } } });
    let document = serde_json::json!({
        "openapi": "3.1.0", "info": { "title": "API", "version": "1" }, "paths": paths, "x-scopewise": described,
    });
    let document = source("api.json", &document.to_string());
    let chain: String = (4..19).map(|n| format!("  a{n}.read: {{includes: [a{}.read]}}\n", n + 1)).collect();
    for (overlay, levels, message) in [
        (
            "scopes:\n  a5.read: {}\n  a2.read:\n    includes: [a1.read]\n",
            "",
            "ours.yaml:4 /scopes/a2.read/includes: `includes` leads in a circle: `a2.read` includes `a1.read` includes `a2.read`; leave one of them out",
        ),
        (
            "scopes:\n  a5.read: {includes: [a6.read, a5.read]}\n",
            "",
            "ours.yaml:2 /scopes/a5.read/includes: `includes` leads in a circle: `a5.read` includes `a5.read`; leave one of them out",
        ),
        (
            "scopes:\n  b:read: {includes: [b:write]}\n",
            "read,write",
            "ours.yaml:2 /scopes/b:read/includes: `includes` leads in a circle: `b:read` includes `b:write` includes `b:read`; leave one of them out",
        ),
        (
            &format!(
                "scopes:\n  a1.read: {{includes: [a2.read]}}\n  a2.read: {{includes: [a3.read]}}\n  a3.read: {{includes: [a4.read]}}\n{chain}"
            ),
            "",
            "ours.yaml:2 /scopes/a1.read/includes: with this, the scopes include too much; at most 16 may include each other one after the other: leave some out of `includes`",
        ),
        (
            "scopes:\n  a5.read:\n    successor: a6.read\n",
            "",
            "ours.yaml:3 /scopes/a5.read/successor: only a deprecated scope has a successor, which is another scope; set `deprecated: true` as well, or leave `successor` out",
        ),
        (
            "scopes:\n  a5.read: {deprecated: true, successor: a5.read}\n",
            "",
            "ours.yaml:2 /scopes/a5.read/successor: only a deprecated scope has a successor, which is another scope; name another one, or leave `successor` out",
        ),
        (
            "scopes:\n  a4.read: {deprecated: true, successor: a3.read}\n",
            "",
            "ours.yaml:2 /scopes/a4.read/successor: leads in a circle, or passes more than 16 successors; name another one, or leave `successor` out",
        ),
        ("scopes:\n  a5.read: {description: x}\n  a6.read: {}\n  a5-read: {}\n", "", "ours.yaml:4 /scopes/a5-read: there is no scope"),
    ] {
        let levels = levels.split(',').filter(|level| !level.is_empty()).map(str::to_owned).collect();
        let options = Options { overlay: Some(source("ours.yaml", overlay)), levels, ..Options::default() };
        let found =
            import(std::slice::from_ref(&document), &options).map(|_| "imported".to_owned()).unwrap_or_else(|error| error.to_string());
        assert!(found.starts_with(message), "{found}\n{message}");
    }
    // A fault of the document itself is at its place there.
    let options = Options::default();
    let text = document.text.replace("\"deprecated\":true,", "");
    let found = refused(&[source("api.json", &text)], &options);
    assert!(found.starts_with("api.json /x-scopewise/scopes/a3.read/successor: only a deprecated scope"), "{found}");
}

#[test]
fn an_overlay_that_declares_too_many_scopes_is_refused() {
    let scopes: serde_json::Value = (0..19_999).map(|n| (format!("own.scope{n}"), serde_json::json!("x"))).collect();
    let document = serde_json::json!({
        "openapi": "3.1.0", "info": { "title": "API", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "a", "security": [{ "auth": ["own.scope0"] }] } } },
        "components": { "securitySchemes": { "auth": { "type": "oauth2", "flows": { "implicit": { "scopes": scopes } } } } },
    });
    let overlay = "operations:\n  GET /a: {scopes: [new.one, new.two]}\nscopes:\n  new.one: {}\n  new.two: {}\n";
    let options = Options { overlay: Some(source("ours.yaml", overlay)), ..Options::default() };
    assert_eq!(
        refused(&[source("api.json", &document.to_string())], &options),
        "ours.yaml /scopes: 20001 scopes and 1 operations are too many; a catalog has at most 20000 of each, and 2 of the scopes are new in this file: leave some out"
    );
}

#[test]
fn two_entries_of_an_overlay_for_one_scope_are_refused() {
    let document = serde_json::json!({
        "openapi": "3.1.0", "info": { "title": "API", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "a", "security": [{ "auth": ["Zone DNS Write"] }] } } },
    });
    let overlay = "scopes:\n  Zone DNS Write: {description: x}\n  zone-dns-write: {deprecated: true}\n";
    let options = Options { overlay: Some(source("ours.yaml", overlay)), ..Options::default() };
    assert_eq!(
        refused(&[source("api.json", &document.to_string())], &options),
        "ours.yaml:3 /scopes/zone-dns-write: `zone-dns-write` is the scope `Zone DNS Write`, which has an entry already; say everything in one of them"
    );
}

#[test]
fn what_is_unreadable_is_refused_with_its_place() {
    let text = |text: &str| refused(&[source("x.json", text)], &Options::default());
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for (document, message) in [
        ("", "x.json: the file is empty"),
        ("{\n  \"openapi\": ", "x.json:2: the file is not valid JSON: EOF"),
        ("[]", "x.json: the document must be an object, not a list"),
        (&deep, "x.json:1: the file is not valid JSON: recursion limit exceeded"),
        (r#"{"a":1,"a":2}"#, "x.json:1: the file is not valid JSON: the member `a` appears twice"),
        (r#"{"hello":"world"}"#, "x.json: the format is not known"),
        (r#"{"openapi":"1.2"}"#, "x.json: OpenAPI 3 and Swagger 2.0 can be imported, not version `1.2`"),
        (r#"{"openapi":"3.0.0"}"#, "x.json: the document has no `paths`"),
        (r#"{"openapi":"3.0.0","paths":[]}"#, "x.json /paths: `paths` must be an object, not a list"),
        (r#"{"openapi":"3.0.0","paths":{"/a":3}}"#, "x.json /paths/~1a: a path must be an object, not a number"),
        (r#"{"openapi":"3.0.0","paths":{"/a":{"get":"x"}}}"#, "x.json /paths/~1a/get: an operation must be an object, not a text"),
        (
            r##"{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a"}}}"##,
            "x.json /paths/~1a: `$ref` leads in a circle",
        ),
        (
            r##"{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/nowhere"}}}"##,
            "x.json /paths/~1a: `$ref` leads to `#/nowhere`, which is not there",
        ),
        (r#"{"openapi":"3.0.0","paths":{"/a":{"$ref":"other.yaml#/a"}}}"#, "x.json /paths/~1a: `$ref` leads to another file"),
        (
            r#"{"openapi":"3.0.0","security":[{"key":[]}],"paths":{"/a":{"get":{"$ref":"a.yaml"}}}}"#,
            "x.json /paths/~1a/get: `$ref` leads to another file, `a.yaml`; bundle the document into one file first",
        ),
        (
            r#"{"openapi":"3.0.0","paths":{},"components":{"securitySchemes":[]}}"#,
            "x.json /components/securitySchemes: the security schemes must be",
        ),
        (
            r#"{"permissions":{"A":{"schemes":{"Work":{}},"pathSets":[]}}}"#,
            "x.json /permissions: no permission has the scheme `Application`; choose one with --scheme: Work",
        ),
        (
            r#"{"permissions":{"A":{"schemes":{"Application":{}},"pathSets":[{"schemeKeys":["Application"],"methods":["GET"],"paths":{"/a":1}}]}}}"#,
            "x.json /permissions/A/pathSets/0/paths/~1a: what follows a path must be a text",
        ),
        (
            r#"{"a":{"permissions":[{"verb":"get","requestPath":"/a","access":"own"}]}}"#,
            "x.json /a/permissions/0: `access` must be read, write or admin, not `own`",
        ),
        (r#"{"discoveryVersion":"v1","methods":{"a":{}}}"#, "x.json /methods/a: a method must have `httpMethod`"),
    ] {
        let found = text(document);
        assert!(found.starts_with(message), "{found}\n{message}");
    }
    let wrong = Options { scopes: Some(ScopeSource::Security(Some("oauth".into()))), ..Options::default() };
    assert!(refused(&[fixture("needed.json")], &wrong).contains("there is no security scheme `oauth`; the schemes are: oauth2, secret"));
    let base = Options { bases: vec!["/v1/{x}".into()], ..Options::default() };
    assert!(refused(&[fixture("needed.json")], &base).contains("cannot be a base path"));
    let levels = Options { levels: vec!["look".into(), "touch".into()], ..Options::default() };
    assert!(refused(&[fixture("needed.json")], &levels).contains("no two scopes are levels of one resource; --levels says look,touch"));
    assert!(matches!(import(&[], &Options::default()), Err(ImportError { .. })));
}
