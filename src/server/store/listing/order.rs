//! The order of a list, and the condition for the keys after a cursor.

use super::{Builder, Dialect, KeyQuery, Value, column, folded_column, is_nullable, joined};
use crate::server::{
    query::{Cell, Order, PRIME, Row, Shuffle, folded},
    store::{KeyAttribute, KeyRecord},
};

/// A term of the order.
pub(super) struct Term {
    sql: String,
    descending: bool,
    is_nullable: bool,
    /// The value of the cursor's row for this term.
    at: Option<Value>,
}

impl Term {
    /// Whether larger values come later.
    fn rises(&self, backwards: bool) -> bool {
        self.descending == backwards
    }
}

impl<D: Dialect> Builder<D> {
    /// The terms of the order. The last one distinguishes any two keys.
    pub(super) fn options(&mut self, query: &KeyQuery) -> Vec<Term> {
        let row = query.cursor.as_ref().map(|cursor| &cursor.row);
        let (mut options, mut seen) = (Vec::new(), Vec::new());
        for order in &query.order {
            // A repeated attribute has no effect.
            if let Order::By { attribute, descending } = order
                && !seen.contains(attribute)
            {
                seen.push(*attribute);
                options.extend(Self::of_attribute(*attribute, *descending, row));
            }
            if seen.contains(&KeyAttribute::Sequence) {
                return options;
            }
        }
        if query.order.contains(&Order::Random) {
            options.push(self.random(query.seed, row));
        }
        options.extend(Self::of_attribute(KeyAttribute::Sequence, false, row));
        options
    }

    fn of_attribute(attribute: KeyAttribute, descending: bool, row: Option<&KeyRecord>) -> Vec<Term> {
        let term = |sql: &str, at: Option<Value>| Term { sql: sql.to_owned(), descending, is_nullable: is_nullable(attribute), at };
        let column = column::<D>(attribute);
        let at = row.map(|row| row.cell(attribute));
        match (at, folded_column(attribute)) {
            (Some(Cell::Text(text)), Some(lower)) => {
                vec![term(lower, Some(Value::Text(folded(text)))), term(column, Some(Value::Text(text.to_owned())))]
            }
            (None, Some(lower)) => vec![term(lower, None), term(column, None)],
            (Some(Cell::List(list)), _) => vec![term(&D::list_order(column), Some(D::list_order_of(list)))],
            (None, None) if attribute == KeyAttribute::Scopes => vec![term(&D::list_order(column), None)],
            (Some(Cell::Date(Some(date))), _) => vec![term(column, Some(Value::Integer(date.unix_milliseconds())))],
            (Some(Cell::Number(number)), _) => vec![term(column, Some(Value::Integer(number)))],
            // A cursor without a value is refused earlier.
            (Some(Cell::Date(None) | Cell::Text(_)) | None, _) => vec![term(column, None)],
        }
    }

    /// See [`Shuffle`].
    fn random(&mut self, seed: u64, row: Option<&KeyRecord>) -> Term {
        let shuffle = Shuffle::new(seed);
        let (factor, summand) = (self.bind(Value::Integer(shuffle.factor)), self.bind(Value::Integer(shuffle.summand)));
        let at = format!("((keys.sequence % {PRIME} * {factor} + {summand}) % {PRIME})");
        let square = format!("({at} * {at} % {PRIME})");
        let sql = format!("({square} * {square} % {PRIME} * {at} % {PRIME})");
        Term { sql, descending: false, is_nullable: false, at: row.map(|row| Value::Integer(shuffle.place(row.sequence))) }
    }

    /// Whether a key comes after the cursor, or before it.
    pub(super) fn beyond(&mut self, options: &[Term], backwards: bool) -> String {
        let bound: Vec<(&Term, String)> = options.iter().filter_map(|term| Some((term, self.bind(term.at.clone()?)))).collect();
        let all_rise = bound.iter().all(|(term, _)| term.rises(backwards));
        let all_fall = bound.iter().all(|(term, _)| !term.rises(backwards) && !term.is_nullable);
        if all_rise || all_fall {
            // The database can use an index for this form.
            let (columns, marks): (Vec<&str>, Vec<&str>) = bound.iter().map(|(term, mark)| (term.sql.as_str(), mark.as_str())).unzip();
            return format!("({}) {} ({})", columns.join(", "), if all_rise { ">" } else { "<" }, marks.join(", "));
        }
        let past = |(term, mark): &(&Term, String), word: &str| {
            let sql = &term.sql;
            match (term.rises(backwards), term.is_nullable) {
                (true, _) => format!("{sql} >{word} {mark}"),
                (false, false) => format!("{sql} <{word} {mark}"),
                (false, true) => format!("({sql} <{word} {mark} OR {sql} IS NULL)"),
            }
        };
        let mut condition = String::from("FALSE");
        for term in bound.iter().rev() {
            condition = format!("({} OR ({} = {} AND {condition}))", past(term, ""), term.0.sql, term.1);
        }
        match bound.first() {
            // Redundant, but the database can use an index for it.
            Some(first) => joined(&[past(first, "="), condition], "AND"),
            None => condition,
        }
    }
}

/// The SQL after `ORDER BY`.
pub(super) fn by(options: &[Term], backwards: bool) -> String {
    let term = |term: &Term| {
        let direction = if term.descending == backwards { "ASC" } else { "DESC" };
        let nulls = match (term.is_nullable, direction) {
            (false, _) => "",
            (true, "ASC") => " NULLS FIRST",
            (true, _) => " NULLS LAST",
        };
        format!("{} {direction}{nulls}", term.sql)
    };
    options.iter().map(term).collect::<Vec<_>>().join(", ")
}
