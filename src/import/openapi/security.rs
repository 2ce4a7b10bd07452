//! What `security` says about an operation.

use crate::import::{
    draft::{List, Requirement},
    node::Node,
};

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// Nothing.
    Absent,
    /// An empty list: no key is needed.
    Public,
    /// Only schemes without scopes.
    AnyKey { optional: bool },
    /// Any one of these.
    Scopes { requirements: Vec<Requirement>, optional: bool },
    /// It cannot be read; why.
    Wrong(String),
}

/// Reads `security`; with `only`, what it says about one scheme.
pub(super) fn read(security: Option<&Node>, only: Option<&str>) -> Security {
    let Some(security) = security else { return Security::Absent };
    if !security.is_list() {
        return Security::Wrong(format!("`security` must be a list, not {}", security.kind()));
    }
    if security.items().is_empty() {
        return Security::Public;
    }
    let (mut requirements, mut keys, mut optional) = (Vec::new(), false, false);
    for entry in security.items() {
        if !entry.is_map() {
            return Security::Wrong(format!("an entry of `security` must be an object, not {}", entry.kind()));
        }
        let mut lists = Vec::new();
        let schemes = entry.members().iter().filter(|(scheme, _)| only.is_none_or(|only| only == scheme));
        for (scheme, scopes) in schemes {
            let names = scopes.texts();
            if !scopes.is_list() || names.len() != scopes.items().len() {
                return Security::Wrong(format!("the scopes of `{scheme}` must be a list of texts, not {}", scopes.kind()));
            }
            keys = true;
            if !names.is_empty() {
                lists.push(List::unstated(names));
            }
        }
        optional |= entry.members().is_empty();
        if !lists.is_empty() {
            requirements.push(lists);
        }
    }
    match (requirements.is_empty(), keys) {
        (false, _) => Security::Scopes { requirements, optional },
        (true, true) => Security::AnyKey { optional },
        (true, false) if only.is_some() && !optional => Security::Absent,
        (true, false) => Security::Public,
    }
}
