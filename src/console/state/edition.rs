//! The choice of the edition whose scopes the keys of a project can have.

use crate::{key::EditionId, scope::Catalog};

/// Every choice with its label: any edition first, then those of the catalog, the newest first. A saved edition that is not in the catalog
/// (the server can have another one) stays a choice.
pub fn edition_choices(catalog: &Catalog, saved: Option<EditionId>) -> Vec<(Option<EditionId>, String)> {
    let mut choices = vec![(None, "Any edition".to_owned())];
    let known = catalog.editions.iter().rev();
    choices.extend(known.filter_map(|edition| Some((Some(edition.id.parse().ok()?), edition.name.clone()))));
    if saved.is_some_and(|_| choices.iter().all(|(choice, _)| *choice != saved)) {
        choices.push((saved, saved.map(|id| id.as_str().to_owned()).unwrap_or_default()));
    }
    choices
}

/// The effect of a choice, in whole sentences.
pub fn edition_meaning(catalog: &Catalog, chosen: Option<EditionId>) -> String {
    let newest = catalog.server_edition().map_or("the newest server", |edition| &edition.name);
    match chosen {
        None => format!("A key can have any scope of the catalog. The check warns about scopes that {newest} does not have."),
        Some(id) => {
            let name = catalog.edition(id.as_str()).map_or(id.as_str(), |(_, edition)| &edition.name);
            format!("A key can have only the scopes of {name}. Existing keys keep their scopes.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_edition_comes_first_and_every_edition_of_the_catalog_can_be_chosen() {
        let catalog = Catalog::appwrite();
        let choices = edition_choices(catalog, None);
        assert_eq!(choices[0], (None, "Any edition".to_owned()));
        assert_eq!(choices.len(), catalog.editions.len() + 1);
        for edition in &catalog.editions {
            assert!(choices.contains(&(Some(edition.id.parse().unwrap()), edition.name.clone())), "{}", edition.id);
        }
        let newest = catalog.editions.last().unwrap();
        assert_eq!(choices[1].0, Some(newest.id.parse().unwrap()), "the newest comes next");
    }

    #[test]
    fn a_saved_edition_of_another_catalog_stays_a_choice() {
        let (known, foreign): (EditionId, EditionId) = ("server-1.9".parse().unwrap(), "own-2".parse().unwrap());
        let choices = |saved| edition_choices(Catalog::appwrite(), saved);
        assert_eq!(choices(Some(known)), choices(None));
        assert_eq!(choices(Some(foreign)).last(), Some(&(Some(foreign), "own-2".to_owned())));
        assert!(edition_meaning(Catalog::appwrite(), Some(foreign)).contains("only the scopes of own-2"));
    }

    #[test]
    fn each_choice_says_what_it_does() {
        let catalog = Catalog::appwrite();
        assert_eq!(
            edition_meaning(catalog, None),
            "A key can have any scope of the catalog. The check warns about scopes that Server 1.9 (1.9.6) does not have."
        );
        assert_eq!(
            edition_meaning(catalog, Some("docs-2026".parse().unwrap())),
            "A key can have only the scopes of Documentation of 2026. Existing keys keep their scopes."
        );
    }
}
