//! What only the catalog as a whole can have wrong, said of the entry that makes it wrong: in the overlay, or in what a document says in the
//! form of one. What nobody has written by hand is left to whoever reads the catalog.

use std::collections::{HashMap, VecDeque};

use super::{
    document::{Document, ScopeEntry},
    draft::OverlayScope,
    error::ImportError,
    overlay::Overlay,
    scopes::Scopes,
};
use crate::scope::{Catalog, CatalogError};

/// Reads the catalog as a server would.
///
/// # Errors
/// The fault of the first entry that has one, with its place and what to do. Those of the overlay come first.
pub(super) fn check(catalog: &str, document: &Document, overlay: &Overlay, scopes: &Scopes<'_>) -> Result<(), ImportError> {
    let Err(faults) = Catalog::from_json(catalog) else { return Ok(()) };
    let whole = Whole { document, overlay, scopes };
    let blamed = faults.iter().filter_map(|fault| whole.blamed(fault));
    match blamed.min_by_key(|(entry, _)| *entry) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

struct Whole<'a> {
    document: &'a Document,
    overlay: &'a Overlay,
    scopes: &'a Scopes<'a>,
}

impl Whole<'_> {
    /// The number of the entry that is to blame, and the error.
    fn blamed(&self, fault: &CatalogError) -> Option<(usize, ImportError)> {
        if fault.place == "scopes" {
            return self.too_much(fault);
        }
        let (index, member) = fault.place.strip_prefix("scopes[")?.split_once("].")?;
        let member = member.split(['.', '[']).next()?;
        if member == "includes" {
            return self.circle();
        }
        let entry = self.document.scopes.get(index.parse::<usize>().ok()?)?;
        let mut entries = self.overlay.scopes.iter().enumerate();
        let (number, scope) = entries.find(|(_, scope)| self.scopes.id(&scope.name) == entry.id)?;
        let place = scope.places.written(member)?;
        let help = match member {
            "successor" if !entry.deprecated => "set `deprecated: true` as well, or leave `successor` out".to_owned(),
            "successor" => "name another one, or leave `successor` out".to_owned(),
            _ => format!("change `{member}`, or leave it out"),
        };
        Some((number, ImportError::at(place, format!("{}; {help}", fault.message))))
    }

    /// The entries that say what a scope includes, with their numbers.
    fn including(&self) -> impl Iterator<Item = (usize, &OverlayScope, &Vec<String>)> {
        self.overlay.scopes.iter().enumerate().filter_map(|(number, scope)| Some((number, scope, scope.includes.as_ref()?)))
    }

    /// The first entry that closes a circle.
    fn circle(&self) -> Option<(usize, ImportError)> {
        let entries: HashMap<&str, &ScopeEntry> = self.document.scopes.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        self.including().find_map(|(number, scope, includes)| {
            let id = self.scopes.id(&scope.name);
            let way = includes.iter().find_map(|included| way(&entries, &self.scopes.id(included), &id))?;
            let names: Vec<String> = std::iter::once(&id).chain(&way).map(|name| format!("`{name}`")).collect();
            let message = format!("`includes` leads in a circle: {}; leave one of them out", names.join(" includes "));
            Some((number, ImportError::at(scope.places.member("includes"), message)))
        })
    }

    /// The first entry that includes anything.
    fn too_much(&self, fault: &CatalogError) -> Option<(usize, ImportError)> {
        let (number, scope, _) = self.including().find(|(_, _, includes)| !includes.is_empty())?;
        let message = format!("with this, the scopes {}: leave some out of `includes`", fault.message);
        Some((number, ImportError::at(scope.places.member("includes"), message)))
    }
}

/// The shortest way from one scope to another, by what each includes: all ids from the first to the last.
fn way(entries: &HashMap<&str, &ScopeEntry>, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: HashMap<&str, &str> = HashMap::new();
    let (first, _) = entries.get_key_value(from)?;
    let mut next = VecDeque::from([*first]);
    while let Some(id) = next.pop_front() {
        if id == to {
            let mut way: Vec<String> = std::iter::successors(Some(id), |id| before.get(id).copied()).map(str::to_owned).collect();
            way.reverse();
            return Some(way);
        }
        for included in entries.get(id).into_iter().flat_map(|entry| &entry.includes) {
            if included != from && !before.contains_key(included.as_str()) {
                before.insert(included, id);
                next.push_back(included);
            }
        }
    }
    None
}
