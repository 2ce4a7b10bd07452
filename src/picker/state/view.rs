//! Which scopes are visible.

use std::collections::HashSet;

use crate::scope::{Catalog, Scope};

/// The layout of the scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One group per service, one row per scope.
    #[default]
    Services,
    /// One row per resource, with columns for read and write.
    Matrix,
}

/// The settings of the toolbar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Words that must all match.
    pub search: String,
    /// Whether deprecated scopes that are not chosen are shown.
    pub deprecated: bool,
    /// Set while only chosen scopes are shown: those that were chosen at the start. A scope that is removed in the meantime
    /// stays visible, so that it can be chosen again.
    pub only: Option<HashSet<String>>,
    /// The layout of the scopes.
    pub layout: Layout,
    /// The ids of the expanded services.
    pub open: HashSet<String>,
}

impl View {
    /// A view of a selection: services with a chosen scope are expanded.
    pub fn of(catalog: &Catalog, selection: &[String]) -> Self {
        let open = selection.iter().filter_map(|name| catalog.scope(name)).map(|scope| scope.service.clone()).collect();
        Self { open, ..Self::default() }
    }

    /// Starts or stops showing only chosen scopes.
    pub fn show_only_chosen(&mut self, only: bool, selection: &[String]) {
        self.only = only.then(|| selection.iter().cloned().collect());
    }

    /// Whether a scope is visible.
    pub fn shows(&self, catalog: &Catalog, scope: &Scope, chosen: bool) -> bool {
        let name = scope.id.as_str();
        if let Some(only) = &self.only
            && !chosen
            && !only.contains(name)
        {
            return false;
        }
        if scope.deprecated && !self.deprecated && !chosen && self.only.is_none() {
            return false;
        }
        let service = catalog.service(&scope.service).map_or("", |service| service.name.as_str());
        self.matches(&[name, scope.name.as_deref().unwrap_or_default(), &scope.description, service])
    }

    /// Whether an unknown scope is visible.
    pub fn shows_unknown(&self, name: &str) -> bool {
        self.matches(&[name])
    }

    /// Whether a service is expanded: by hand, or because of a search.
    pub fn is_open(&self, service: &str) -> bool {
        self.is_narrowed() || self.open.contains(service)
    }

    /// Whether the list is filtered, so that collapsed services would only hide matches.
    pub fn is_narrowed(&self) -> bool {
        !self.search.trim().is_empty() || self.only.is_some()
    }

    /// Expands or collapses a service.
    pub fn toggle(&mut self, service: &str) {
        if !self.open.remove(service) {
            self.open.insert(service.to_owned());
        }
    }

    fn matches(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
        self.search.to_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(view: &View, name: &str, chosen: bool) -> bool {
        let catalog = Catalog::appwrite();
        view.shows(catalog, catalog.scope(name).unwrap(), chosen)
    }

    #[test]
    fn search_finds_names_descriptions_and_services() {
        let search = |text: &str| View { search: text.into(), ..View::default() };
        assert!(shows(&search("ROWS.re"), "rows.read", false));
        assert!(shows(&search("databases read"), "rows.read", false));
        assert!(!shows(&search("databases read"), "rows.write", false));
        assert!(!shows(&search("nothing like it"), "rows.read", false));
        assert!(shows(&search("   "), "rows.read", false));
    }

    #[test]
    fn deprecated_scopes_are_out_of_the_way_unless_chosen() {
        assert!(!shows(&View::default(), "execution.read", false));
        assert!(shows(&View::default(), "execution.read", true));
        assert!(shows(&View { deprecated: true, ..View::default() }, "execution.read", false));
    }

    #[test]
    fn a_scope_that_is_dropped_while_only_chosen_ones_are_shown_stays_in_sight() {
        let mut view = View::default();
        view.show_only_chosen(true, &["rows.read".into(), "execution.read".into()]);
        assert!(shows(&view, "rows.read", false));
        assert!(shows(&view, "execution.read", false));
        assert!(!shows(&view, "rows.write", false));
        assert!(shows(&view, "rows.write", true));
        view.show_only_chosen(false, &[]);
        assert!(shows(&view, "rows.write", false));
    }

    #[test]
    fn a_search_unfolds_everything() {
        let mut view = View::of(Catalog::appwrite(), &["rows.read".into()]);
        assert!(view.is_open("databases") && !view.is_open("auth"));
        view.toggle("databases");
        assert!(!view.is_open("databases"));
        view.search = "x".into();
        assert!(view.is_open("auth"));
    }
}
