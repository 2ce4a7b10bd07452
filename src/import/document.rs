//! The catalog as it is written: one entry a line.

use serde::Serialize;

#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub id: String,
    pub name: String,
    pub version: String,
    pub max_scopes: usize,
    pub base_paths: Vec<String>,
    pub fold_case: bool,
    pub editions: Vec<Named>,
    pub services: Vec<Named>,
    pub scopes: Vec<ScopeEntry>,
    pub operations: Vec<OperationEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Named {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct ScopeEntry {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub service: String,
    pub description: String,
    pub tiers: [&'static str; 1],
    pub editions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub deprecated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<Sensitive>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Sensitive {
    pub reach: String,
    pub reason: String,
    pub path: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct OperationEntry {
    pub id: String,
    pub method: String,
    pub path: String,
    pub scopes: Vec<AlternativeEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<AlternativeEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    pub inferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

/// One scope, or several that are all needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum AlternativeEntry {
    One(String),
    All(Vec<String>),
}

impl From<Vec<String>> for AlternativeEntry {
    fn from(names: Vec<String>) -> Self {
        match <[String; 1]>::try_from(names) {
            Ok([name]) => Self::One(name),
            Err(names) => Self::All(names),
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Document {
    /// As JSON. Members, and the items of its lists of entries, are on lines of their own, so that two catalogs can be compared line by line.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let json = |text: &str| serde_json::to_string(text);
        let mut members = vec![
            format!("\"id\": {}", json(&self.id)?),
            format!("\"name\": {}", json(&self.name)?),
            format!("\"version\": {}", json(&self.version)?),
            format!("\"maxScopes\": {}", self.max_scopes),
        ];
        if !self.base_paths.is_empty() {
            members.push(format!("\"basePaths\": {}", serde_json::to_string(&self.base_paths)?));
        }
        if self.fold_case {
            members.push("\"foldCase\": true".to_owned());
        }
        members.push(list("editions", &self.editions)?);
        members.push(list("services", &self.services)?);
        members.push(list("scopes", &self.scopes)?);
        members.push(list("operations", &self.operations)?);
        Ok(format!("{{\n{}\n}}\n", members.join(",\n")))
    }
}

fn list(name: &str, items: &[impl Serialize]) -> Result<String, serde_json::Error> {
    let lines = items.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(if lines.is_empty() { format!("\"{name}\": []") } else { format!("\"{name}\": [\n{}\n]", lines.join(",\n")) })
}
