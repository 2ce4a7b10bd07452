//! Changes a list of chosen scopes: it stays in catalog order, with unknown scopes at the end.

use super::names::Names;
use crate::scope::Catalog;

/// The state of a checkbox for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriState {
    /// None is chosen.
    None,
    /// Some are chosen, not all.
    Some,
    /// All are chosen.
    All,
}

/// How many of a group are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// The chosen ones.
    pub chosen: usize,
    /// All of them.
    pub total: usize,
}

impl Count {
    /// Counts the members of a group that are in the selection.
    pub fn of<'a>(group: impl Iterator<Item = &'a str>, selection: &[String]) -> Self {
        group.fold(Self::default(), |count, name| Self {
            chosen: count.chosen + usize::from(selection.iter().any(|chosen| chosen == name)),
            total: count.total + 1,
        })
    }

    /// The state of the checkbox of the group. An empty group is not chosen.
    pub fn tri(self) -> TriState {
        match self.chosen {
            0 => TriState::None,
            chosen if chosen == self.total => TriState::All,
            _ => TriState::Some,
        }
    }
}

/// The selection with one scope chosen or not.
pub fn set(catalog: &Catalog, selection: &[String], name: &str, chosen: bool) -> Vec<String> {
    set_all(catalog, selection, std::iter::once(name), chosen)
}

/// The selection with all of a group chosen, or none of it. Duplicates are removed; unknown scopes keep their order after the known ones.
pub fn set_all<'a>(catalog: &Catalog, selection: &[String], names: impl Iterator<Item = &'a str>, chosen: bool) -> Vec<String> {
    let names: Vec<&str> = names.collect();
    let mut seen = Names::new();
    let next: Vec<String> = selection
        .iter()
        .map(String::as_str)
        .filter(|name| chosen || !names.contains(name))
        .chain(names.iter().copied().filter(|_| chosen))
        .filter(|name| seen.insert(*name))
        .map(str::to_owned)
        .collect();
    sorted(catalog, next)
}

/// Scopes in catalog order. Unknown ones keep their order at the end.
pub fn sorted(catalog: &Catalog, mut scopes: Vec<String>) -> Vec<String> {
    scopes.sort_by_cached_key(|name| catalog.scope_index(name).unwrap_or(usize::MAX));
    scopes
}

/// The scopes of a selection that are not offered, without duplicates, in their order.
pub fn unknown(offered: impl Fn(&str) -> bool, selection: &[String]) -> Vec<String> {
    let mut seen = Names::new();
    selection.iter().filter(|name| !offered(name) && seen.insert(name.as_str())).cloned().collect()
}

/// The names in a pasted text: separated by white space, commas or semicolons, without quotes and brackets.
pub fn from_text(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '`' | '[' | ']' | '(' | ')' | '{' | '}');
    text.split(apart).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_selection_is_kept_in_catalog_order() {
        let catalog = Catalog::appwrite();
        let selection = set(catalog, &list(&["rows.write", "users.read"]), "rows.read", true);
        assert_eq!(selection, ["users.read", "rows.read", "rows.write"]);
        assert_eq!(set(catalog, &selection, "rows.read", false), ["users.read", "rows.write"]);
    }

    #[test]
    fn unknown_scopes_survive_every_edit_at_the_end() {
        let catalog = Catalog::appwrite();
        let selection = set(catalog, &list(&["z.future", "a.future", "users.read"]), "rows.read", true);
        assert_eq!(selection, ["users.read", "rows.read", "z.future", "a.future"]);
        assert_eq!(unknown(|name| catalog.scope(name).is_some(), &selection), ["z.future", "a.future"]);
        assert_eq!(set(catalog, &selection, "z.future", false), ["users.read", "rows.read", "a.future"]);
    }

    #[test]
    fn choosing_twice_chooses_once() {
        let catalog = Catalog::appwrite();
        assert_eq!(set(catalog, &list(&["rows.read", "rows.read"]), "rows.read", true), ["rows.read"]);
        assert_eq!(set(catalog, &list(&["rows.read"]), "rows.write", false), ["rows.read"]);
    }

    #[test]
    fn a_group_is_none_some_or_all() {
        let group = ["rows.read", "rows.write"];
        let tri = |selection: &[&str]| Count::of(group.into_iter(), &list(selection)).tri();
        assert_eq!(tri(&[]), TriState::None);
        assert_eq!(tri(&["rows.read", "users.read"]), TriState::Some);
        assert_eq!(tri(&["rows.write", "rows.read"]), TriState::All);
        assert_eq!(Count::default().tri(), TriState::None);
    }

    #[test]
    fn a_group_is_chosen_and_cleared_as_one() {
        let catalog = Catalog::appwrite();
        let group = ["rows.write", "rows.read"];
        let selection = set_all(catalog, &list(&["users.read"]), group.into_iter(), true);
        assert_eq!(selection, ["users.read", "rows.read", "rows.write"]);
        assert_eq!(set_all(catalog, &selection, group.into_iter(), false), ["users.read"]);
    }

    #[test]
    fn names_are_read_from_code_and_prose() {
        assert_eq!(from_text(r#"["rows.read", 'rows.write'],users:read; x"#), ["rows.read", "rows.write", "users:read", "x"]);
        assert_eq!(from_text(" , "), Vec::<String>::new());
    }
}
