//! Picks, orders and cuts rows.

use std::cmp::Ordering;

use super::{Cell, Order, Query, QueryError, Row};

/// The largest page, and the largest total that is told (contract §5).
const MAX_ROWS: usize = 5000;

/// What a list answers.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) struct Page<R> {
    /// How many rows the filters pick, at most 5000.
    pub total: usize,
    /// Those of this page.
    pub rows: Vec<R>,
}

/// Picks a page of `rows`, which come in the order of creation. `seed` decides a random order.
pub(in crate::server) fn page<R: Row>(rows: Vec<R>, query: &Query, default_limit: usize, seed: u64) -> Result<Page<R>, QueryError> {
    let random = query.order.contains(&Order::Random);
    let compare = |a: &R, b: &R| {
        let first = query.order.iter().map(|order| order.compare(a, b)).find(|ordering| ordering.is_ne());
        let shuffled = if random { scramble(a.sequence(), seed).cmp(&scramble(b.sequence(), seed)) } else { Ordering::Equal };
        first.unwrap_or(Ordering::Equal).then(shuffled).then(a.sequence().cmp(&b.sequence()))
    };
    let limits = match &query.cursor {
        None => None,
        Some(cursor) => {
            let at = rows.iter().position(|row| row.id() == cursor.id).ok_or_else(|| QueryError::CursorMissing(cursor.id.clone()))?;
            let row = rows.get(at).ok_or_else(|| QueryError::CursorMissing(cursor.id.clone()))?;
            let null = query.order.iter().find_map(|order| order.null_of(row));
            if let Some(attribute) = null {
                return Err(QueryError::CursorNull(attribute.to_owned()));
            }
            let wanted = if cursor.before { Ordering::Less } else { Ordering::Greater };
            Some(rows.iter().map(|row_b| (row_b.sequence(), compare(row_b, row) == wanted)).collect::<std::collections::HashMap<_, _>>())
        }
    };
    let mut rows: Vec<R> = rows.into_iter().filter(|row| query.filters.iter().all(|filter| filter.picks(row))).collect();
    let total = rows.len().min(MAX_ROWS);
    if let Some(beyond) = limits {
        rows.retain(|row| beyond.get(&row.sequence()).copied().unwrap_or(false));
    }
    rows.sort_by(compare);
    let limit = query.limit.unwrap_or(default_limit).min(MAX_ROWS);
    let rows = if query.cursor.as_ref().is_some_and(|cursor| cursor.before) {
        // The page ends at the cursor.
        let end = rows.len().saturating_sub(query.offset);
        let start = end.saturating_sub(limit);
        rows.into_iter().take(end).skip(start).collect()
    } else {
        rows.into_iter().skip(query.offset).take(limit).collect()
    };
    Ok(Page { total, rows })
}

impl Order {
    fn compare<R: Row>(&self, a: &R, b: &R) -> Ordering {
        match self {
            Self::Random => Ordering::Equal,
            Self::By { attribute, descending } => {
                let ordering = compare_cells(a.cell(attribute), b.cell(attribute));
                if *descending { ordering.reverse() } else { ordering }
            }
        }
    }

    /// The attribute, where the row has no value for it.
    fn null_of<R: Row>(&self, row: &R) -> Option<&str> {
        match self {
            Self::By { attribute, .. } if matches!(row.cell(attribute), Cell::Date(None)) => Some(attribute),
            Self::By { .. } | Self::Random => None,
        }
    }
}

