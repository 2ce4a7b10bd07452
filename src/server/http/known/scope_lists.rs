//! What a list of scopes opens for a key of a project. Many keys have the same list.

use std::sync::{
    Arc, OnceLock, PoisonError, RwLock,
    atomic::{AtomicU8, Ordering::Relaxed},
};

use axum::http::{HeaderMap, HeaderValue};
use hashbrown::HashMap;

use crate::{
    key::Policy,
    scope::Catalog,
    server::{
        auth::Identity,
        http::requirement::{self, MissingScopes, Requirement},
        store::KeyRecord,
    },
};

/// More lists than this are not kept: with one byte for each operation, a few megabytes.
const MAX_LISTS: usize = 1024;
/// Longer lists are not kept, in bytes.
const MAX_BYTES: usize = 2048;

const UNKNOWN: u8 = 0;
const OPEN: u8 = 1;
const CLOSED: u8 = 2;

/// The lists that keys have had.
#[derive(Default)]
pub(in crate::server) struct ScopeLists(RwLock<HashMap<Box<str>, Arc<ScopeList>>>);

/// One list.
pub(in crate::server::http) struct ScopeList {
    /// The scopes that count, with a space between them.
    counting: HeaderValue,
    /// The same as a list of JSON.
    json: String,
    /// The headers of a yes to a gateway, as they were made for the first key.
    headers: OnceLock<HeaderMap>,
    /// Whether they let a key verify others.
    verifies: OnceLock<bool>,
    /// Some key that has these scopes. Nothing else of it is asked.
    holder: Identity,
    /// By the position of an operation in the catalog.
    verdicts: Box<[AtomicU8]>,
}

impl ScopeLists {
    /// What the scopes of a key open, which are written with a space between them; `None` where they are too long to be kept, or the key
    /// cannot be read.
    pub(in crate::server::http) fn of(
        &self,
        catalog: &Catalog,
        scopes: &str,
        key: impl FnOnce() -> Option<KeyRecord>,
    ) -> Option<Arc<ScopeList>> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(scopes) {
            return Some(known.clone());
        }
        if scopes.len() > MAX_BYTES {
            return None;
        }
        let identity = Identity::Key(Box::new(key()?));
        let made = Arc::new(ScopeList {
            counting: HeaderValue::from_str(&identity.counting_scopes(catalog).join(" ")).ok()?,
            json: serde_json::to_string(&identity.counting_scopes(catalog)).ok()?,
            verdicts: catalog.operations().iter().map(|_| AtomicU8::new(UNKNOWN)).collect(),
            headers: OnceLock::new(),
            verifies: OnceLock::new(),
            holder: identity,
        });
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= MAX_LISTS {
            lists.clear();
        }
        lists.insert(scopes.into(), made.clone());
        Some(made)
    }
}

impl ScopeList {
    /// The headers of a yes to a gateway, which are made of the scopes that count, with a space between them, for the first key that has
    /// them.
    pub(in crate::server::http) fn headers(&self, make: impl FnOnce(&HeaderValue) -> HeaderMap) -> &HeaderMap {
        self.headers.get_or_init(|| make(&self.counting))
    }

    /// The scopes that count.
    pub(in crate::server::http) fn counting_scopes(&self) -> impl Iterator<Item = &str> {
        self.counting.to_str().unwrap_or_default().split(' ').filter(|scope| !scope.is_empty())
    }

    /// The scopes that count, as a list of JSON.
    pub(in crate::server::http) fn counting_json(&self) -> &str {
        &self.json
    }

    /// Whether a key with these scopes may verify others, which takes this scope; always the same one.
    pub(in crate::server::http) fn may_verify(&self, catalog: &Catalog, scope: &str) -> bool {
        *self.verifies.get_or_init(|| self.holder.opens(catalog, scope))
    }

    /// Whether a key with these scopes holds this one.
    pub(in crate::server::http) fn holds(&self, catalog: &Catalog, scope: &str) -> bool {
        self.holder.holds(catalog, scope)
    }

    /// What a key with these scopes lacks; as [`Requirement::unmet`].
    pub(in crate::server::http) fn unmet(
        &self,
        catalog: &Catalog,
        policy: &Policy,
        requirement: &Requirement<'_>,
        text: impl FnOnce() -> String,
    ) -> Option<MissingScopes> {
        requirement.unmet(catalog, policy, &self.holder, text)
    }

    /// Whether they open an operation, by its position in the catalog.
    pub(in crate::server::http) fn opens(&self, catalog: &Catalog, operation: usize) -> bool {
        let judge = || catalog.operations().get(operation).is_some_and(|operation| requirement::opens(catalog, &self.holder, operation));
        let Some(verdict) = self.verdicts.get(operation) else { return judge() };
        match verdict.load(Relaxed) {
            UNKNOWN => {
                let opens = judge();
                verdict.store(if opens { OPEN } else { CLOSED }, Relaxed);
                opens
            }
            verdict => verdict == OPEN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::DateTime;

    fn key(scopes: &[&str]) -> KeyRecord {
        KeyRecord {
            sequence: 1,
            project_id: "shop".to_owned(),
            id: "key".to_owned(),
            version: 1,
            name: "Key".parse().unwrap(),
            description: String::new(),
            scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
            hint: String::new(),
            enabled: true,
            expire: None,
            created_at: DateTime::from_unix_milliseconds(0),
            updated_at: DateTime::from_unix_milliseconds(0),
            accessed_at: None,
            sdks: Vec::new(),
            rotated_at: None,
            overlap_until: None,
            exposed_at: None,
        }
    }

    fn list(lists: &ScopeLists, scopes: &[&str]) -> Option<Arc<ScopeList>> {
        lists.of(Catalog::appwrite(), &scopes.join(" "), || Some(key(scopes)))
    }

    #[test]
    fn scopes_that_do_not_count_are_left_out() {
        let lists = ScopeLists::default();
        assert_eq!(list(&lists, &["users.read", "account", "no.such", "rows.read"]).unwrap().counting, "users.read rows.read");
        assert_eq!(list(&lists, &[]).unwrap().counting, "");
    }

    #[test]
    fn a_list_opens_what_a_key_with_these_scopes_opens_at_the_first_time_and_later() {
        let (catalog, lists) = (Catalog::appwrite(), ScopeLists::default());
        for scopes in [&["users.read", "rows.write"][..], &["account", "projects.write", "no.such"], &["keys.write"], &[]] {
            let identity = Identity::Key(Box::new(key(scopes)));
            for _ in 0..2 {
                let list = list(&lists, scopes).unwrap();
                for (place, operation) in catalog.operations().iter().enumerate() {
                    assert_eq!(
                        list.opens(catalog, place),
                        requirement::opens(catalog, &identity, operation),
                        "{scopes:?} {}",
                        operation.id
                    );
                }
                assert!(!list.opens(catalog, usize::MAX));
                assert_eq!(list.counting_scopes().collect::<Vec<_>>(), identity.counting_scopes(catalog));
            }
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let lists = ScopeLists::default();
        let kept = || lists.0.read().unwrap().len();
        for number in 0..=MAX_LISTS {
            let scope = format!("x.{number}");
            assert!(list(&lists, &[&scope]).is_some());
            assert!(kept() <= MAX_LISTS);
        }
        let before = kept();
        let long: Vec<String> = (0..30).map(|number| format!("{}{number}", "x".repeat(100))).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        assert!(list(&lists, &long).is_none());
        assert_eq!(kept(), before);
    }
}
