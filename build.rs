//! Makes sure that `dist/` exists, since the server embeds it, and that a new `dist/` is embedded again. Makes the table of the
//! built-in catalog from `src/scope/catalog/appwrite.json`, in the form that `src/scope/catalog/table.rs` reads: a third of the
//! JSON's size, three quarters of it where it is compressed for transfer, and read in a fraction of the time.
//!
//! A line of the table is a column, with an entry for each row, and a tab between two entries. An empty entry is the same as the one
//! before it; any other begins with a character that says how much of the one before it stays: 0 for none of it, 1 for a byte, and
//! so on through ASCII. A bar separates the parts of one entry.
//!
//! What an operation is usually called, its parameters, and the action of its scopes follow from its route: see
//! `src/scope/catalog/usual.rs`. The column of names says how each differs from the usual one, not from the one before it. In a path,
//! `:` alone is the usual parameter; `keys.` is a scope with the usual action.

extern crate alloc;

use std::{env, error::Error, fs, io, path::Path};

use serde_json::Value;

use usual::{usual_action, usual_name, usual_parameter};

#[path = "src/scope/catalog/usual.rs"]
mod usual;

const SOURCE: &str = "src/scope/catalog/appwrite.json";
/// The largest number that one character can stand for.
const MAX_SHARED: usize = (b'~' - b'0') as usize;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SOURCE}");
    println!("cargo::rerun-if-changed=src/scope/catalog/usual.rs");
    embedded()?;
    splittable();
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

/// Lets the console be split where something will split it: what does reads from the module which function reaches what.
fn splittable() {
    println!("cargo::rustc-check-cfg=cfg(split)");
    println!("cargo::rerun-if-env-changed=SCOPEWISE_PARTS");
    let is_wasm = env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32");
    if is_wasm && env::var_os("CARGO_FEATURE_CONSOLE").is_some() && env::var_os("SCOPEWISE_PARTS").is_some() {
        println!("cargo::rustc-cfg=split");
        println!("cargo::rustc-link-arg-bin=scopewise-console=--emit-relocs");
    }
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
        "sensitive/editions",
    ];
    first.extend(columns(&catalog, "scopes", &scope)?);
    fs::write(Path::new(&out).join("catalog.txt"), first.concat())?;
    fs::write(Path::new(&out).join("operations.txt"), operations(&catalog)?)?;
    Ok(())
}

/// The operations: what is usual is left out.
fn operations(catalog: &Value) -> Result<String, Box<dyn Error>> {
    let mut catalog = catalog.clone();
    let list = catalog.get_mut("operations").and_then(Value::as_array_mut).ok_or("the catalog has no operations")?;
    let (mut services, mut names) = (Vec::new(), Vec::new());
    for operation in list {
        let text = |member: &str| operation.get(member).and_then(Value::as_str).map(str::to_owned).ok_or(format!("{member} is missing"));
        let (id, method, path) = (text("id")?, text("method")?, text("path")?);
        let (service, name) = id.split_once('.').ok_or(format!("{id} has no service"))?;
        services.push(service.to_owned());
        names.push((usual_name(&method, &path.split('/').collect::<Vec<_>>()), name.to_owned()));
        let mut before = "";
        let mut short = Vec::new();
        for segment in path.split('/') {
            short.push(if segment.starts_with(':') && segment == usual_parameter(before) { ":" } else { segment });
            before = segment;
        }
        let short = short.join("/");
        let action = format!(".{}", usual_action(&method));
        for scope in operation.get_mut("scopes").and_then(Value::as_array_mut).into_iter().flatten() {
            let scopes = if let Value::Array(all) = scope { all.iter_mut().collect() } else { vec![scope] };
            for scope in scopes {
                let name = scope.as_str().ok_or("a scope is not a text")?;
                *scope = name.strip_suffix(&action).map_or(name.to_owned(), |resource| format!("{resource}.")).into();
            }
        }
        operation["path"] = short.into();
    }
    let members = ["method", "path", "scopes", "callers", "deprecated", "successor", "least", "open", "inferred"];
    let mut all = vec![entries(services.into_iter().map(Ok))?];
    all.extend(columns(&catalog, "operations", &members)?);
    all.push(differences(names.into_iter())?);
    Ok(all.concat())
}

/// A column for each of these members of a list's objects.
fn columns(catalog: &Value, list: &str, members: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let rows = catalog.get(list).and_then(Value::as_array).ok_or("a list of the catalog is missing")?;
    members.iter().map(|member| column(rows.iter().map(|row| row.pointer(&format!("/{member}"))))).collect()
}

fn column<'a>(values: impl Iterator<Item = Option<&'a Value>>) -> Result<String, Box<dyn Error>> {
    entries(values.map(text))
}

/// A column of texts, each as it differs from the one before.
fn entries(texts: impl Iterator<Item = Result<String, Box<dyn Error>>>) -> Result<String, Box<dyn Error>> {
    let mut before = String::new();
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    differences(texts.into_iter().map(|text| (std::mem::replace(&mut before, text.clone()), text)))
}

/// A column of texts, each with the one that it is compared with.
fn differences(pairs: impl Iterator<Item = (String, String)>) -> Result<String, Box<dyn Error>> {
    let mut entries = Vec::new();
    for (before, text) in pairs {
        let shared = before.bytes().zip(text.bytes()).take(MAX_SHARED).take_while(|(a, b)| a == b).count();
        let shared = (0..=shared).rev().find(|shared| text.is_char_boundary(*shared)).unwrap_or_default();
        let rest = text.get(shared..).unwrap_or_default();
        let is_same = text == before && !entries.is_empty();
        entries.push(if is_same { String::new() } else { format!("{}{rest}", char::from(b'0' + u8::try_from(shared)?)) });
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
