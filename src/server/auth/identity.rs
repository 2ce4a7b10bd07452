//! Owns who a request comes from.

use super::{EphemeralKey, Role, can_a_key_hold};
use crate::{
    key::Grantor,
    server::store::{AccountRecord, Actor, ActorKind, KeyRecord, SessionRecord},
};

/// Who a request comes from.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Nobody in particular.
    Guest,
    /// A person who signed in to the console.
    Console {
        /// The person.
        account: Box<AccountRecord>,
        /// The session of this request.
        session: Box<SessionRecord>,
        /// Whether the request is about a project, where the person is an owner.
        in_project: bool,
    },
    /// A standard API key of the request's project.
    Key(Box<KeyRecord>),
    /// An ephemeral API key of the request's project.
    Ephemeral(Box<EphemeralKey>),
}

impl Identity {
    /// The role that the contract gives it.
    pub fn role(&self) -> Role {
        match self {
            Self::Guest => Role::Guest,
            Self::Console { in_project: true, .. } => Role::Owner,
            Self::Console { .. } => Role::User,
            Self::Key(_) | Self::Ephemeral(_) => Role::Application,
        }
    }

    /// Whether it may do what this scope opens. On a key, a scope of an organization or of a person counts for nothing, however
    /// it came there: it would reach beyond the project.
    pub fn holds(&self, scope: &str) -> bool {
        let granted = self.grantor().is_some_and(|key| key.scopes.iter().any(|granted| granted == scope));
        granted && can_a_key_hold(&[scope]) || self.role().brings(scope)
    }

    /// How messages name it (contract §2, step 4f).
    pub fn name(&self, host: &str) -> String {
        match self {
            Self::Guest => "User".to_owned(),
            Self::Console { account, .. } => account.email.clone(),
            Self::Key(key) => format!("app.{}@service.{host}", key.project_id),
            Self::Ephemeral(key) => format!("app.{}@service.{host}", key.project_id),
        }
    }

    /// The key that acts, for the policy; `None` where no key acts.
    pub fn grantor(&self) -> Option<Grantor<'_>> {
        match self {
            Self::Key(key) => Some(Grantor { scopes: &key.scopes, expire: key.expire }),
            Self::Ephemeral(key) => Some(Grantor { scopes: &key.scopes, expire: Some(key.expire) }),
            Self::Guest | Self::Console { .. } => None,
        }
    }

    /// The project that the acting key belongs to; `None` where no key acts.
    pub fn key_project(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(&key.project_id),
            Self::Ephemeral(key) => Some(&key.project_id),
            Self::Guest | Self::Console { .. } => None,
        }
    }

    /// How the audit log names it.
    pub fn actor(&self) -> Actor {
        let (kind, id, name) = match self {
            Self::Guest => return Actor::only(ActorKind::Guest),
            Self::Console { account, .. } => return account.actor(),
            Self::Key(key) => (ActorKind::Key, &key.id, &key.name),
            Self::Ephemeral(key) => (ActorKind::EphemeralKey, &key.id, &key.made_by),
        };
        Actor { kind, id: id.clone(), name: name.clone() }
    }
}
