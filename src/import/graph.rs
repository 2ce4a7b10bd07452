//! Microsoft Graph's permissions.json: each permission lists the methods and paths that it opens.

use std::collections::BTreeMap;

use super::{
    draft::{Draft, DraftOperation, DraftScope, List, Needs, Requirement},
    error::ImportError,
    findings::{Code, Finding, ReadFrom},
    node::{Node, Place, Value},
    options::Options,
    paths,
};

/// The column that keys of a program are about.
const SCHEME: &str = "Application";
/// Where Graph serves its paths; the file does not say it.
const BASES: [&str; 2] = ["/v1.0", "/beta"];
/// The privilege level from which a permission is likely to be sensitive.
const SENSITIVE_LEVEL: u8 = 4;

/// What opens one method of one path.
struct Entry {
    path: String,
    place: Place,
    /// Each with the level of its permission, and whether its owner calls it least privileged.
    ways: Vec<(bool, u8, Requirement)>,
}

/// Reads the file.
pub(super) fn read(document: &Node, place: &Place, options: &Options) -> Result<Draft, ImportError> {
    let scheme = options.scheme.as_deref().unwrap_or(SCHEME);
    let mut draft = Draft {
        title: "Microsoft Graph".to_owned(),
        version: scheme.to_owned(),
        bases: BASES.map(str::to_owned).to_vec(),
        fold_case: true,
        ..Draft::default()
    };
    if options.bases.is_empty() {
        draft.findings.push(Finding::new(Code::BasePath, place, format!("the file names no base path; assumed: {}", BASES.join(", "))));
    }
    let Some(permissions) = document.get("permissions").filter(|permissions| permissions.is_map()) else {
        return Err(ImportError::at(place, "`permissions` must be an object"));
    };
    let permissions_place = place.member("permissions", permissions);
    let mut entries: BTreeMap<(String, String, bool), Entry> = BTreeMap::new();
    let mut schemes: Vec<&str> = Vec::new();
    for (name, permission) in permissions.members() {
        let place = permissions_place.member(name, permission);
        let found = permission.get("schemes").map(Node::members).unwrap_or_default();
        for (scheme, _) in found {
            if schemes.len() < 16 && !schemes.contains(&scheme.as_str()) {
                schemes.push(scheme);
            }
        }
        let Some((_, details)) = found.iter().find(|(key, _)| key == scheme) else { continue };
        let level = details.get("privilegeLevel").and_then(Node::word).and_then(|level| level.parse().ok()).unwrap_or(0);
        let description = details.get("adminDisplayName").and_then(Node::text).unwrap_or_default();
        draft.scopes.push(DraftScope {
            name: name.clone(),
            description: description.to_owned(),
            sensitive: (level >= SENSITIVE_LEVEL).then(|| format!("its privilege level is {level}")),
            place: place.clone(),
            ..DraftScope::default()
        });
        for (index, set) in permission.get("pathSets").map(Node::items).unwrap_or_default().iter().enumerate() {
            if !set.get("schemeKeys").map(Node::texts).unwrap_or_default().iter().any(|key| key == scheme) {
                continue;
            }
            let set_place = place.member("pathSets", set).member(&index.to_string(), set);
            let Some(paths) = set.get("paths").filter(|paths| paths.is_map()) else {
                return Err(ImportError::at(&set_place, "`paths` must be an object"));
            };
            for method in set.get("methods").map(Node::texts).unwrap_or_default() {
                for (path, note) in paths.members() {
                    let place = set_place.member("paths", paths).member(path, note);
                    let Value::Text(note) = &note.value else {
                        return Err(ImportError::at(&place, format!("what follows a path must be a text, not {}", note.kind())));
                    };
                    let (least, also) = notes(note, scheme);
                    let mut way = vec![List::one(name.clone())];
                    way.extend((!also.is_empty()).then(|| List::unstated(also)));
                    let route = paths::route(path, true);
                    let key = (route.shape, method.to_uppercase(), route.fidelity == paths::Fidelity::WithoutQuery);
                    let entry = entries.entry(key).or_insert_with(|| Entry { path: path.clone(), place, ways: Vec::new() });
                    entry.ways.push((!least, level, way));
                }
            }
        }
    }
    if draft.scopes.is_empty() {
        let message = format!("no permission has the scheme `{scheme}`; choose one with --scheme: {}", schemes.join(", "));
        return Err(ImportError::at(&permissions_place, message));
    }
    draft.read_from = vec![ReadFrom { source: format!("pathSets of {scheme}"), operations: entries.len() }];
    draft.operations = entries.into_iter().map(|((_, method, _), entry)| operation(method, entry)).collect();
    Ok(draft)
}

/// `least=A,B;AlsoRequires=C,D`: whether it is least privileged in our scheme, and what it needs besides.
fn notes(text: &str, scheme: &str) -> (bool, Vec<String>) {
    let values = |name: &str| {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        let found = parts.filter(move |(key, _)| key.trim().eq_ignore_ascii_case(name)).flat_map(|(_, values)| values.split(','));
        found.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    (values("least").iter().any(|value| value == scheme), values("AlsoRequires"))
}

/// The alternatives stand in the order of preference: least privileged, then the lowest level.
fn operation(method: String, mut entry: Entry) -> DraftOperation {
    let name = |way: &Requirement| way.first().and_then(|list| list.names.first().cloned()).unwrap_or_default();
    entry.ways.sort_by_cached_key(|(other, level, way)| (*other, *level, name(way)));
    let least =
        entry.ways.first().filter(|(other, _, _)| !other).map(|(_, _, way)| way.iter().flat_map(|list| list.names.clone()).collect());
    DraftOperation {
        method,
        path: entry.path,
        needs: Needs::Any(entry.ways.into_iter().map(|(_, _, way)| way).collect()),
        least,
        place: entry.place,
        ..DraftOperation::default()
    }
}
