//! The filters of a list of keys, as SQL conditions.

use super::{Builder, Dialect, Value, column, folded_column, is_nullable, joined};
use crate::server::{
    query::{Filter, Operand, Test, folded},
    store::KeyAttribute,
};

impl<D: Dialect> Builder<D> {
    /// Whether a key matches: true, or false or unknown.
    pub(super) fn filter(&mut self, filter: &Filter<KeyAttribute>) -> String {
        match filter {
            Filter::And(filters) => self.all(filters, "AND"),
            Filter::Or(filters) => self.all(filters, "OR"),
            Filter::Always(answer) => truth(*answer),
            Filter::Test { attribute: KeyAttribute::Scopes, test } => self.on_list(test),
            Filter::Test { attribute, test } => self.test(*attribute, test),
        }
    }

    fn all(&mut self, filters: &[Filter<KeyAttribute>], word: &str) -> String {
        let parts: Vec<String> = filters.iter().map(|filter| self.filter(filter)).collect();
        joined(&parts, word)
    }

    fn on_list(&mut self, test: &Test) -> String {
        match test {
            Test::Contains { parts, negated } => {
                let held: Vec<String> = parts.iter().filter(|part| holds::<D>(part)).cloned().collect();
                let any = D::lists_any("keys.scopes", held, |value| self.bind(value));
                not(*negated, any)
            }
            Test::ContainsAll(parts) if !parts.iter().all(|part| holds::<D>(part)) => truth(false),
            Test::ContainsAll(parts) => {
                let mark = self.bind(Value::Texts(parts.clone()));
                D::lists_all("keys.scopes", &mark)
            }
            Test::Null(wanted) => truth(!*wanted),
            // A scope has no white space and no control characters.
            Test::AnyHasPart(part) if part.contains(|c: char| c.is_whitespace() || c.is_control()) => truth(false),
            Test::AnyHasPart(part) => D::list_has_part("keys.scopes", part, |value| self.bind(value)),
            _ => truth(false),
        }
    }

    fn test(&mut self, attribute: KeyAttribute, test: &Test) -> String {
        let sql = column::<D>(attribute);
        match test {
            Test::AnyOf(operands) => self.is_one_of(attribute, operands),
            Test::NotEqual(operand) => self.compare(sql, "<>", operand),
            Test::Less(operand) => self.compare(sql, "<", operand),
            Test::LessEqual(operand) => self.compare(sql, "<=", operand),
            Test::Greater(operand) => self.compare(sql, ">", operand),
            Test::GreaterEqual(operand) => self.compare(sql, ">=", operand),
            Test::Between { low, high, negated } => {
                let within = [self.compare(sql, ">=", low), self.compare(sql, "<=", high)];
                not(*negated, joined(&within, "AND"))
            }
            Test::Null(wanted) if is_nullable(attribute) => format!("{sql} IS {}NULL", if *wanted { "" } else { "NOT " }),
            Test::Null(wanted) => truth(!*wanted),
            Test::Contains { parts, negated } => not(*negated, self.any_part(attribute, parts)),
            Test::ContainsAll(parts) => self.all_parts(attribute, parts),
            Test::Search { words, negated } => not(*negated, self.all_parts(attribute, words)),
            Test::StartsWith { part, negated } => not(*negated, self.starts_with(attribute, part)),
            Test::EndsWith { part, negated } => not(*negated, self.ends_with(attribute, part)),
            Test::AnyHasPart(_) => truth(false),
        }
    }

    /// Equal names are also equal in lower case. The extra condition lets the database use an index.
    fn is_one_of(&mut self, attribute: KeyAttribute, operands: &[Operand]) -> String {
        let values = list::<D>(operands);
        let lower = match (&values, attribute) {
            (Value::Texts(names), KeyAttribute::Name) => Some(names.iter().map(|name| folded(name)).collect()),
            _ => None,
        };
        let mut conditions = vec![D::is_one_of(column::<D>(attribute), &self.bind(values))];
        if let (Some(lower), Some(sql)) = (lower, folded_column(attribute)) {
            conditions.push(D::is_one_of(sql, &self.bind(Value::Texts(lower))));
        }
        joined(&conditions, "AND")
    }

