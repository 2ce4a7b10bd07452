//! Which scopes a picker offers.

use crate::scope::{Catalog, CheckRequest, Code, Scope, Tier, check_scopes};

/// What decides which scopes are offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The kind of key.
    pub tier: Tier,
    /// The edition of the key; without it, or if the catalog does not have it, the newest of a server.
    pub edition: Option<String>,
    /// Only these are offered; all if `None`. An entry is a scope, a service, or the scopes of a resource such as `rows.*`.
    pub allow: Option<Vec<String>>,
    /// These are not offered, with entries as in `allow`.
    pub hide: Vec<String>,
}

impl Offer {
    /// The offered scopes, in catalog order.
    pub fn scopes<'a>(&'a self, catalog: &'a Catalog) -> Vec<&'a Scope> {
        catalog.grantable(self.tier, self.edition(catalog)).filter(|scope| self.admits(scope)).collect()
    }

    /// The edition whose scopes are offered.
    pub fn edition<'a>(&'a self, catalog: &'a Catalog) -> &'a str {
        match &self.edition {
            Some(edition) if catalog.edition(edition).is_some() => edition,
            _ => catalog.server_edition().map_or("", |edition| edition.id.as_str()),
        }
    }

    /// Whether the embedder offers the scope, to keys that can have it.
    pub fn admits(&self, scope: &Scope) -> bool {
        let named = |list: &[String]| list.iter().any(|entry| names(entry, scope));
        self.allow.as_ref().is_none_or(|allow| named(allow)) && !named(&self.hide)
    }

    /// Those of the offered scopes that a creator with the scopes `grantor` cannot grant, by the rule of the check. A scope that the key
    /// had before is kept, not granted.
    pub fn refused(catalog: &Catalog, offered: &[&Scope], grantor: Vec<String>, previous: Option<Vec<String>>, tier: Tier) -> Vec<String> {
        let scopes = offered.iter().map(|scope| scope.id.as_str().to_owned()).collect();
        let report = check_scopes(catalog, &CheckRequest { scopes, grantor: Some(grantor), previous, tier, ..CheckRequest::default() });
        report
            .all()
            .filter(|diagnostic| diagnostic.code == Code::ExceedsGrantor)
            .filter_map(|diagnostic| diagnostic.scope.clone())
            .collect()
    }
}

/// Whether an entry names a scope: its id, its service, or its resource with `.*`.
fn names(entry: &str, scope: &Scope) -> bool {
    entry == scope.id.as_str() || entry == scope.service || entry.strip_suffix(".*").is_some_and(|resource| resource == scope.id.resource())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(offer: &Offer) -> Vec<String> {
        offer.scopes(Catalog::appwrite()).iter().map(|scope| scope.id.as_str().to_owned()).collect()
    }

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_allowed_scopes_are_offered_and_hidden_ones_are_not() {
        let allow = Some(list(&["users.read", "rows.*", "messaging"]));
        let offered = ids(&Offer { allow: allow.clone(), ..Offer::default() });
        assert!(offered.starts_with(&list(&["users.read", "rows.read", "rows.write"])), "{offered:?}");
        assert!(offered.contains(&"messages.write".to_owned()) && !offered.contains(&"users.write".to_owned()));
        assert_eq!(ids(&Offer { allow, hide: list(&["messaging", "rows.write"]), ..Offer::default() }), ["users.read", "rows.read"]);
        assert_eq!(ids(&Offer { allow: Some(Vec::new()), ..Offer::default() }), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_edition_offers_what_the_newest_server_has() {
        assert_eq!(ids(&Offer { edition: Some("none".into()), ..Offer::default() }), ids(&Offer::default()));
    }

    #[test]
    fn what_the_creator_does_not_hold_is_refused_unless_the_key_had_it() {
        let catalog = Catalog::appwrite();
        let offer = Offer { allow: Some(list(&["rows.*", "users.*"])), ..Offer::default() };
        let offered = offer.scopes(catalog);
        let refused = |previous| Offer::refused(catalog, &offered, list(&["rows.read", "rows.write"]), previous, Tier::Project);
        assert_eq!(refused(None), ["users.read", "users.write"]);
        assert_eq!(refused(Some(list(&["users.read"]))), ["users.write"]);
    }
}
