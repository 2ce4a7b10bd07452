//! Filters, sorts and searches a list of keys.

use std::cmp::{Ordering, Reverse};

use crate::{
    api::{Key, KeyDetails},
    key::KeyStatus,
    scope::{Catalog, DateTime},
};

/// Which keys are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those that can be used.
    Active,
    /// Usable ones that expire within 14 days.
    Expiring,
    /// Expired ones.
    Expired,
    /// Those that were never used.
    NeverUsed,
    /// Those without an expiry.
    NeverExpires,
    /// Those with a sensitive scope.
    Sensitive,
    /// Disabled ones.
    Disabled,
    /// Those whose secret was used from a web page.
    Exposed,
}

impl Filter {
    /// Every filter, in the order of the menu.
    pub const ALL: &[Self] = &[
        Self::All,
        Self::Active,
        Self::Expiring,
        Self::Expired,
        Self::Disabled,
        Self::Exposed,
        Self::NeverUsed,
        Self::NeverExpires,
        Self::Sensitive,
    ];

    /// Its label, which is also its value in a form.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All keys",
            Self::Active => "Active",
            Self::Expiring => "Expires soon",
            Self::Expired => "Expired",
            Self::NeverUsed => "Never used",
            Self::NeverExpires => "Never expires",
            Self::Sensitive => "Sensitive scopes",
            Self::Disabled => "Disabled",
            Self::Exposed => "Exposed",
        }
    }

    /// The filter with this label; all keys if there is none.
    pub fn of(label: &str) -> Self {
        Self::ALL.iter().copied().find(|filter| filter.label() == label).unwrap_or_default()
    }
}

/// What keys are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// From A to Z, ignoring case.
    Name,
    /// The first to expire comes first; never comes last.
    Expires,
    /// Last used first; never comes last.
    Used,
    /// Most scopes first.
    Scopes,
}

impl Sort {
    /// Every order, in the order of the menu.
    pub const ALL: &[Self] = &[Self::Created, Self::Name, Self::Expires, Self::Used, Self::Scopes];

    /// Its label, which is also its value in a form.
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "Newest first",
            Self::Name => "Name",
            Self::Expires => "Expires first",
            Self::Used => "Last used",
            Self::Scopes => "Most scopes",
        }
    }

    /// The order with this label; newest first if there is none.
    pub fn of(label: &str) -> Self {
        Self::ALL.iter().copied().find(|sort| sort.label() == label).unwrap_or_default()
    }
}

/// The settings of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListView {
    /// Searched for in name, id, hint and scopes, ignoring case.
    pub search: String,
    /// Which keys are shown.
    pub filter: Filter,
    /// What they are sorted by.
    pub sort: Sort,
}

/// Whether a key can be used at `now`, and if not, why.
pub fn status(details: &KeyDetails, now: DateTime) -> KeyStatus {
    KeyStatus::of(details.enabled, details.key.expire.0, now)
}

/// How many of a key's scopes are sensitive.
pub fn sensitive_count(key: &Key, catalog: &Catalog) -> usize {
    key.scopes.iter().filter(|name| catalog.sensitivity_of(name).is_some()).count()
}

/// Whether a key has a sensitive scope.
pub fn is_sensitive(key: &Key, catalog: &Catalog) -> bool {
    sensitive_count(key, catalog) > 0
}

impl ListView {
    /// The keys to show, in order. Equal ones keep their order.
    pub fn apply(&self, keys: &[KeyDetails], catalog: &Catalog, now: DateTime) -> Vec<KeyDetails> {
        let search = self.search.trim().to_lowercase();
        let found = |key: &Key| {
            let own = [&key.name, &key.id, &key.secret];
            own.into_iter().chain(&key.scopes).any(|text| text.to_lowercase().contains(&search))
        };
        let fits = |details: &&KeyDetails| self.matches_filter(details, catalog, now) && found(&details.key);
        let mut shown: Vec<KeyDetails> = keys.iter().filter(fits).cloned().collect();
        match self.sort {
            Sort::Created => shown.sort_by_key(|details| Reverse(details.key.created_at.0)),
            Sort::Name => shown.sort_by_cached_key(|details| details.key.name.to_lowercase()),
            Sort::Expires => shown.sort_by(|a, b| never_last(a.key.expire.0, b.key.expire.0, |a, b| a.cmp(b))),
            Sort::Used => shown.sort_by(|a, b| never_last(a.key.accessed_at.0, b.key.accessed_at.0, |a, b| b.cmp(a))),
            Sort::Scopes => shown.sort_by_key(|details| Reverse(details.key.scopes.len())),
        }
        shown
    }

