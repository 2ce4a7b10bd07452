//! Which scopes are visible, and how many of them the page lists.

use super::{names::Names, resources::resources, search::Found, selection::Count, ticks::Ticks};
use crate::scope::Catalog;

/// The layout of the scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One group per service, one row per scope.
    #[default]
    Services,
    /// One row per resource, with columns for read and write.
    Matrix,
    /// The operations that the code calls.
    Calls,
}

/// The settings of the toolbar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Whether deprecated scopes that are not chosen are shown.
    pub deprecated: bool,
    /// Set while only chosen scopes are shown: those that were chosen at the start. A scope that is removed in the meantime
    /// stays visible, so that it can be chosen again.
    pub only: Option<Names>,
    /// The layout of the scopes.
    pub layout: Layout,
    /// The ids of the expanded services.
    pub open: Names,
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

    /// Expands or collapses a service.
    pub fn toggle(&mut self, service: &str) {
        if !self.open.remove(service) {
            self.open.insert(service.to_owned());
        }
    }
}

/// The offered scopes of a service, by their positions in the catalog, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The id of the service.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// Its offered scopes.
    pub scopes: Vec<usize>,
}

/// The offered scopes by service; services without any are left out.
pub fn groups(catalog: &Catalog, offered: &[usize]) -> Vec<Group> {
    let mut groups: Vec<Group> =
        catalog.services.iter().map(|service| Group { id: service.id.clone(), name: service.name.clone(), scopes: Vec::new() }).collect();
    let mut place = 0;
    for at in offered.iter().copied() {
        let Some(scope) = catalog.scopes().get(at) else { continue };
        // Mostly of the same service as the one before.
        if groups.get(place).is_none_or(|group| group.id != scope.service) {
            place = groups.iter().position(|group| group.id == scope.service).unwrap_or(usize::MAX);
        }
        if let Some(group) = groups.get_mut(place) {
            group.scopes.push(at);
        }
    }
    groups.retain(|group| !group.scopes.is_empty());
    for group in &mut groups {
        group.scopes = resources(catalog, &group.scopes).iter().flat_map(super::Resource::scopes).collect();
    }
    groups
}

/// What is visible of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupShown {
    /// The visible scopes, if the group is expanded.
    pub scopes: Vec<usize>,
    /// How many of them the page lists.
    pub listed: usize,
    /// Whether the group is expanded: by hand, or because the list is narrowed.
    pub is_open: bool,
}

impl GroupShown {
    /// The scopes that the page lists.
    pub fn rows(&self) -> &[usize] {
        self.scopes.get(..self.listed).unwrap_or_default()
    }

    /// Whether the group is on the page: it has something to show, and the rows before it are all listed.
    pub fn is_visible(&self) -> bool {
        !self.scopes.is_empty() && (!self.is_open || self.listed > 0)
    }

    /// How many of the visible scopes are chosen.
    pub fn count(&self, ticks: &Ticks) -> Count {
        Count { chosen: self.scopes.iter().filter(|scope| ticks.is_chosen(**scope)).count(), total: self.scopes.len() }
    }
}

/// What is visible of all groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// For each group.
    pub groups: Vec<GroupShown>,
    /// The visible scopes of all groups, expanded or not.
    pub total: usize,
    /// Visible scopes of expanded groups that the page does not list yet.
    pub rest: usize,
    /// Deprecated scopes that the search finds and the view hides.
    pub hidden_deprecated: usize,
    /// Scopes that the search finds and that are hidden since they are not chosen.
    pub hidden_unchosen: usize,
}

