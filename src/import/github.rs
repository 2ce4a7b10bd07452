//! GitHub's permissions of apps and of fine-grained tokens: each permission lists the requests that it opens, at a level.

use std::collections::BTreeMap;

use super::{
    draft::{Draft, DraftOperation, DraftScope, List, Needs},
    error::ImportError,
    findings::ReadFrom,
    node::{Node, Place},
    paths,
};

/// The levels, from the lowest; each includes those before it.
const LEVELS: [&str; 3] = ["read", "write", "admin"];

#[derive(Default)]
struct Entry {
    order: usize,
    operation: DraftOperation,
    /// Each of these is enough.
    alone: Vec<String>,
    /// These are enough together: the file says that each needs more, or another one, and not which.
    together: Vec<String>,
}

/// Reads the file.
pub(super) fn read(document: &Node, place: &Place) -> Result<Draft, ImportError> {
    let mut draft = Draft { title: "GitHub".to_owned(), version: "apps".to_owned(), ..Draft::default() };
    let mut entries: BTreeMap<(String, String), Entry> = BTreeMap::new();
    for (permission, node) in document.members() {
        let place = place.member(permission, node);
        let Some(list) = node.get("permissions").filter(|list| list.is_list()) else {
            return Err(ImportError::at(&place, "`permissions` must be a list"));
        };
        let place = place.member("permissions", list);
        let mut used = [false; LEVELS.len()];
        for (index, item) in list.items().iter().enumerate() {
            let place = place.member(&index.to_string(), item);
            let text = |member: &str| item.get(member).and_then(Node::text);
            let (Some(verb), Some(path), Some(access)) = (text("verb"), text("requestPath"), text("access")) else {
                return Err(ImportError::at(&place, "an entry must have `verb`, `requestPath` and `access`"));
            };
            let Some((used, _)) = used.iter_mut().zip(LEVELS).find(|(_, level)| *level == access) else {
                return Err(ImportError::at(&place, format!("`access` must be read, write or admin, not `{access}`")));
            };
            *used = true;
            let method = verb.to_uppercase();
            let order = entries.len();
            let entry = entries.entry((paths::route(path, false).shape, method.clone())).or_insert_with(|| Entry {
                order,
                operation: DraftOperation {
                    tag: text("category").map(str::to_owned),
                    name: text("slug").map(str::to_owned),
                    method,
                    path: path.to_owned(),
                    place: place.clone(),
                    ..DraftOperation::default()
                },
                ..Entry::default()
            });
            let needs_more = item.get("additional-permissions").and_then(Node::flag).unwrap_or(false);
            let names = if needs_more { &mut entry.together } else { &mut entry.alone };
            names.push(format!("{permission}:{access}"));
        }
        let title = ["displayTitle", "title"].iter().find_map(|member| node.get(member)?.text()).unwrap_or(permission);
        let mut below: Option<String> = None;
        for (_, level) in used.iter().zip(LEVELS).filter(|(used, _)| **used) {
            let name = format!("{permission}:{level}");
            draft.scopes.push(DraftScope {
                name: name.clone(),
                description: format!("{title}: {level}"),
                includes: below.replace(name).into_iter().collect(),
                place: place.clone(),
                ..DraftScope::default()
            });
        }
    }
    let mut entries: Vec<Entry> = entries.into_values().collect();
    entries.sort_by_key(|entry| entry.order);
    draft.read_from = vec![ReadFrom { source: "permissions".to_owned(), operations: entries.len() }];
    draft.operations = entries.into_iter().map(Entry::finish).collect();
    Ok(draft)
}

impl Entry {
    fn finish(self) -> DraftOperation {
        let mut requirements: Vec<Vec<List>> = self.alone.into_iter().map(|name| vec![List::one(name)]).collect();
        // One permission that needs another one, which is not named, opens nothing.
        if self.together.len() > 1 {
            requirements.push(vec![List::all(self.together)]);
        }
        let needs = if requirements.is_empty() { Needs::Unknown } else { Needs::Any(requirements) };
        DraftOperation { needs, ..self.operation }
    }
}
