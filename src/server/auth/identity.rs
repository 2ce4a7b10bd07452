//! Owns who a request comes from.

use super::{Role, can_a_key_hold};
use crate::server::store::{AccountRecord, KeyRecord, SessionRecord};

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
}

impl Identity {
    /// The role that the contract gives it.
    pub fn role(&self) -> Role {
        match self {
            Self::Guest => Role::Guest,
            Self::Console { in_project: true, .. } => Role::Owner,
            Self::Console { .. } => Role::User,
            Self::Key(_) => Role::Application,
        }
    }

    /// Whether it may do what this scope opens. On a key, a scope of an organization or of a person counts for nothing, however
    /// it came there: it would reach beyond the project.
    pub fn holds(&self, scope: &str) -> bool {
        let granted = match self {
            Self::Key(key) => can_a_key_hold(&[scope]) && key.scopes.iter().any(|granted| granted == scope),
            Self::Guest | Self::Console { .. } => false,
        };
        granted || self.role().brings(scope)
    }

    /// How messages name it (contract §2, step 4f).
    pub fn name(&self, host: &str) -> String {
        match self {
            Self::Guest => "User".to_owned(),
            Self::Console { account, .. } => account.email.clone(),
            Self::Key(key) => format!("app.{}@service.{host}", key.project_id),
        }
    }
}
