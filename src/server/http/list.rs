//! Owns what the lists have in common: `queries`, `total`, and which attributes keys and projects have.

use super::{
    call::Call,
    error::ApiError,
    query::{Cell, Kind, Page, QueryError, Row, Schema, page, parse},
};
use crate::{
    api::ErrorType,
    server::{
        random::bytes,
        store::{DevKeyRecord, KeyRecord, ProjectRecord},
    },
};

/// What keys can be listed by (contract §5).
pub(super) const KEYS: Schema = Schema {
    attributes: &[("expire", Kind::Date), ("accessedAt", Kind::Date), ("name", Kind::Text), ("scopes", Kind::List)],
    takes_select: false,
};
/// What dev keys can be listed by (contract §1.2).
pub(super) const DEV_KEYS: Schema = Schema { attributes: &[("expire", Kind::Date), ("accessedAt", Kind::Date)], takes_select: false };
/// What projects can be listed by (contract §1.6).
pub(super) const PROJECTS: Schema = Schema { attributes: &[("name", Kind::Text), ("teamId", Kind::Text)], takes_select: true };

impl Row for KeyRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: &str) -> Cell<'_> {
        match attribute {
            "expire" => Cell::Date(self.expire),
            "accessedAt" => Cell::Date(self.accessed_at),
            "name" => Cell::Text(&self.name),
            "scopes" => Cell::List(&self.scopes),
            "$id" => Cell::Text(&self.id),
            "$createdAt" => Cell::Date(Some(self.created_at)),
            "$updatedAt" => Cell::Date(Some(self.updated_at)),
            _ => Cell::Number(self.sequence),
        }
    }
}

impl Row for DevKeyRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: &str) -> Cell<'_> {
        match attribute {
            "expire" => Cell::Date(Some(self.expire)),
            "accessedAt" => Cell::Date(self.accessed_at),
            "$id" => Cell::Text(&self.id),
            "$createdAt" => Cell::Date(Some(self.created_at)),
            "$updatedAt" => Cell::Date(Some(self.updated_at)),
            _ => Cell::Number(self.sequence),
        }
    }
}

impl Row for ProjectRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: &str) -> Cell<'_> {
        match attribute {
            "name" => Cell::Text(&self.name),
            "teamId" => Cell::Text(crate::server::models::ORGANIZATION),
            "$id" => Cell::Text(&self.id),
            "$createdAt" => Cell::Date(Some(self.created_at)),
            "$updatedAt" => Cell::Date(Some(self.updated_at)),
            _ => Cell::Number(self.sequence),
        }
    }
}

/// The page of `rows` that the request asks for. Its total is 0 where the request said `total=false`.
pub(super) async fn listed<R: Row>(
    call: &Call,
    schema: &Schema,
    default_limit: usize,
    rows: impl Future<Output = Result<Vec<R>, crate::server::store::StoreError>>,
) -> Result<Page<R>, ApiError> {
    let texts = call.params.maybe_texts("queries")?.unwrap_or_default();
    let with_total = call.params.flag("total", true)?;
    let query = parse(&texts, schema)?;
    let seed = u64::from_be_bytes(bytes(call.app.random.as_ref())?);
    let mut page = page(rows.await?, &query, default_limit, seed)?;
    if !with_total {
        page.total = 0;
    }
    Ok(page)
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
