//! Columns that hold more than plain text, and values to bind.

use std::{error::Error, str::FromStr};

use tokio_postgres::{
    Row,
    types::{FromSql, ToSql, Type},
};

use crate::server::store::listing::Value;

/// A text column with a parsed type. A value that does not parse is an error and not a default, which might allow more.
pub(super) struct Parsed<T>(pub T);

/// The value of such a column.
pub(super) fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(row: &Row, column: &str) -> Result<T, tokio_postgres::Error> {
    row.try_get::<_, Parsed<T>>(column).map(|Parsed(value)| value)
}

impl<'a, T: FromStr<Err: Error + Send + Sync + 'static>> FromSql<'a> for Parsed<T> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(<&str>::from_sql(kind, raw)?.parse()?))
    }

    fn accepts(kind: &Type) -> bool {
        <&str as FromSql>::accepts(kind)
    }
}

/// A value to bind, with its type.
pub(super) fn typed(value: &Value) -> (&(dyn ToSql + Sync), Type) {
    match value {
        Value::Text(text) => (text, Type::TEXT),
        Value::Integer(number) => (number, Type::INT8),
        Value::Bytes(bytes) => (bytes, Type::BYTEA),
        Value::Texts(texts) => (texts, Type::TEXT_ARRAY),
        Value::Integers(numbers) => (numbers, Type::INT8_ARRAY),
    }
}
