//! Filters: which rows a query picks. Texts are equal only where they are the same; parts of texts are found in any case.

use serde_json::Value;

use super::{
    Attribute, Cell, Kind, QueryError, Row, folded, invalid,
    parse::{self, Raw},
    with_plus,
};
use crate::scope::{DateTime, ScopeName};

/// What a row must fulfil.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::server) enum Filter<A> {
    And(Vec<Filter<A>>),
    Or(Vec<Filter<A>>),
    /// The operands are of the kind that the attribute is.
    Test {
        attribute: A,
        test: Test,
    },
    /// `exists` of attributes that every row has.
    Always(bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::server) enum Test {
    AnyOf(Vec<Operand>),
    NotEqual(Operand),
    Less(Operand),
    LessEqual(Operand),
    Greater(Operand),
    GreaterEqual(Operand),
    Between {
        low: Operand,
        high: Operand,
        negated: bool,
    },
    Null(bool),
    /// A list has an entry with this part; lower case.
    AnyHasPart(String),
    /// A text has one of these parts, or a list one of these entries; lower case for texts.
    Contains {
        parts: Vec<String>,
        negated: bool,
    },
    ContainsAll(Vec<String>),
    StartsWith {
        part: String,
        negated: bool,
    },
    EndsWith {
        part: String,
        negated: bool,
    },
    /// Every word stands somewhere in the text.
    Search {
        words: Vec<String>,
        negated: bool,
    },
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) enum Operand {
    Text(String),
    Date(DateTime),
    Number(i64),
}

impl<A: Attribute> Filter<A> {
    pub(super) fn read(raw: &Raw) -> Result<Self, QueryError> {
        let method = raw.method.as_str();
        if matches!(method, "exists" | "notExists") {
            return exists(raw);
        }
        if !METHODS.contains(&method) {
            return invalid(format!("has a query method that lists do not take; the filters are {}", METHODS.join(", ")));
        }
        let name = raw.attribute()?;
        let (attribute, kind) = parse::attribute(name)?;
        Ok(Self::Test { attribute, test: test(raw, name, kind)? })
    }

    pub(super) fn picks<R: Row<Attribute = A>>(&self, row: &R) -> bool {
        match self {
            Self::And(filters) => filters.iter().all(|filter| filter.picks(row)),
            Self::Or(filters) => filters.iter().any(|filter| filter.picks(row)),
            Self::Always(answer) => *answer,
            Self::Test { attribute, test } => test.fits(row.cell(*attribute)),
        }
    }
}

const METHODS: &[&str] = &[
    "equal",
    "notEqual",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "between",
    "notBetween",
    "isNull",
    "isNotNull",
    "contains",
    "containsAny",
    "containsAll",
    "notContains",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "search",
    "notSearch",
    "exists",
    "notExists",
    "and",
    "or",
];

fn exists<A: Attribute>(raw: &Raw) -> Result<Filter<A>, QueryError> {
    let named = raw.attribute.iter().filter(|attribute| !attribute.is_empty()).cloned();
    let values = raw.values()?;
    for attribute in named.chain(values.iter().filter_map(|value| value.as_str().map(str::to_owned))) {
        parse::attribute::<A>(&attribute)?;
    }
    Ok(Filter::Always(raw.method == "exists"))
}

