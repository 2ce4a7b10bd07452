//! What a search finds that this key cannot have: scopes of other editions, and of other kinds of keys.

use super::{Found, Offer};
use crate::scope::{Catalog, Tier};

/// Where scopes are that a search finds and the picker does not offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Another edition, by its name: the newest that has them.
    Edition(String),
    /// Another kind of key.
    Tier(Tier),
}

/// How many current scopes a search finds in each other place; `is_shown` tells which ones the picker shows in any case. What the embedder does
/// not offer is in no place.
pub fn elsewhere(catalog: &Catalog, offer: &Offer, found: &Found, is_shown: impl Fn(&str) -> bool) -> Vec<(Place, usize)> {
    let edition = offer.edition(catalog);
    let mut places: Vec<(Place, usize)> = Vec::new();
    for (at, scope) in catalog.scopes().iter().enumerate() {
        if found.hit(at).is_none() || scope.deprecated || !offer.admits(scope) || is_shown(scope.id.as_str()) {
            continue;
        }
        let is_in_edition = scope.editions.iter().any(|own| own == edition);
        let place = match (scope.tiers.contains(&offer.tier), is_in_edition) {
            (true, false) => {
                let newest = catalog.editions.iter().rev().find(|edition| scope.editions.contains(&edition.id));
                newest.map(|edition| Place::Edition(edition.name.clone()))
            }
            // Nobody makes keys of the other tiers here.
            (false, true) => [Tier::Project, Tier::Organization].into_iter().find(|tier| scope.tiers.contains(tier)).map(Place::Tier),
            _ => None,
        };
        let Some(place) = place else { continue };
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => places.push((place, 1)),
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picker::state::{Index, Query};

    fn places(search: &str, offer: &Offer, shown: &[&str]) -> Vec<(Place, usize)> {
        let catalog = Catalog::appwrite();
        let found = Index::new(catalog).find(catalog, &Query::of(search).unwrap());
        elsewhere(catalog, offer, &found, |name| shown.contains(&name))
    }

    fn in_edition(edition: &str) -> Offer {
        Offer { edition: Some(edition.to_owned()), ..Offer::default() }
    }

    /// The number of scopes that a key of the edition can have with this search.
    fn of(search: &str, edition: &str) -> usize {
        let catalog = Catalog::appwrite();
        let found = Index::new(catalog).find(catalog, &Query::of(search).unwrap());
        let offer = in_edition(edition);
        offer
            .scopes(catalog)
            .iter()
            .filter(|scope| !scope.deprecated && found.hit(catalog.scope_index(scope.id.as_str()).unwrap()).is_some())
            .count()
    }

    #[test]
    fn scopes_of_newer_editions_are_counted_by_the_edition() {
        let newest = Catalog::appwrite().editions.last().unwrap();
        assert_eq!(of("rows", "docs-2023"), 0);
        let all = of("rows", &newest.id);
        assert!(all > 1, "{all}");
        assert_eq!(places("rows", &in_edition("docs-2023"), &[]), [(Place::Edition(newest.name.clone()), all)]);
        assert_eq!(places("rows", &in_edition(&newest.id), &[]), []);
    }

    #[test]
    fn scopes_of_another_kind_of_key_are_counted_by_the_kind() {
        let organization = Offer { tier: Tier::Organization, ..Offer::default() };
        let found = places("rows.", &organization, &[]);
        assert_eq!(found, [(Place::Tier(Tier::Project), 2)]);
        assert_eq!(places("rows.", &Offer::default(), &[]), []);
    }

    #[test]
    fn what_is_shown_or_not_offered_by_the_page_is_not_counted() {
        let organization = Offer { tier: Tier::Organization, ..Offer::default() };
        assert_eq!(places("rows.", &organization, &["rows.read"]), [(Place::Tier(Tier::Project), 1)]);
        assert_eq!(places("rows.", &Offer { hide: vec!["rows.*".into()], ..organization.clone() }, &[]), []);
        assert_eq!(places("rows.", &Offer { allow: Some(vec!["users.*".into()]), ..organization }, &[]), []);
    }
}
