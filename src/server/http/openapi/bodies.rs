//! The schemas of bodies, made of the structs that handlers take.

use std::borrow::Cow;

use axum::http::Method;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::server::http::{ROUTES, Route};

/// The name of the schema of a route's body, where the handler takes a struct.
pub(super) fn name(route: &Route) -> Option<Cow<'static, str>> {
    if route.method == Method::GET { None } else { (route.request)().map(|request| (request.title)()) }
}

/// Every schema by its name.
pub(super) fn all() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        settings.inline_subschemas = true;
    });
    let mut all = Map::new();
    for route in ROUTES.iter().filter(|route| route.method != Method::GET) {
        let Some(request) = (route.request)() else { continue };
        let mut schema = (request.schema)(&mut settings.clone().into_generator());
        // Extensions refuse other members. The contract's routes ignore them, but a client that sends one has made a mistake.
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        all.insert((request.title)().into_owned(), schema.to_value());
    }
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scope::Catalog, server::http::openapi::document};

    /// A struct that reads a query has no schema in the document, where each parameter stands alone. The names must be the same.
    #[test]
    fn a_read_takes_the_parameters_that_the_document_names() {
        let document = document(Catalog::appwrite());
        let mut compared = 0;
        for route in ROUTES.iter().filter(|route| route.method == Method::GET && !route.open) {
            let mut taken: Vec<&str> = (route.request)().map_or(&[] as &[&str], |request| (request.names)()).to_vec();
            let path = route.paths.first().unwrap();
            let references = document["paths"][path]["get"]["parameters"].as_array().cloned().unwrap_or_default();
            let parameters =
                references.iter().map(|reference| document.pointer(reference["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap());
            let in_query = parameters.filter(|parameter| parameter["in"] == "query");
            let mut named: Vec<String> =
                in_query.map(|parameter| parameter["name"].as_str().unwrap().trim_end_matches("[]").to_owned()).collect();
            taken.sort_unstable();
            named.sort_unstable();
            assert_eq!(taken, named, "{}", route.operation);
            compared += taken.len();
        }
        assert!(compared > 10, "{compared}");
    }

    #[test]
    fn a_body_has_the_members_of_its_struct_and_no_other() {
        let schemas = all();
        let create: Vec<&str> = schemas["CreateKey"]["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(create, ["description", "expire", "keyId", "name", "scopes"]);
        assert_eq!(schemas["CreateKey"]["required"], serde_json::json!(["keyId", "name", "scopes"]));
        for (name, schema) in schemas.as_object().unwrap() {
            assert_eq!((&schema["type"], &schema["additionalProperties"]), (&Value::from("object"), &Value::from(false)), "{name}");
        }
    }
}
