//! The built-in catalog as the build made it of `appwrite.json`: see `build.rs` for the form. Reports no faults: a test
//! compares what is read here with what [`Catalog::from_json`] reads.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{
    Alternative, Catalog, Edition, Escalation, Open, Operation, Scope, Sensitivity, Service, Tier, TrailingSlash,
    index::Index,
    usual::{usual_action, usual_name, usual_parameter},
};
use crate::scope::support::{
    gather::Gather,
    text::{cut, fill, join, number, parts, row},
};

static CATALOG: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog.txt"));
static OPERATIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/operations.txt"));

/// Rows, read one after the other.
struct Rows {
    columns: Vec<Column>,
}

struct Column {
    /// What is not read yet; `None` behind the last entry.
    rest: Option<&'static str>,
    /// The entry of the present row.
    entry: String,
}

impl Rows {
    /// Takes the first columns off a table.
    #[inline(never)]
    fn of(table: &mut &'static str, count: usize) -> Self {
        let mut columns = Vec::with_capacity(count);
        for _ in 0..count {
            let (line, rest) = cut(table, b'\n').unwrap_or((table, ""));
            *table = rest;
            columns.push(Column { rest: Some(line), entry: String::new() });
        }
        Self { columns }
    }

    /// Goes to the next row, if there is one.
    #[inline(never)]
    fn next(&mut self) -> bool {
        for Column { rest, entry } in &mut self.columns {
            let Some(line) = *rest else { return false };
            let (item, behind) = cut(line, b'\t').map_or((line, None), |(item, behind)| (item, Some(behind)));
            *rest = behind;
            if let Some(shared) = item.bytes().next() {
                entry.truncate(usize::from(shared.saturating_sub(b'0')));
                entry.push_str(item.get(1..).unwrap_or_default());
            }
        }
        true
    }

    #[inline(never)]
    fn entry(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| &column.entry)
    }

    #[inline(never)]
    fn text(&self, column: usize) -> String {
        self.entry(column).to_owned()
    }

    fn optional(&self, column: usize) -> Option<String> {
        Some(self.text(column)).filter(|entry| !entry.is_empty())
    }

    #[inline(never)]
    fn list(&self, column: usize) -> Vec<String> {
        parts(self.entry(column), b'|').into_iter().filter(|part| !part.is_empty()).map(ToOwned::to_owned).gathered()
    }

    /// Ids and names.
    #[inline(never)]
    fn pairs(mut self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        while self.next() {
            pairs.push((self.text(0), self.text(1)));
        }
        pairs
    }
}

/// Everything but the operations, which are read when they are first asked for.
pub(super) fn catalog() -> Catalog {
    let mut table = CATALOG;
    let mut own = Rows::of(&mut table, 4);
    own.next();
    let mut rows = Rows::of(&mut table, 3);
    let mut editions = Vec::new();
    while rows.next() {
        editions.push(Edition { id: rows.text(0), name: rows.text(1), self_hosted: !rows.entry(2).is_empty() });
    }
    let services = Rows::of(&mut table, 2).pairs();
    let mut rows = Rows::of(&mut table, 14);
    let mut scopes = Vec::new();
    while rows.next() {
        let words = rows.list(3);
        let reach = Escalation::ALL.iter().find(|climb| climb.as_str() == rows.entry(8));
        scopes.extend(rows.entry(0).parse().ok().map(|id| Scope {
            id,
            service: rows.text(1),
            description: rows.text(2),
            tiers: Tier::ALL.iter().copied().filter(|tier| words.iter().any(|word| tier.as_str() == word)).gathered(),
            editions: rows.list(4),
            deprecated: !rows.entry(5).is_empty(),
            implied: !rows.entry(6).is_empty(),
            successor: rows.entry(7).parse().ok(),
            name: rows.optional(11),
            includes: rows.list(12).iter().filter_map(|scope| scope.parse().ok()).gathered(),
            sensitive: reach.map(|reach| Sensitivity { reach: *reach, reason: rows.text(9), path: rows.list(10), editions: rows.list(13) }),
        }));
    }
    Catalog {
        id: own.text(0),
        name: own.text(1),
        version: own.text(2),
        max_scopes: number(own.entry(3)).unwrap_or_default(),
        base_paths: Vec::new(),
        fold_case: false,
        trailing_slash: TrailingSlash::default(),
        editions,
        services: services.into_iter().map(|(id, name)| Service { id, name }).collect(),
        index: Index::later(&scopes, operations),
        scopes,
    }
}

fn operations() -> Vec<Operation> {
    let mut table = OPERATIONS;
    let mut rows = Rows::of(&mut table, 10);
    let mut names = Rows::of(&mut table, 1);
    let mut operations = Vec::new();
    while rows.next() {
        let method = rows.text(1);
        let path = whole_path(rows.entry(2));
        // A name is written as it differs from the usual one.
        if let Some(column) = names.columns.first_mut() {
            column.entry = usual_name(&method, &parts(&path, b'/'));
        }
        names.next();
        operations.push(Operation {
            id: fill("{}.{}", &[rows.entry(0), names.entry(0)]),
            scopes: rows.list(3).iter().map(|scopes| alternative(scopes, &method)).collect(),
            least: Some(rows.list(7)).filter(|scopes| !scopes.is_empty()).map(|scopes| alternative(&join(&scopes, " "), &method)),
            open: Open::ALL.iter().copied().find(|open| open.as_str() == rows.entry(8)),
            inferred: !rows.entry(9).is_empty(),
            callers: rows.list(4),
            deprecated: rows.optional(5),
            successor: rows.optional(6),
            method,
            path,
        });
    }
    operations
}

/// A path with the usual names of parameters where it has none.
fn whole_path(short: &str) -> String {
    let mut path = String::new();
    let mut before = "";
    for segment in parts(short, b'/').into_iter().skip(1) {
        path.push('/');
        match segment {
            ":" => path.push_str(&usual_parameter(before)),
            _ => path.push_str(segment),
        }
        before = segment;
    }
    path
}

fn alternative(scopes: &str, method: &str) -> Alternative {
    let whole = |scope: &str| {
        let action = if scope.ends_with('.') { usual_action(method) } else { "" };
        row(&[scope, action]).parse().ok()
    };
    Alternative(parts(scopes, b' ').into_iter().filter_map(whole).gathered())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_the_catalog_says() {
        let read = Catalog::from_json(include_str!("appwrite.json")).unwrap();
        assert_eq!(serde_json::to_string(&catalog()).unwrap(), serde_json::to_string(&read).unwrap());
    }
}