fn test(raw: &Raw, attribute: &str, kind: Kind) -> Result<Test, QueryError> {
    let method = raw.method.as_str();
    let on_list = matches!(method, "contains" | "containsAny" | "containsAll" | "notContains" | "isNull" | "isNotNull");
    if kind == Kind::List && !on_list {
        return invalid(format!("cannot use `{method}` on `{attribute}`, which is a list; use `contains`"));
    }
    let on_text = matches!(method, "startsWith" | "notStartsWith" | "endsWith" | "notEndsWith" | "search" | "notSearch");
    if kind != Kind::Text && (on_text || method.to_ascii_lowercase().contains("contains") && kind != Kind::List) {
        return invalid(format!("cannot use `{method}` on `{attribute}`, which is not a text"));
    }
    let values = raw.values()?;
    let one = || match values.as_slice() {
        [value] => operand(value, attribute, kind),
        _ => invalid(format!("must have exactly one value in `{method}`")),
    };
    let texts = |lower: bool| -> Result<Vec<String>, QueryError> {
        let texts = values.iter().map(|value| value.as_str().map(|text| if lower { folded(text) } else { text.to_owned() }));
        match texts.collect::<Option<Vec<_>>>() {
            Some(texts) if !texts.is_empty() => Ok(texts),
            _ => invalid(format!("must have texts as values in `{method}`")),
        }
    };
    let part = || texts(true).map(|texts| texts.into_iter().next().unwrap_or_default());
    let words = || part().map(|text| text.split_whitespace().map(str::to_owned).collect());
    Ok(match method {
        "equal" if values.is_empty() => return invalid("must have a value in `equal`"),
        "equal" => Test::AnyOf(values.iter().map(|value| operand(value, attribute, kind)).collect::<Result<_, _>>()?),
        "notEqual" => Test::NotEqual(one()?),
        "lessThan" => Test::Less(one()?),
        "lessThanEqual" => Test::LessEqual(one()?),
        "greaterThan" => Test::Greater(one()?),
        "greaterThanEqual" => Test::GreaterEqual(one()?),
        "between" | "notBetween" => match values.as_slice() {
            [low, high] => Test::Between {
                low: operand(low, attribute, kind)?,
                high: operand(high, attribute, kind)?,
                negated: method == "notBetween",
            },
            _ => return invalid(format!("must have exactly two values in `{method}`")),
        },
        "isNull" | "isNotNull" => Test::Null(method == "isNull"),
        "containsAll" => Test::ContainsAll(texts(kind == Kind::Text)?),
        "contains" | "containsAny" | "notContains" => {
            Test::Contains { parts: texts(kind == Kind::Text)?, negated: method == "notContains" }
        }
        "startsWith" | "notStartsWith" => Test::StartsWith { part: part()?, negated: method == "notStartsWith" },
        "endsWith" | "notEndsWith" => Test::EndsWith { part: part()?, negated: method == "notEndsWith" },
        _ => Test::Search { words: words()?, negated: method == "notSearch" },
    })
}

fn operand(value: &Value, attribute: &str, kind: Kind) -> Result<Operand, QueryError> {
    let read = match kind {
        Kind::Text | Kind::List => value.as_str().map(|text| Operand::Text(text.to_owned())),
        Kind::Date => value.as_str().and_then(|text| with_plus(text).parse().ok()).map(Operand::Date),
        Kind::Number => value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).map(Operand::Number),
    };
    let wanted = match kind {
        Kind::Text | Kind::List => "a text",
        Kind::Date => "a date and time such as `2030-12-31T23:59:59.000+00:00`",
        Kind::Number => "a whole number",
    };
    read.map_or_else(|| invalid(format!("compares `{attribute}` with something that is not {wanted}")), Ok)
}

impl Test {
    fn fits(&self, cell: Cell<'_>) -> bool {
        let value = match cell {
            Cell::Text(text) => Some(Operand::Text(text.to_owned())),
            Cell::Date(date) => date.map(Operand::Date),
            Cell::Number(number) => Some(Operand::Number(number)),
            Cell::List(list) => return self.fits_list(list),
        };
        if let Self::Null(wanted) = self {
            return value.is_none() == *wanted;
        }
        // As in SQL, nothing is equal to nothing, and nothing differs from it.
        let Some(value) = value else { return false };
        let text = match &value {
            Operand::Text(text) => folded(text),
            Operand::Date(_) | Operand::Number(_) => String::new(),
        };
        match self {
            Self::AnyOf(values) => values.contains(&value),
            Self::NotEqual(other) => value != *other,
            Self::Less(other) => value < *other,
            Self::LessEqual(other) => value <= *other,
            Self::Greater(other) => value > *other,
            Self::GreaterEqual(other) => value >= *other,
            Self::Between { low, high, negated } => (*low <= value && value <= *high) != *negated,
            Self::Contains { parts, negated } => parts.iter().any(|part| text.contains(part.as_str())) != *negated,
            Self::ContainsAll(parts) => parts.iter().all(|part| text.contains(part.as_str())),
            Self::StartsWith { part, negated } => text.starts_with(part.as_str()) != *negated,
            Self::EndsWith { part, negated } => text.ends_with(part.as_str()) != *negated,
            Self::Search { words, negated } => words.iter().all(|word| text.contains(word.as_str())) != *negated,
            Self::Null(_) | Self::AnyHasPart(_) => false,
        }
    }

    fn fits_list(&self, list: &[ScopeName]) -> bool {
        let holds = |part: &String| list.iter().any(|scope| scope == part.as_str());
        match self {
            Self::Contains { parts, negated } => parts.iter().any(holds) != *negated,
            Self::ContainsAll(parts) => parts.iter().all(holds),
            Self::Null(wanted) => !*wanted,
            Self::AnyHasPart(part) => list.iter().any(|scope| folded(scope.as_str()).contains(part.as_str())),
            _ => false,
        }
    }
}
