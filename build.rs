//! Makes sure that `dist/` exists, since the server embeds it, and that a new `dist/` is embedded again. Makes the table of the
//! built-in catalog from `src/scope/catalog/appwrite.json`, in the form that `src/scope/catalog/table.rs` reads: a third of the
//! JSON's size, three quarters of it where it is compressed for transfer, and read in a fraction of the time.
//!
//! A line of the table is a column, with an entry for each row, and a tab between two entries. An empty entry is the same as the one
//! before it; any other begins with a character that tells how much of the one before it stays: 0 for none of it, 1 for a byte, and
//! so on through ASCII. A bar separates the parts of one entry.

use std::{env, error::Error, fs, io, path::Path};

use serde_json::Value;

const SOURCE: &str = "src/scope/catalog/appwrite.json";
/// The largest number that one character can tell.
const MAX_SHARED: usize = (b'~' - b'0') as usize;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SOURCE}");
    embedded()?;
    table()
}

/// For WASM nothing is embedded; watching dist/ there would make every Trunk build stale.
fn embedded() -> io::Result<()> {
    let is_wasm = env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32");
    if !is_wasm && env::var_os("CARGO_FEATURE_SERVER").is_some() {
        fs::create_dir_all("dist")?;
        println!("cargo::rerun-if-changed=dist");
    }
    Ok(())
}

fn table() -> Result<(), Box<dyn Error>> {
    let catalog: Value = serde_json::from_str(&fs::read_to_string(SOURCE)?)?;
    let out = env::var("OUT_DIR")?;
    let members = ["id", "name", "version", "maxScopes"];
    let mut first = members.iter().map(|member| column([catalog.get(member)].into_iter())).collect::<Result<Vec<_>, _>>()?;
    first.extend(columns(&catalog, "editions", &["id", "name", "selfHosted"])?);
    first.extend(columns(&catalog, "services", &["id", "name"])?);
    let scope = [
        "id",
        "service",
        "description",
        "tiers",
        "editions",
        "deprecated",
        "implied",
        "successor",
        "sensitive/reach",
        "sensitive/reason",
        "sensitive/path",
        "name",
        "includes",
    ];
    first.extend(columns(&catalog, "scopes", &scope)?);
    let operation = ["id", "method", "path", "scopes", "callers", "deprecated", "successor", "least", "open", "inferred"];
    fs::write(Path::new(&out).join("catalog.txt"), first.concat())?;
    fs::write(Path::new(&out).join("operations.txt"), columns(&catalog, "operations", &operation)?.concat())?;
    Ok(())
}

/// A column for each of these members of a list's objects.
fn columns(catalog: &Value, list: &str, members: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let rows = catalog.get(list).and_then(Value::as_array).ok_or("a list of the catalog is missing")?;
    members.iter().map(|member| column(rows.iter().map(|row| row.pointer(&format!("/{member}"))))).collect()
}

fn column<'a>(values: impl Iterator<Item = Option<&'a Value>>) -> Result<String, Box<dyn Error>> {
    let (mut before, mut entries) = (String::new(), Vec::new());
    for value in values {
        let text = text(value)?;
        let shared = before.bytes().zip(text.bytes()).take(MAX_SHARED).take_while(|(a, b)| a == b).count();
        let shared = (0..=shared).rev().find(|shared| text.is_char_boundary(*shared)).unwrap_or_default();
        let rest = text.get(shared..).unwrap_or_default();
        let is_same = text == before && !entries.is_empty();
        entries.push(if is_same { String::new() } else { format!("{}{rest}", char::from(b'0' + u8::try_from(shared)?)) });
        before = text;
    }
    Ok(entries.join("\t") + "\n")
}

/// A value as an entry of a column.
fn text(value: Option<&Value>) -> Result<String, Box<dyn Error>> {
    let text = match value {
        None | Some(Value::Bool(false)) => String::new(),
        Some(Value::Bool(true)) => "1".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) if text.contains('|') => return Err(format!("a bar is kept for lists: {text}").into()),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => {
            // Scopes that are all needed stand in a list within a list.
            let inner = |part: &Value| text(Some(part)).map(|text| if part.is_array() { text.replace('|', " ") } else { text });
            let parts: Result<Vec<String>, _> = list.iter().map(inner).collect();
            parts?.join("|")
        }
        Some(other) => return Err(format!("a column cannot hold {other}").into()),
    };
    if text.contains(['\t', '\n']) { Err(format!("tabs and line breaks are kept for columns: {text}").into()) } else { Ok(text) }
}