    fn matches_filter(&self, details: &KeyDetails, catalog: &Catalog, now: DateTime) -> bool {
        let (key, status) = (&details.key, status(details, now));
        match self.filter {
            Filter::All => true,
            Filter::Active => status.is_usable(),
            Filter::Expiring => status == KeyStatus::ExpiresSoon,
            Filter::Expired => status == KeyStatus::Expired,
            Filter::NeverUsed => key.accessed_at.0.is_none(),
            Filter::NeverExpires => key.expire.0.is_none(),
            Filter::Sensitive => is_sensitive(key, catalog),
            Filter::Disabled => status == KeyStatus::Disabled,
            Filter::Exposed => details.exposed_at.0.is_some(),
        }
    }
}

fn never_last(a: Option<DateTime>, b: Option<DateTime>, order: impl Fn(&DateTime, &DateTime) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => order(&a, &b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    const DAY: i64 = 86_400_000;

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000)
    }

    fn key(name: &str, created: i64, expire: Option<i64>, used: Option<i64>, scopes: &[&str]) -> KeyDetails {
        let at = |days: i64| now().plus_milliseconds(days * DAY);
        let key = Key {
            id: format!("id-{name}").to_lowercase(),
            created_at: WireDate(Some(at(created))),
            updated_at: WireDate(None),
            name: name.into(),
            expire: WireDate(expire.map(at)),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            secret: "scopewise_key_abcd…wxyz".into(),
            accessed_at: WireDate(used.map(at)),
            sdks: Vec::new(),
            description: String::new(),
        };
        let [rotated_at, overlap_until, exposed_at] = [WireDate(None); 3];
        // The server's status is as old as its response, so it is not used.
        KeyDetails { key, enabled: true, status: KeyStatus::Active, rotated_at, overlap_until, exposed_at }
    }

    fn keys() -> Vec<KeyDetails> {
        vec![
            key("beta", -3, Some(10), None, &["rows.read"]),
            key("Alpha", -2, None, Some(-1), &["keys.write", "rows.read"]),
            key("gamma", -1, Some(-1), Some(-5), &["files.read"]),
            key("delta", -9, Some(100), Some(-2), &[]),
        ]
    }

    fn shown(view: &ListView) -> Vec<String> {
        view.apply(&keys(), Catalog::appwrite(), now()).into_iter().map(|details| details.key.name).collect()
    }

    #[test]
    fn filters_let_through_what_their_name_says() {
        let filter = |filter| shown(&ListView { filter, sort: Sort::Name, ..ListView::default() });
        assert_eq!(filter(Filter::All), ["Alpha", "beta", "delta", "gamma"]);
        assert_eq!(filter(Filter::Active), ["Alpha", "beta", "delta"]);
        assert_eq!(filter(Filter::Expiring), ["beta"]);
        assert_eq!(filter(Filter::Expired), ["gamma"]);
        assert_eq!(filter(Filter::NeverUsed), ["beta"]);
        assert_eq!(filter(Filter::NeverExpires), ["Alpha"]);
        assert_eq!(filter(Filter::Sensitive), ["Alpha"]);
    }

    #[test]
    fn disabled_and_exposed_keys_are_found_and_a_disabled_one_is_not_active() {
        let mut keys = keys();
        keys[0].enabled = false;
        keys[1].exposed_at = WireDate(Some(now()));
        let filter = |filter| {
            let view = ListView { filter, sort: Sort::Name, ..ListView::default() };
            view.apply(&keys, Catalog::appwrite(), now()).into_iter().map(|details| details.key.name).collect::<Vec<_>>()
        };
        assert_eq!(filter(Filter::Disabled), ["beta"]);
        assert_eq!(filter(Filter::Exposed), ["Alpha"]);
        assert_eq!(filter(Filter::Active), ["Alpha", "delta"]);
        assert!(filter(Filter::Expiring).is_empty());
    }

    #[test]
    fn orders_put_never_last() {
        let sort = |sort| shown(&ListView { sort, ..ListView::default() });
        assert_eq!(sort(Sort::Created), ["gamma", "Alpha", "beta", "delta"]);
        assert_eq!(sort(Sort::Expires), ["gamma", "beta", "delta", "Alpha"]);
        assert_eq!(sort(Sort::Used), ["Alpha", "delta", "gamma", "beta"]);
        assert_eq!(sort(Sort::Scopes), ["Alpha", "beta", "gamma", "delta"]);
    }

    #[test]
    fn search_looks_into_name_id_hint_and_scopes() {
        let search = |text: &str| shown(&ListView { search: text.into(), sort: Sort::Name, ..ListView::default() });
        assert_eq!(search("ALPHA"), ["Alpha"]);
        assert_eq!(search("id-beta"), ["beta"]);
        assert_eq!(search("rows."), ["Alpha", "beta"]);
        assert_eq!(search("wxyz").len(), 4);
        assert!(search("nothing").is_empty());
    }

    #[test]
    fn labels_name_one_filter_and_one_order() {
        assert!(Filter::ALL.iter().all(|filter| Filter::of(filter.label()) == *filter));
        assert!(Sort::ALL.iter().all(|sort| Sort::of(sort.label()) == *sort));
    }
}
