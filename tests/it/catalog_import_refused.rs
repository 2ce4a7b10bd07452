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
            "ours.yaml:2 /scopes/alarm.read: there is no scope `alarm.read` in the document; did you mean `alarms.read`?",
        ),
        (
            "operations:\n  alarms.listAlarm: {open: public}\n",
            "ours.yaml:2 /operations/alarms.listAlarm: there is no operation `alarms.listAlarm` in the document; did you mean `alarms.listAlarms`?",
        ),
        (
            "operations:\n  PUT /alarms: {open: public}\n",
            "ours.yaml:2 /operations/PUT ~1alarms: there is no operation `PUT /alarms` in the document",
        ),
        (
            "operations:\n  POST /actions: {scopes: [actions.run]}\n",
            "ours.yaml:2 /operations/POST ~1actions: there is no scope `actions.run` in the document",
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
            "ours.yaml:2 /operations/POST ~1actions: `least` must be one of the operation's alternatives",
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
            "ours.yaml:2 /scopes/alarms.read: `sensitive` names the edition `v9`; the editions are texts",
        ),
    ] {
        let found = refusal(overlay);
        assert!(found.starts_with(message), "{found}\n{message}");
    }
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
