//! schema/catalog.schema.json and the reader of catalogs accept the same form.

use scopewise::scope::{Catalog, Query, answer};
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schema/catalog.schema.json")).unwrap()
}

fn built_in() -> Value {
    serde_json::from_str(&answer(Catalog::appwrite(), Query::Catalog, "").unwrap()).unwrap()
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema uses the type {other}"),
    }
}

/// Whether a value fits the keywords that the schema uses; patterns are left to the reader.
fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    schema.as_object().unwrap().iter().all(|(keyword, rule)| match keyword.as_str() {
        "$schema" | "$defs" | "title" | "description" | "pattern" => true,
        "$ref" => fits(root, root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap(), value),
        "anyOf" => rule.as_array().unwrap().iter().any(|rule| fits(root, rule, value)),
        "type" => match rule {
            Value::String(name) => is_of_type(value, name),
            names => names.as_array().unwrap().iter().any(|name| is_of_type(value, name.as_str().unwrap())),
        },
        "enum" => rule.as_array().unwrap().contains(value),
        "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
        "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
        "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().unwrap()),
        "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
        "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
        "items" => value.as_array().is_none_or(|list| list.iter().all(|item| fits(root, rule, item))),
        "required" => {
            value.as_object().is_none_or(|object| rule.as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap())))
        }
        "additionalProperties" => value.as_object().is_none_or(|object| object.keys().all(|name| schema["properties"].get(name).is_some())),
        "properties" => value
            .as_object()
            .is_none_or(|object| object.iter().all(|(name, member)| rule.get(name).is_none_or(|rule| fits(root, rule, member)))),
        other => panic!("the schema uses the keyword {other}"),
    })
}

fn small() -> Value {
    json!({
        "$schema": "catalog.schema.json", "id": "x", "name": "X", "version": "1", "maxScopes": 5,
        "basePaths": ["/v1"], "foldCase": true, "trailingSlash": "distinct",
        "editions": [{ "id": "e", "name": "E", "selfHosted": true }], "services": [{ "id": "s", "name": "S" }],
        "scopes": [
            { "id": "a.read", "service": "s", "description": "Read", "tiers": ["project"], "editions": ["e"], "implied": true,
              "sensitive": { "reach": "broad", "reason": "It is.", "path": ["hold a.read"] } },
            { "id": "b.read", "service": "s", "description": "Read", "tiers": ["account"], "editions": [], "deprecated": true, "successor": "a.read" }
        ],
        "operations": [{ "id": "a.get", "method": "GET", "path": "/a", "scopes": ["a.read"], "callers": ["key"], "deprecated": "2", "successor": "a.find" }]
    })
}

#[test]
fn the_built_in_catalog_fits_the_schema_and_is_read_again() {
    let catalog = built_in();
    assert!(fits(&schema(), &schema(), &catalog));
    let again = Catalog::from_json(&catalog.to_string()).unwrap();
    assert_eq!(again.scopes(), Catalog::appwrite().scopes());
    for (one, other) in again.operations().iter().zip(Catalog::appwrite().operations()) {
        assert_eq!(one, other);
    }
    assert_eq!(again.operations().len(), Catalog::appwrite().operations().len());
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(object) => object.iter().for_each(|(name, member)| places(member, &format!("{at}/{name}"), found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found)),
        _ => {}
    }
}

/// Each place in turn gets a value of another form, and each object loses each member and gets a strange one.
#[test]
fn schema_and_reader_refuse_the_same_forms() {
    let schema = schema();
    let agree = |catalog: &Value, what: &str| {
        let (by_schema, by_reader) = (fits(&schema, &schema, catalog), Catalog::from_json(&catalog.to_string()));
        // What a schema cannot say: how names relate.
        let is_relation = |message: &str| {
            message.starts_with("there is no ") && !message.contains("member") || message.starts_with("only a deprecated scope")
        };
        let relates = by_reader.as_ref().is_err_and(|errors| errors.iter().all(|error| is_relation(&error.message)));
        let refused_by_both = !by_schema && by_reader.is_err();
        assert!(refused_by_both || by_schema && (by_reader.is_ok() || relates), "{what}: schema {by_schema}, reader {:?}", by_reader.err());
        usize::from(refused_by_both)
    };
    let mut found = Vec::new();
    places(&small(), "", &mut found);
    let mut refused = 0;
    for place in &found {
        for strange in [json!(null), json!(true), json!(-3), json!({}), json!([[]])] {
            let mut catalog = small();
            *catalog.pointer_mut(place).unwrap() = strange.clone();
            refused += agree(&catalog, &format!("{place} = {strange}"));
        }
        let mut catalog = small();
        if let Some(object) = catalog.pointer_mut(place).unwrap().as_object_mut() {
            object.insert("strange".to_owned(), json!(1));
            refused += agree(&catalog, &format!("{place} + strange"));
            let names: Vec<String> = small().pointer(place).unwrap().as_object().unwrap().keys().cloned().collect();
            for name in names {
                let mut catalog = small();
                catalog.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(&name);
                refused += agree(&catalog, &format!("{place} - {name}"));
            }
        }
    }
    assert!(refused > 150, "{refused}");
    assert_eq!(agree(&small(), "as it is"), 0);
}
