//! What a key opens, by service, as the table of keys shows it.

use crate::scope::Catalog;

/// What the scopes of a key open in one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUse {
    /// The title of the service.
    pub title: String,
    /// Whether a scope reads.
    pub reads: bool,
    /// Whether a scope does more than read.
    pub writes: bool,
    /// Whether a scope is sensitive.
    pub is_sensitive: bool,
}

impl ServiceUse {
    /// `R`, `W` or `RW`.
    pub fn letters(&self) -> &'static str {
        match (self.reads, self.writes) {
            (true, true) => "RW",
            (_, true) => "W",
            _ => "R",
        }
    }
}

/// What scopes open, by service; services with scopes that are sensitive in the edition come first, then in the order of the scopes.
pub fn service_uses(scopes: &[String], catalog: &Catalog, edition: Option<&str>) -> Vec<ServiceUse> {
    let mut uses: Vec<ServiceUse> = Vec::new();
    for name in scopes {
        let service = catalog.scope(name).and_then(|scope| catalog.service(&scope.service));
        let title = service.map_or("Unknown", |service| service.name.as_str());
        let reads = name.ends_with("read");
        let is_sensitive = catalog.sensitivity_of(name, edition).is_some();
        match uses.iter_mut().find(|found| found.title == title) {
            Some(found) => {
                found.reads |= reads;
                found.writes |= !reads;
                found.is_sensitive |= is_sensitive;
            }
            None => {
                let place = if is_sensitive { 0 } else { uses.len() };
                uses.insert(place, ServiceUse { title: title.to_owned(), reads, writes: !reads, is_sensitive });
            }
        }
    }
    uses
}

/// How many chips with these `widths` are shown in a line: all of them, or some and, after them, the number of the others, which takes `rest`. At
/// least one, which may be cut. `count` is how many there are, also of those that are never shown.
pub fn fitting(widths: &[f64], count: usize, gap: f64, rest: f64, room: f64) -> usize {
    let mut end = -gap;
    let ends = widths.iter().map(|width| {
        end += gap + width;
        end
    });
    let fits = |(shown, end): (usize, f64)| end + if shown < count { gap + rest } else { 0.0 } <= room;
    let shown = (1..).zip(ends).filter(|&chips| fits(chips)).last().map_or(1, |(shown, _)| shown);
    shown.min(widths.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_shown_by_service_with_what_they_do() {
        let scopes = ["rows.read", "files.read", "files.write", "future.read", "keys.write"].map(str::to_owned);
        let labels: Vec<_> =
            service_uses(&scopes, Catalog::appwrite(), None).iter().map(|found| format!("{} {}", found.title, found.letters())).collect();
        assert_eq!(labels[1..], ["Databases R", "Storage RW", "Unknown R"]);
        assert!(labels[0].ends_with(" W"), "{labels:?}");
        assert!(service_uses(&[], Catalog::appwrite(), None).is_empty());
    }

    #[test]
    fn a_scope_is_sensitive_in_the_edition_of_the_keys() {
        let scopes = ["databases.write".to_owned()];
        let is_sensitive = |edition| service_uses(&scopes, Catalog::appwrite(), edition)[0].is_sensitive;
        assert_eq!([Some("server-1.9"), Some("sdk-2026-10"), Some("no-such"), None].map(is_sensitive), [false, true, true, true]);
    }

    #[test]
    fn chips_that_have_no_room_are_counted() {
        let shown = |count, room| fitting(&[50.0, 60.0, 70.0], count, 4.0, 20.0, room);
        // All of them, with or without others that are never shown.
        assert_eq!([shown(3, 188.0), shown(4, 212.0)], [3, 3]);
        // Some, and the count.
        assert_eq!([shown(3, 187.9), shown(4, 211.9), shown(9, 138.0)], [2, 2, 2]);
        assert_eq!([shown(9, 137.9), shown(3, 74.0)], [1, 1]);
        // One, whatever the room.
        assert_eq!([shown(3, 10.0), shown(1, 0.0)], [1, 1]);
        assert_eq!(fitting(&[], 0, 4.0, 20.0, 100.0), 0);
    }
}