    /// Compares a column with an operand of its kind. Texts are compared byte by byte.
    fn compare(&mut self, sql: &str, operator: &str, operand: &Operand) -> String {
        match operand {
            Operand::Date(date) => {
                let mark = self.bind(Value::Integer(date.unix_milliseconds()));
                format!("{sql} {operator} {mark}")
            }
            Operand::Number(number) => {
                let mark = self.bind(Value::Integer(*number));
                format!("{sql} {operator} {mark}")
            }
            Operand::Text(text) => {
                // No stored text equals a text with a zero, or lies between it and the part before its zero.
                let (text, operator) = match text.split_once('\0') {
                    Some((before, _)) if !D::HOLDS_ZERO => match operator {
                        "<" | "<=" => (before, "<="),
                        ">" | ">=" => (before, ">"),
                        _ => return truth(true),
                    },
                    _ => (text.as_str(), operator),
                };
                let mark = self.bind(Value::Text(text.to_owned()));
                format!("{sql} {operator} {mark}")
            }
        }
    }

    /// Every text contains the empty part. No text contains a part that the database cannot store.
    fn any_part(&mut self, attribute: KeyAttribute, parts: &[String]) -> String {
        let Some(sql) = folded_column(attribute) else { return truth(false) };
        let held: Vec<&String> = parts.iter().filter(|part| holds::<D>(part)).collect();
        match held.as_slice() {
            _ if parts.iter().any(String::is_empty) => truth(true),
            [] => truth(false),
            [part] => self.part(sql, part),
            _ => D::has_any_part(sql, &self.bind(Value::Texts(held.into_iter().cloned().collect()))),
        }
    }

    /// Like [`Builder::any_part`].
    fn all_parts(&mut self, attribute: KeyAttribute, parts: &[String]) -> String {
        let Some(sql) = folded_column(attribute) else { return truth(false) };
        let wanted: Vec<&String> = parts.iter().filter(|part| !part.is_empty()).collect();
        match wanted.as_slice() {
            [] => truth(true),
            _ if !wanted.iter().all(|part| holds::<D>(part)) => truth(false),
            [part] => self.part(sql, part),
            _ => D::has_all_parts(sql, &self.bind(Value::Texts(wanted.into_iter().cloned().collect()))),
        }
    }

    fn part(&mut self, sql: &str, part: &str) -> String {
        D::has_part(sql, &self.bind(Value::Text(part.to_owned())))
    }

    /// Uses a range, so the database can use an index.
    fn starts_with(&mut self, attribute: KeyAttribute, part: &str) -> String {
        let Some(sql) = folded_column(attribute) else { return truth(false) };
        if part.is_empty() || !holds::<D>(part) {
            return truth(part.is_empty());
        }
        let from = self.bind(Value::Text(part.to_owned()));
        match behind(part) {
            Some(end) => {
                let end = self.bind(Value::Text(end));
                format!("({sql} >= {from} AND {sql} < {end})")
            }
            None => format!("{sql} >= {from}"),
        }
    }

    fn ends_with(&mut self, attribute: KeyAttribute, part: &str) -> String {
        let Some(sql) = folded_column(attribute) else { return truth(false) };
        if part.is_empty() || !holds::<D>(part) {
            return truth(part.is_empty());
        }
        D::ends_with(sql, part, |value| self.bind(value))
    }
}

fn truth(answer: bool) -> String {
    (if answer { "TRUE" } else { "FALSE" }).to_owned()
}

fn not(negated: bool, condition: String) -> String {
    if negated { format!("NOT ({condition})") } else { condition }
}

/// Whether the database can store this text.
fn holds<D: Dialect>(text: &str) -> bool {
    D::HOLDS_ZERO || !text.contains('\0')
}

/// Operands of the same kind.
fn list<D: Dialect>(operands: &[Operand]) -> Value {
    let (mut texts, mut integers) = (Vec::new(), Vec::new());
    for operand in operands {
        match operand {
            Operand::Text(text) if holds::<D>(text) => texts.push(text.clone()),
            Operand::Text(_) => {}
            Operand::Date(date) => integers.push(date.unix_milliseconds()),
            Operand::Number(number) => integers.push(*number),
        }
    }
    if matches!(operands.first(), Some(Operand::Text(_))) { Value::Texts(texts) } else { Value::Integers(integers) }
}

/// The first text, byte by byte, after all texts that begin with `part`; `None` if there is no text after them.
fn behind(part: &str) -> Option<String> {
    let last = part.chars().next_back()?;
    let before = &part.strip_suffix(last)?;
    // Surrogates are not characters.
    match char::from_u32(u32::from(last) + 1).or(if last == '\u{d7ff}' { Some('\u{e000}') } else { None }) {
        Some(next) => Some(format!("{before}{next}")),
        None => behind(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_range_ends_at_the_next_character() {
        for (part, end) in [
            ("a", Some("b")),
            ("az", Some("a{")),
            ("\u{7f}", Some("\u{80}")),
            ("é", Some("ê")),
            ("a\u{d7ff}", Some("a\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}", None),
            ("", None),
        ] {
            assert_eq!(behind(part).as_deref(), end, "{part:?}");
        }
    }
}
