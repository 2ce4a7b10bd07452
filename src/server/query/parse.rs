//! Reads queries: each a JSON text `{"method":…,"attribute":…,"values":[…]}`.

use serde::Deserialize;
use serde_json::Value;

use super::{Attribute, CursorId, Kind, Order, ParsedQuery, QueryError, filter::Filter, invalid};

/// How many queries a list takes, and how many characters each, as documented by the makers of the contract.
const MAX_QUERIES: usize = 100;
const MAX_CHARACTERS: usize = 4096;
/// How many values a query takes (contract §5).
pub(super) const MAX_VALUES: usize = 500;
/// How deep `and` and `or` may be nested.
const MAX_DEPTH: usize = 8;
/// The longest id (contract §1.1).
const MAX_ID_BYTES: usize = 36;

/// The attribute of this name.
pub(super) fn attribute<A: Attribute>(wanted: &str) -> Result<(A, Kind), QueryError> {
    match A::ALL.iter().find(|(name, _, _)| *name == wanted) {
        Some((_, attribute, kind)) => Ok((*attribute, *kind)),
        None => {
            let names: Vec<String> = A::ALL.iter().map(|(name, _, _)| format!("`{name}`")).collect();
            invalid(format!("names an attribute that lists do not know; the attributes are {}", names.join(", ")))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Raw {
    pub method: String,
    #[serde(default)]
    pub attribute: Option<String>,
    #[serde(default)]
    pub values: Value,
}

impl Raw {
    /// The values; a single one stands for a list of one.
    pub(super) fn values(&self) -> Result<Vec<Value>, QueryError> {
        let values = match &self.values {
            Value::Null => Vec::new(),
            Value::Array(values) => values.clone(),
            single => vec![single.clone()],
        };
        if values.len() > MAX_VALUES {
            return invalid(format!("has {} values in `{}`, more than {MAX_VALUES}", values.len(), self.method));
        }
        Ok(values)
    }

    fn only_value(&self) -> Result<Value, QueryError> {
        match self.values()?.as_slice() {
            [value] => Ok(value.clone()),
            _ => invalid(format!("must have exactly one value in `{}`", self.method)),
        }
    }

    fn count(&self, least: u64) -> Result<usize, QueryError> {
        let value = self.only_value()?;
        let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        match number.filter(|number| *number >= least) {
            Some(number) => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
            None => invalid(format!("must have a whole number of at least {least} in `{}`", self.method)),
        }
    }

    pub(super) fn attribute(&self) -> Result<&str, QueryError> {
        match self.attribute.as_deref() {
            Some(attribute) if !attribute.is_empty() => Ok(attribute),
            _ => invalid(format!("must name an attribute in `{}`", self.method)),
        }
    }
}

/// Reads all queries of a list. Of several limits, offsets or cursors the first one counts.
///
/// # Errors
/// [`QueryError::Invalid`] for what is no query, or none of such a list.
pub fn parse<A: Attribute>(texts: &[String]) -> Result<ParsedQuery<A>, QueryError> {
    if texts.len() > MAX_QUERIES {
        return invalid(format!("has {} queries, more than {MAX_QUERIES}", texts.len()));
    }
    let mut query = ParsedQuery { filters: Vec::new(), order: Vec::new(), limit: None, offset: 0, cursor: None };
    let mut offset = None;
    for text in texts {
        if text.chars().nth(MAX_CHARACTERS).is_some() {
            return invalid(format!("has a query of more than {MAX_CHARACTERS} characters"));
        }
        let Ok(raw) = serde_json::from_str::<Raw>(text) else {
            return invalid("has a query that is not an object of JSON with `method`, `attribute` and `values`");
        };
        match raw.method.as_str() {
            "limit" => query.limit = query.limit.or(Some(raw.count(1)?)),
            "offset" => offset = offset.or(Some(raw.count(0)?)),
            "cursorAfter" | "cursorBefore" => {
                let cursor = CursorId { id: cursor_id(&raw)?, before: raw.method == "cursorBefore" };
                query.cursor = query.cursor.or(Some(cursor));
            }
            "orderAsc" | "orderDesc" => {
                // Without an attribute, the order is that of creation.
                let attribute = raw.attribute.as_deref().filter(|attribute| !attribute.is_empty()).unwrap_or("$sequence");
                let (attribute, _) = self::attribute(attribute)?;
                query.order.push(Order::By { attribute, descending: raw.method == "orderDesc" });
            }
            "orderRandom" => query.order.push(Order::Random),
            "select" if A::TAKES_SELECT => {}
            _ => query.filters.push(filter(&raw, MAX_DEPTH)?),
        }
    }
    query.offset = offset.unwrap_or(0);
    Ok(query)
}

fn cursor_id(raw: &Raw) -> Result<String, QueryError> {
    let value = raw.only_value()?;
    let good =
        |id: &&str| !id.is_empty() && id.len() <= MAX_ID_BYTES && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    match value.as_str().filter(good) {
        Some(id) => Ok(id.to_owned()),
        None => invalid(format!("must have the id of an entry in `{}`", raw.method)),
    }
}

fn filter<A: Attribute>(raw: &Raw, depth: usize) -> Result<Filter<A>, QueryError> {
    let (and, or) = (raw.method == "and", raw.method == "or");
    if !and && !or {
        return Filter::read(raw);
    }
    let values = raw.values()?;
    if values.len() < 2 {
        return invalid(format!("must have at least two queries in `{}`", raw.method));
    }
    if depth == 0 {
        return invalid("is nested too deep");
    }
    let inner = values.into_iter().map(|value| match serde_json::from_value::<Raw>(value) {
        Ok(raw) => filter(&raw, depth - 1),
        Err(_) => invalid("has something in `and` or `or` that is not a query"),
    });
    let inner = inner.collect::<Result<_, _>>()?;
    Ok(if and { Filter::And(inner) } else { Filter::Or(inner) })
}
