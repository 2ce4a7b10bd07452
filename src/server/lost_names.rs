//! Scopes and editions that are in use, and that the server's catalog does not have: the operator started the server with another catalog.

use super::{app::App, store::NamesInUse};
use crate::scope::Catalog;

/// So many names a warning lists.
const LISTED: usize = 10;

/// The names in use that a catalog does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LostNames(NamesInUse);

impl LostNames {
    /// Of these names, those that the catalog does not have.
    fn of(catalog: &Catalog, mut names: NamesInUse) -> Self {
        names.scopes.retain(|(scope, _)| catalog.scope(scope).is_none());
        names.editions.retain(|(edition, _)| catalog.edition(edition).is_none());
        Self(names)
    }

    /// How many scopes, and how many editions.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.0.scopes.len(), self.0.editions.len())
    }

    /// What an operator must know; `None` if nothing is lost.
    fn warning(&self, catalog: &Catalog) -> Option<String> {
        let mut sentences = Vec::new();
        let (id, version) = (&catalog.id, &catalog.version);
        if !self.0.scopes.is_empty() {
            let (many, listed) = (counted(self.0.scopes.len(), "scope"), listed(&self.0.scopes, "key"));
            sentences.push(format!(
                "Keys have {many} that the catalog `{id}` {version} does not have: {listed}. These scopes open nothing. The keys keep \
                 them, and they count again with a catalog that has them: start the server with that catalog, or remove them from the keys"
            ));
        }
        if !self.0.editions.is_empty() {
            let (many, listed) = (counted(self.0.editions.len(), "edition"), listed(&self.0.editions, "project"));
            sentences.push(format!(
                "Policies name {many} that the catalog `{id}` {version} does not have: {listed}. The keys of these projects cannot be \
                 created or changed until their policy names another edition"
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(". "))
    }
}

/// Looks for names that the catalog does not have, and reports them in one line of the log.
pub(super) async fn report(app: &App) {
    match app.store.names_in_use().await {
        Ok(names) => {
            let lost = LostNames::of(app.catalog, names);
            let warning = lost.warning(app.catalog);
            app.set_lost_names(lost);
            if let Some(warning) = warning {
                tracing::warn!("{warning}");
            }
        }
        Err(error) => tracing::warn!(%error, "the scopes of the keys were not compared with the catalog"),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn listed(names: &[(String, u64)], noun: &str) -> String {
    let count = |count: u64| counted(usize::try_from(count).unwrap_or(usize::MAX), noun);
    let mut listed: Vec<String> = names.iter().take(LISTED).map(|(name, rows)| format!("`{name}` ({})", count(*rows))).collect();
    if let Some(more) = names.len().checked_sub(LISTED).filter(|more| *more > 0) {
        listed.push(format!("and {more} more"));
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scopes: &[(&str, u64)], editions: &[(&str, u64)]) -> NamesInUse {
        let owned = |names: &[(&str, u64)]| names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        NamesInUse { scopes: owned(scopes), editions: owned(editions) }
    }

    #[test]
    fn nothing_is_reported_where_the_catalog_has_every_name() {
        let lost = LostNames::of(Catalog::appwrite(), names(&[("rows.read", 3), ("global", 1)], &[("server-1.9", 1)]));
        assert_eq!((lost.warning(Catalog::appwrite()), lost.counts()), (None, (0, 0)));
    }

    #[test]
    fn a_lost_name_is_reported_with_its_number_and_what_happens() {
        let catalog = Catalog::appwrite();
        let lost = LostNames::of(catalog, names(&[("rows.read", 9), ("ships.sink", 2), ("ships.sail", 1)], &[("one", 1)]));
        assert_eq!(lost.counts(), (2, 1));
        let (warning, version) = (lost.warning(catalog).unwrap(), &catalog.version);
        assert_eq!(
            warning,
            format!(
                "Keys have 2 scopes that the catalog `appwrite` {version} does not have: `ships.sink` (2 keys), `ships.sail` (1 key). These \
                 scopes open nothing. The keys keep them, and they count again with a catalog that has them: start the server with that \
                 catalog, or remove them from the keys. Policies name 1 edition that the catalog `appwrite` {version} does not have: `one` \
                 (1 project). The keys of these projects cannot be created or changed until their policy names another edition"
            )
        );
    }

    #[test]
    fn a_warning_lists_ten_names() {
        let many: Vec<(String, u64)> = (0..13).map(|number| (format!("lost.{number}"), 1)).collect();
        let lost = LostNames::of(Catalog::appwrite(), NamesInUse { scopes: many, editions: Vec::new() });
        let warning = lost.warning(Catalog::appwrite()).unwrap();
        assert!(warning.contains("13 scopes") && warning.contains("`lost.9` (1 key), and 3 more."), "{warning}");
        assert!(!warning.contains("lost.10"), "{warning}");
    }
}
