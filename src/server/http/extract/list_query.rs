//! What the lists have in common over HTTP: `queries` and `total`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::arguments::Parameters;
use crate::{
    api::ErrorType,
    server::{
        http::error::ApiError,
        query::{Attribute, Page, PageOptions, ParsedQuery, QueryError, Row, page, parse},
        random::{Random, bytes},
        store::StoreError,
    },
};

// The parameters of a list.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct ListParams {
    /// List queries, each the JSON text that an SDK makes of `Query.limit(10)` and so on
    pub queries: Option<Vec<String>>,
    /// Whether to count all entries; without it, the total is 0
    pub total: Option<bool>,
}

impl Parameters for ListParams {}

/// What the request asks for, and how it is to be answered.
pub(in crate::server::http) fn asked<A: Attribute>(
    random: &dyn Random,
    list: ListParams,
    default_limit: usize,
) -> Result<(ParsedQuery<A>, PageOptions), ApiError> {
    let seed = u64::from_be_bytes(bytes(random)?);
    Ok((parse(&list.queries.unwrap_or_default())?, PageOptions { default_limit, with_total: list.total.unwrap_or(true), seed }))
}

/// The page of `rows` that the request asks for. For lists that are short by nature: all rows are in memory.
pub(in crate::server::http) async fn listed<R: Row + Clone>(
    random: &dyn Random,
    list: ListParams,
    default_limit: usize,
    rows: impl Future<Output = Result<Vec<R>, StoreError>>,
) -> Result<Page<R>, ApiError> {
    let (asked, options) = asked::<R::Attribute>(random, list, default_limit)?;
    let rows = rows.await?;
    let row = asked.cursor().and_then(|id| rows.iter().find(|row| row.id() == id)).cloned();
    Ok(page(rows, &asked.resolve(row, options)?))
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Invalid(problem) => Self::invalid("queries", problem),
            QueryError::CursorMissing(id) => {
                Self::because(ErrorType::CursorNotFound, format!("The cursor names `{id}`, which was not found. Begin without a cursor."))
            }
            QueryError::CursorNull(attribute) => Self::because(
                ErrorType::QueryOrderNull,
                format!(
                    "The entry of the cursor has no `{attribute}`, by which the list is ordered. Order by another attribute, or use offset."
                ),
            ),
        }
    }
}