/// Nothing comes before everything; texts are ordered in any case first.
fn compare_cells(a: Cell<'_>, b: Cell<'_>) -> Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()).then(a.cmp(b)),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(&b),
        (Cell::Number(a), Cell::Number(b)) => a.cmp(&b),
        (Cell::List(a), Cell::List(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// SplitMix64: every seed gives another order.
fn scramble(sequence: i64, seed: u64) -> u64 {
    let mut z = seed.wrapping_add(sequence.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Schema, parse};
    use super::*;
    use crate::scope::DateTime;

    struct Item {
        id: String,
        sequence: i64,
        name: String,
        expire: Option<DateTime>,
        scopes: Vec<String>,
    }

    impl Row for Item {
        fn id(&self) -> &str {
            &self.id
        }
        fn sequence(&self) -> i64 {
            self.sequence
        }
        fn cell(&self, attribute: &str) -> Cell<'_> {
            match attribute {
                "name" => Cell::Text(&self.name),
                "expire" => Cell::Date(self.expire),
                "scopes" => Cell::List(&self.scopes),
                "$id" => Cell::Text(&self.id),
                _ => Cell::Number(self.sequence),
            }
        }
    }

    const SCHEMA: Schema =
        Schema { attributes: &[("name", Kind::Text), ("expire", Kind::Date), ("scopes", Kind::List)], takes_select: false };

    /// a: Beta, 2030; b: alpha, never; c: Gamma ray, 2031; d: alpha, 2030.
    fn items() -> Vec<Item> {
        let item = |sequence, id: &str, name: &str, expire: &str, scopes: &[&str]| Item {
            id: id.into(),
            sequence,
            name: name.into(),
            expire: expire.parse().ok(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        vec![
            item(1, "a", "Beta", "2030-01-01", &["rows.read"]),
            item(2, "b", "alpha", "", &["rows.read", "rows.write"]),
            item(3, "c", "Gamma ray", "2031-01-01", &[]),
            item(4, "d", "alpha", "2030-01-01", &["users.read"]),
        ]
    }

    fn ids(queries: &[&str]) -> Result<String, QueryError> {
        let texts: Vec<String> = queries.iter().map(|text| (*text).to_owned()).collect();
        let page = page(items(), &parse(&texts, &SCHEMA)?, 25, 7)?;
        Ok(page.rows.iter().map(Row::id).collect())
    }

    fn filtered(method: &str, attribute: &str, values: &str) -> String {
        ids(&[&format!(r#"{{"method":"{method}","attribute":"{attribute}","values":{values}}}"#)]).unwrap()
    }

    #[test]
    fn without_queries_rows_come_in_the_order_of_creation() {
        assert_eq!(ids(&[]).unwrap(), "abcd");
    }

    #[test]
    fn limit_and_offset_cut_a_page() {
        assert_eq!(ids(&[r#"{"method":"limit","values":[2]}"#]).unwrap(), "ab");
        assert_eq!(ids(&[r#"{"method":"limit","values":[2]}"#, r#"{"method":"offset","values":[3]}"#]).unwrap(), "d");
        assert_eq!(ids(&[r#"{"method":"limit","values":[1]}"#, r#"{"method":"limit","values":[3]}"#]).unwrap(), "a");
        for bad in ["[0]", "[-1]", "[\"x\"]", "[]", "[1,2]", "[1.5]"] {
            assert!(ids(&[&format!(r#"{{"method":"limit","values":{bad}}}"#)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cursor_continues_before_or_after_a_row() {
        let after = |id: &str| format!(r#"{{"method":"cursorAfter","values":["{id}"]}}"#);
        let before = |id: &str| format!(r#"{{"method":"cursorBefore","values":["{id}"]}}"#);
        assert_eq!(ids(&[&after("b")]).unwrap(), "cd");
        assert_eq!(ids(&[&before("d"), r#"{"method":"limit","values":[2]}"#]).unwrap(), "bc");
        assert_eq!(ids(&[&after("d"), r#"{"method":"orderAsc","attribute":"name"}"#]).unwrap(), "ac");
        assert_eq!(ids(&[&after("z")]), Err(QueryError::CursorMissing("z".into())));
        let by_expiry = r#"{"method":"orderAsc","attribute":"expire"}"#;
        assert_eq!(ids(&[&after("b"), by_expiry]), Err(QueryError::CursorNull("expire".into())));
        assert_eq!(ids(&[&after("a"), by_expiry]).unwrap(), "dc");
        // The row of the cursor need not be one that the filters pick.
        assert_eq!(ids(&[&after("b"), r#"{"method":"isNotNull","attribute":"expire"}"#]).unwrap(), "cd");
    }

    #[test]
    fn rows_are_ordered_by_any_attribute_and_then_by_age() {
        assert_eq!(ids(&[r#"{"method":"orderAsc","attribute":"name"}"#]).unwrap(), "bdac");
        assert_eq!(ids(&[r#"{"method":"orderDesc","attribute":"name"}"#]).unwrap(), "cabd");
        assert_eq!(ids(&[r#"{"method":"orderAsc","attribute":"expire"}"#]).unwrap(), "badc");
        assert_eq!(ids(&[r#"{"method":"orderDesc","attribute":"$sequence"}"#]).unwrap(), "dcba");
        let mut random: Vec<char> = ids(&[r#"{"method":"orderRandom"}"#]).unwrap().chars().collect();
        random.sort_unstable();
        assert_eq!(random, ['a', 'b', 'c', 'd']);
    }

    #[test]
    fn filters_pick_what_they_say() {
        assert_eq!(filtered("equal", "name", r#"["alpha","Beta"]"#), "abd");
        assert_eq!(filtered("equal", "name", r#""alpha""#), "bd");
        assert_eq!(filtered("equal", "name", r#"["ALPHA"]"#), "");
        assert_eq!(filtered("notEqual", "name", r#"["alpha"]"#), "ac");
        assert_eq!(filtered("lessThan", "expire", r#"["2031-01-01"]"#), "ad");
        assert_eq!(filtered("lessThanEqual", "expire", r#"["2031-01-01"]"#), "acd");
        assert_eq!(filtered("greaterThan", "expire", r#"["2030-01-01"]"#), "c");
        assert_eq!(filtered("greaterThanEqual", "expire", r#"["2030-01-01"]"#), "acd");
        assert_eq!(filtered("between", "$sequence", "[2,3]"), "bc");
        assert_eq!(filtered("notBetween", "$sequence", "[2,3]"), "ad");
        assert_eq!(filtered("isNull", "expire", "[]"), "b");
        assert_eq!(filtered("isNotNull", "expire", "null"), "acd");
        assert_eq!(filtered("contains", "name", r#"["MMA"]"#), "c");
        assert_eq!(filtered("contains", "scopes", r#"["rows.read"]"#), "ab");
        assert_eq!(filtered("containsAny", "scopes", r#"["rows.write","users.read"]"#), "bd");
        assert_eq!(filtered("containsAll", "scopes", r#"["rows.read","rows.write"]"#), "b");
        assert_eq!(filtered("notContains", "scopes", r#"["rows.read"]"#), "cd");
        assert_eq!(filtered("startsWith", "name", r#"["al"]"#), "bd");
        assert_eq!(filtered("notStartsWith", "name", r#"["al"]"#), "ac");
        assert_eq!(filtered("endsWith", "name", r#"["ta"]"#), "a");
        assert_eq!(filtered("notEndsWith", "name", r#"["ta"]"#), "bcd");
        assert_eq!(filtered("search", "name", r#"["ray gamma"]"#), "c");
        assert_eq!(filtered("notSearch", "name", r#"["gamma"]"#), "abd");
        assert_eq!(ids(&[r#"{"method":"exists","values":["name"]}"#]).unwrap(), "abcd");
        assert_eq!(ids(&[r#"{"method":"notExists","values":["name"]}"#]).unwrap(), "");
    }

    #[test]
    fn filters_are_joined() {
        let (alpha, never) = (r#"{"method":"equal","attribute":"name","values":["alpha"]}"#, r#"{"method":"isNull","attribute":"expire"}"#);
        assert_eq!(ids(&[alpha, never]).unwrap(), "b");
        assert_eq!(ids(&[&format!(r#"{{"method":"and","values":[{alpha},{never}]}}"#)]).unwrap(), "b");
        assert_eq!(ids(&[&format!(r#"{{"method":"or","values":[{alpha},{never}]}}"#)]).unwrap(), "bd");
        assert!(ids(&[&format!(r#"{{"method":"or","values":[{alpha}]}}"#)]).is_err());
    }

    #[test]
    fn total_counts_what_the_filters_pick() {
        let texts = [r#"{"method":"limit","values":[1]}"#.to_owned(), r#"{"method":"isNotNull","attribute":"expire"}"#.to_owned()];
        let page = page(items(), &parse(&texts, &SCHEMA).unwrap(), 25, 7).unwrap();
        assert_eq!((page.total, page.rows.len()), (3, 1));
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for bad in [
            "",
            "limit(1)",
            "[]",
            "{}",
            r#"{"method":5}"#,
            r#"{"method":"select","values":["name"]}"#,
            r#"{"method":"regex","attribute":"name","values":["."]}"#,
            r#"{"method":"equal","attribute":"secret","values":["x"]}"#,
            r#"{"method":"equal","values":["x"]}"#,
            r#"{"method":"equal","attribute":"name","values":[]}"#,
            r#"{"method":"equal","attribute":"name","values":[5]}"#,
            r#"{"method":"equal","attribute":"expire","values":["soon"]}"#,
            r#"{"method":"equal","attribute":"scopes","values":["rows.read"]}"#,
            r#"{"method":"search","attribute":"expire","values":["2030"]}"#,
            r#"{"method":"contains","attribute":"expire","values":["2030"]}"#,
            r#"{"method":"notContains","attribute":"$sequence","values":["2"]}"#,
            r#"{"method":"between","attribute":"name","values":["a"]}"#,
            r#"{"method":"orderAsc","attribute":"secret"}"#,
            r#"{"method":"cursorAfter","values":["../x"]}"#,
            r#"{"method":"cursorAfter","values":[]}"#,
        ] {
            assert!(matches!(ids(&[bad]), Err(QueryError::Invalid(_))), "{bad}");
        }
    }

    #[test]
    fn hostile_queries_are_bounded() {
        let limit = r#"{"method":"limit","values":[1]}"#;
        assert!(ids(&[limit; 100]).is_ok() && ids(&[limit; 101]).is_err());
        assert!(ids(&[&format!(r#"{{"method":"search","attribute":"name","values":["{}"]}}"#, "x".repeat(4096))]).is_err());
        let many = vec!["1"; 501].join(",");
        assert!(ids(&[&format!(r#"{{"method":"equal","attribute":"$sequence","values":[{many}]}}"#)]).is_err());
        let mut deep = r#"{"method":"isNull","attribute":"expire"}"#.to_owned();
        for _ in 0..9 {
            deep = format!(r#"{{"method":"and","values":[{deep},{{"method":"isNull","attribute":"expire"}}]}}"#);
        }
        assert!(ids(&[&deep]).is_err());
    }
}