impl Shown {
    /// What is visible; the page lists at most `limit` rows.
    pub fn of(catalog: &Catalog, groups: &[Group], view: &View, found: Option<&Found>, ticks: &Ticks, limit: usize) -> Self {
        let mut shown = Self::default();
        let mut left = limit;
        let is_narrowed = found.is_some() || view.only.is_some();
        for group in groups {
            let is_open = is_narrowed || view.layout == Layout::Matrix || view.open.contains(&group.id);
            let mut scopes = Vec::new();
            for at in &group.scopes {
                let is_found = found.is_none_or(|found| found.hit(*at).is_some());
                let Some(scope) = catalog.scopes().get(*at).filter(|_| is_found) else { continue };
                let is_chosen = ticks.is_chosen(*at);
                let is_kept = |only: &Names| only.contains(scope.id.as_str());
                if !is_chosen && view.only.as_ref().is_some_and(|only| !is_kept(only)) {
                    shown.hidden_unchosen += usize::from(found.is_some() && (!scope.deprecated || view.deprecated));
                } else if !is_chosen && scope.deprecated && !view.deprecated && view.only.is_none() {
                    shown.hidden_deprecated += usize::from(found.is_some());
                } else {
                    scopes.push(*at);
                }
            }
            shown.total += scopes.len();
            let listed = if is_open { scopes.len().min(left) } else { 0 };
            left -= listed;
            shown.rest += if is_open { scopes.len() - listed } else { 0 };
            shown.groups.push(GroupShown { scopes, listed, is_open });
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        picker::state::search::{Index, Query},
        scope::Tier,
    };

    fn offered() -> Vec<usize> {
        let catalog = Catalog::appwrite();
        let edition = catalog.server_edition().unwrap().id.clone();
        catalog.grantable(Tier::Project, &edition).map(|scope| catalog.scope_index(scope.id.as_str()).unwrap()).collect()
    }

    fn shown(view: &View, search: &str, chosen: &[&str], limit: usize) -> Shown {
        let catalog = Catalog::appwrite();
        let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
        let found = Query::of(search).map(|query| Index::new(catalog).find(catalog, &query));
        Shown::of(catalog, &groups(catalog, &offered()), view, found.as_ref(), &Ticks::of(catalog, &chosen), limit)
    }

    fn names(shown: &Shown) -> Vec<&'static str> {
        let rows = shown.groups.iter().flat_map(|group| &group.scopes);
        rows.map(|at| Catalog::appwrite().scopes()[*at].id.as_str()).collect()
    }

    fn is_shown(view: &View, name: &str, chosen: &[&str]) -> bool {
        names(&shown(view, "", chosen, 0)).contains(&name)
    }

    #[test]
    fn deprecated_scopes_are_out_of_the_way_unless_chosen() {
        assert!(!is_shown(&View::default(), "execution.read", &[]));
        assert!(is_shown(&View::default(), "execution.read", &["execution.read"]));
        assert!(is_shown(&View { deprecated: true, ..View::default() }, "execution.read", &[]));
    }

    #[test]
    fn hidden_scopes_that_a_search_finds_are_counted() {
        let found = shown(&View::default(), "execution.read", &[], 99);
        assert_eq!((names(&found), found.hidden_deprecated), (vec!["executions.read"], 1));
        let all = shown(&View { deprecated: true, ..View::default() }, "execution.read", &[], 99);
        assert_eq!((names(&all), all.hidden_deprecated), (vec!["executions.read", "execution.read"], 0));
        let mut view = View::default();
        view.show_only_chosen(true, &["rows.read".into()]);
        let found = shown(&view, "rows.", &["rows.read"], 99);
        assert_eq!((names(&found), found.hidden_unchosen), (vec!["rows.read"], 1));
        assert_eq!(shown(&view, "", &["rows.read"], 99).hidden_unchosen, 0);
    }

    #[test]
    fn a_scope_that_is_dropped_while_only_chosen_ones_are_shown_stays_in_sight() {
        let mut view = View::default();
        view.show_only_chosen(true, &["rows.read".into(), "execution.read".into()]);
        assert!(is_shown(&view, "rows.read", &[]));
        assert!(is_shown(&view, "execution.read", &[]));
        assert!(!is_shown(&view, "rows.write", &[]));
        assert!(is_shown(&view, "rows.write", &["rows.write"]));
        view.show_only_chosen(false, &[]);
        assert!(is_shown(&view, "rows.write", &[]));
    }

    #[test]
    fn a_search_unfolds_everything() {
        let mut view = View::of(Catalog::appwrite(), &["rows.read".into()]);
        let open = |view: &View, search: &str| {
            let ids = groups(Catalog::appwrite(), &offered()).into_iter().map(|group| group.id);
            ids.zip(shown(view, search, &[], 999).groups).filter(|(_, group)| group.is_open).map(|(id, _)| id).collect::<Vec<_>>()
        };
        assert_eq!(open(&view, ""), ["databases"]);
        view.toggle("databases");
        assert!(open(&view, "").is_empty());
        assert!(open(&view, "x").contains(&"auth".to_owned()));
    }

    #[test]
    fn the_page_lists_no_more_rows_than_it_is_allowed() {
        let view = View { layout: Layout::Matrix, ..View::default() };
        let all = shown(&view, "", &[], usize::MAX);
        assert_eq!((all.rest, all.groups.iter().map(|group| group.rows().len()).sum::<usize>()), (0, all.total));
        let some = shown(&view, "", &[], 10);
        assert_eq!((some.total, some.rest), (all.total, all.total - 10));
        assert_eq!(some.groups.iter().map(|group| group.rows().len()).sum::<usize>(), 10);
        assert!(some.groups[0].is_visible() && !some.groups[5].is_visible());
        // What is collapsed takes no rows, and is visible.
        let folded = shown(&View::default(), "", &[], 10);
        assert!(folded.rest == 0 && folded.groups.iter().all(GroupShown::is_visible));
    }
}
