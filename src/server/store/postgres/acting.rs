//! Who takes turns.

use crate::server::store::{ActorKind, NewAudit};

/// Who makes a change: a person, the organization's keys, or the keys of a project, by its sequence.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Acting {
    Person(String),
    Organization,
    Keys(Option<i64>),
}

impl Acting {
    pub(super) fn of(entry: &NewAudit) -> Self {
        match entry.actor.kind {
            ActorKind::Account => Self::Person(entry.actor.id.clone()),
            ActorKind::OrganizationKey => Self::Organization,
            _ => Self::Keys(entry.project.as_ref().map(|project| project.sequence)),
        }
    }
}
