//! What the lists have in common over HTTP: `queries` and `total`.

use super::context::RequestContext;
use crate::{
    api::ErrorType,
    server::{
        http::error::ApiError,
        query::{Attribute, Page, PageOptions, ParsedQuery, QueryError, Row, page, parse},
        random::bytes,
        store::StoreError,
    },
};

/// What the request asks for, and how it is to be answered.
pub(in crate::server::http) fn asked<A: Attribute>(
    context: &RequestContext,
    default_limit: usize,
) -> Result<(ParsedQuery<A>, PageOptions), ApiError> {
    let texts = context.params.maybe_texts("queries")?.unwrap_or_default();
    let with_total = context.params.flag("total", true)?;
    let seed = u64::from_be_bytes(bytes(context.app.random.as_ref())?);
    Ok((parse(&texts)?, PageOptions { default_limit, with_total, seed }))
}

/// The page of `rows` that the request asks for. For lists that are short by nature: all rows are in memory.
pub(in crate::server::http) async fn listed<R: Row + Clone>(
    context: &RequestContext,
    default_limit: usize,
    rows: impl Future<Output = Result<Vec<R>, StoreError>>,
) -> Result<Page<R>, ApiError> {
    let (asked, options) = asked::<R::Attribute>(context, default_limit)?;
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
