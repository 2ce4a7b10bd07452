//! The attributes that lists of keys, dev keys and projects can filter and sort by.

use super::{DevKeyRecord, KeyRecord, ProjectRecord};
use crate::{
    scope::DateTime,
    server::query::{Attribute, Cell, Kind, Query, Row},
};

/// A query for a list of a project's keys.
pub type KeyQuery = Query<KeyRecord>;

/// The attributes of keys that a list can use: those of the contract (§5), and those of the console's table, which have no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as the field of the record")]
pub enum KeyAttribute {
    Expire,
    AccessedAt,
    Name,
    Scopes,
    Id,
    CreatedAt,
    UpdatedAt,
    Sequence,
    Hint,
    /// 1 or 0.
    Enabled,
    ExposedAt,
    /// The expiry in milliseconds, where "never" comes after every date.
    End,
    ScopeCount,
}

/// The attributes of dev keys that a list can use (contract §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as the field of the record")]
pub enum DevKeyAttribute {
    Expire,
    AccessedAt,
    Id,
    CreatedAt,
    UpdatedAt,
    Sequence,
}

/// The attributes of projects that a list can use (contract §1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as the field of the record")]
pub enum ProjectAttribute {
    Name,
    TeamId,
    Id,
    CreatedAt,
    UpdatedAt,
    Sequence,
}

impl Attribute for KeyAttribute {
    const ALL: &'static [(&'static str, Self, Kind)] = &[
        ("expire", Self::Expire, Kind::Date),
        ("accessedAt", Self::AccessedAt, Kind::Date),
        ("name", Self::Name, Kind::Text),
        ("scopes", Self::Scopes, Kind::List),
        ("$id", Self::Id, Kind::Text),
        ("$createdAt", Self::CreatedAt, Kind::Date),
        ("$updatedAt", Self::UpdatedAt, Kind::Date),
        ("$sequence", Self::Sequence, Kind::Number),
    ];
    const TAKES_SELECT: bool = false;
}

impl Attribute for DevKeyAttribute {
    const ALL: &'static [(&'static str, Self, Kind)] = &[
        ("expire", Self::Expire, Kind::Date),
        ("accessedAt", Self::AccessedAt, Kind::Date),
        ("$id", Self::Id, Kind::Text),
        ("$createdAt", Self::CreatedAt, Kind::Date),
        ("$updatedAt", Self::UpdatedAt, Kind::Date),
        ("$sequence", Self::Sequence, Kind::Number),
    ];
    const TAKES_SELECT: bool = false;
}

impl Attribute for ProjectAttribute {
    const ALL: &'static [(&'static str, Self, Kind)] = &[
        ("name", Self::Name, Kind::Text),
        ("teamId", Self::TeamId, Kind::Text),
        ("$id", Self::Id, Kind::Text),
        ("$createdAt", Self::CreatedAt, Kind::Date),
        ("$updatedAt", Self::UpdatedAt, Kind::Date),
        ("$sequence", Self::Sequence, Kind::Number),
    ];
    const TAKES_SELECT: bool = true;
}

impl Row for KeyRecord {
    type Attribute = KeyAttribute;

    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: KeyAttribute) -> Cell<'_> {
        match attribute {
            KeyAttribute::Expire => Cell::Date(self.expire),
            KeyAttribute::AccessedAt => Cell::Date(self.accessed_at),
            KeyAttribute::Name => Cell::Text(self.name.as_str()),
            KeyAttribute::Scopes => Cell::List(&self.scopes),
            KeyAttribute::Id => Cell::Text(&self.id),
            KeyAttribute::CreatedAt => Cell::Date(Some(self.created_at)),
            KeyAttribute::UpdatedAt => Cell::Date(Some(self.updated_at)),
            KeyAttribute::Sequence => Cell::Number(self.sequence),
            KeyAttribute::Hint => Cell::Text(&self.hint),
            KeyAttribute::Enabled => Cell::Number(self.enabled.into()),
            KeyAttribute::ExposedAt => Cell::Date(self.exposed_at),
            KeyAttribute::End => Cell::Number(self.expire.map_or(i64::MAX, DateTime::unix_milliseconds)),
            KeyAttribute::ScopeCount => Cell::Number(i64::try_from(self.scopes.len()).unwrap_or(i64::MAX)),
        }
    }
}

impl Row for DevKeyRecord {
    type Attribute = DevKeyAttribute;

    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: DevKeyAttribute) -> Cell<'_> {
        match attribute {
            DevKeyAttribute::Expire => Cell::Date(Some(self.expire)),
            DevKeyAttribute::AccessedAt => Cell::Date(self.accessed_at),
            DevKeyAttribute::Id => Cell::Text(&self.id),
            DevKeyAttribute::CreatedAt => Cell::Date(Some(self.created_at)),
            DevKeyAttribute::UpdatedAt => Cell::Date(Some(self.updated_at)),
            DevKeyAttribute::Sequence => Cell::Number(self.sequence),
        }
    }
}

impl Row for ProjectRecord {
    type Attribute = ProjectAttribute;

    fn id(&self) -> &str {
        &self.id
    }

    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn cell(&self, attribute: ProjectAttribute) -> Cell<'_> {
        match attribute {
            ProjectAttribute::Name => Cell::Text(self.name.as_str()),
            ProjectAttribute::TeamId => Cell::Text(crate::server::models::ORGANIZATION),
            ProjectAttribute::Id => Cell::Text(&self.id),
            ProjectAttribute::CreatedAt => Cell::Date(Some(self.created_at)),
            ProjectAttribute::UpdatedAt => Cell::Date(Some(self.updated_at)),
            ProjectAttribute::Sequence => Cell::Number(self.sequence),
        }
    }
}
