//! Picks, orders and cuts rows in memory.

use std::cmp::Ordering;

use super::{Attribute, Cell, Order, Page, Query, Row, folded};

/// The page of `rows` that is asked for. They come in any order.
pub fn page<R: Row>(mut rows: Vec<R>, query: &Query<R>) -> Page<R> {
    let shuffle = query.order.contains(&Order::Random).then(|| Shuffle::new(query.seed));
    let compare = |a: &R, b: &R| {
        let first = query.order.iter().map(|order| order.compare(a, b)).find(|ordering| ordering.is_ne());
        let shuffled = shuffle.map_or(Ordering::Equal, |shuffle| shuffle.place(a.sequence()).cmp(&shuffle.place(b.sequence())));
        first.unwrap_or(Ordering::Equal).then(shuffled).then(a.sequence().cmp(&b.sequence()))
    };
    rows.retain(|row| query.filters.iter().all(|filter| filter.picks(row)));
    let total = if query.with_total { rows.len().min(query.max_total) } else { 0 };
    if let Some(cursor) = &query.cursor {
        let wanted = if cursor.before { Ordering::Less } else { Ordering::Greater };
        rows.retain(|row| compare(row, &cursor.row) == wanted);
    }
    rows.sort_by(compare);
    let rows = if query.cursor.as_ref().is_some_and(|cursor| cursor.before) {
        // The page ends at the cursor.
        let end = rows.len().saturating_sub(query.offset);
        let start = end.saturating_sub(query.limit);
        rows.into_iter().take(end).skip(start).collect()
    } else {
        rows.into_iter().skip(query.offset).take(query.limit).collect()
    };
    Page { total, rows }
}

impl<A: Attribute> Order<A> {
    fn compare<R: Row<Attribute = A>>(&self, a: &R, b: &R) -> Ordering {
        match self {
            Self::Random => Ordering::Equal,
            Self::By { attribute, descending } => {
                let ordering = compare_cells(a.cell(*attribute), b.cell(*attribute));
                if *descending { ordering.reverse() } else { ordering }
            }
        }
    }
}

/// Nothing comes before everything; texts are ordered in any case first.
fn compare_cells(a: Cell<'_>, b: Cell<'_>) -> Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => folded(a).cmp(&folded(b)).then(a.cmp(b)),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(&b),
        (Cell::Number(a), Cell::Number(b)) => a.cmp(&b),
        (Cell::List(a), Cell::List(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// 2³¹ − 1: the product of two numbers below it stays within 63 bits, in Rust and in SQL.
pub(in crate::server) const PRIME: i64 = 0x7fff_ffff;

/// A random order, by arithmetic that every database can do. Every seed gives another one.
///
/// A row's place is `(factor · sequence + summand)⁵ mod PRIME`: the fifth power visits every number once, since 5 does not divide
/// `PRIME − 1`, and without it rows that follow each other would keep their distance.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct Shuffle {
    /// 1 to `PRIME − 1`.
    pub factor: i64,
    /// 0 to `PRIME − 1`.
    pub summand: i64,
}

impl Shuffle {
    pub(in crate::server) fn new(seed: u64) -> Self {
        let (high, low) = ((seed >> 32).cast_signed(), (seed & 0xffff_ffff).cast_signed());
        Self { factor: 1 + high % (PRIME - 1), summand: low % PRIME }
    }

    /// The place of a row; its sequence is not negative.
    pub(in crate::server) fn place(self, sequence: i64) -> i64 {
        let at = (sequence % PRIME * self.factor + self.summand) % PRIME;
        let square = at * at % PRIME;
        square * square % PRIME * at % PRIME
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, PageOptions, QueryError, parse};
    use super::*;
    use crate::scope::{DateTime, ScopeName};

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Of {
        Id,
        Sequence,
        Name,
        Expire,
        Scopes,
    }

    impl Attribute for Of {
        const ALL: &'static [(&'static str, Self, Kind)] = &[
            ("name", Self::Name, Kind::Text),
            ("expire", Self::Expire, Kind::Date),
            ("scopes", Self::Scopes, Kind::List),
            ("$id", Self::Id, Kind::Text),
            ("$sequence", Self::Sequence, Kind::Number),
        ];
        const TAKES_SELECT: bool = false;
    }

    struct Item {
        id: String,
        sequence: i64,
        name: String,
        expire: Option<DateTime>,
        scopes: Vec<ScopeName>,
    }

    impl Row for Item {
        type Attribute = Of;

        fn id(&self) -> &str {
            &self.id
        }
        fn sequence(&self) -> i64 {
            self.sequence
        }
        fn cell(&self, attribute: Of) -> Cell<'_> {
            match attribute {
                Of::Name => Cell::Text(&self.name),
                Of::Expire => Cell::Date(self.expire),
                Of::Scopes => Cell::List(&self.scopes),
                Of::Id => Cell::Text(&self.id),
                Of::Sequence => Cell::Number(self.sequence),
            }
        }
    }

    /// a: Beta, 2030; b: alpha, never; c: Gamma ray, 2031; d: alpha, 2030.
    fn items() -> Vec<Item> {
        let item = |sequence, id: &str, name: &str, expire: &str, scopes: &[&str]| Item {
            id: id.into(),
            sequence,
            name: name.into(),
            expire: expire.parse().ok(),
            scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
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
        let asked = parse(&texts)?;
        let row = items().into_iter().find(|item| Some(item.id()) == asked.cursor());
        let page = page(items(), &asked.resolve(row, PageOptions { default_limit: 25, with_total: true, seed: 7 })?);
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
        assert_eq!(ids(&[&after("b"), by_expiry]), Err(QueryError::CursorNull("expire")));
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
    fn every_seed_gives_another_order_of_all_rows() {
        let places = |seed| {
            let shuffle = Shuffle::new(seed);
            (1..=2000).map(|sequence| shuffle.place(sequence)).collect::<Vec<_>>()
        };
        let mut sorted = places(5);
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 2000);
        assert_ne!(places(5), places(6));
        assert_ne!(places(5), places(5 << 32));
        assert!(!places(5).is_sorted());
        // The largest numbers that there are do not overflow.
        let shuffle = Shuffle::new(u64::MAX);
        assert!((0..PRIME).contains(&shuffle.place(i64::MAX)));
        assert!(shuffle.factor < PRIME && shuffle.summand < PRIME);
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
        for (with_total, total) in [(true, 3), (false, 0)] {
            let query = parse(&texts).unwrap().resolve(None, PageOptions { default_limit: 25, with_total, seed: 7 }).unwrap();
            let page = page(items(), &query);
            assert_eq!((page.total, page.rows.len()), (total, 1));
        }
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
