//! Who a request comes from.

use super::{EphemeralKey, Role, WidgetToken, can_a_key_hold, can_a_key_open};
use crate::{
    key::Grantor,
    scope::{Catalog, ScopeName, Tier},
    server::{
        models::ORGANIZATION,
        store::{AccountRecord, Actor, ActorKind, KeyRecord, SessionRecord},
    },
};

/// Who a request comes from.
#[derive(Clone, Debug)]
pub enum Identity {
    /// A guest.
    Guest,
    /// A person who signed in to the console.
    Console {
        /// The person.
        account: Box<AccountRecord>,
        /// The session of this request.
        session: Box<SessionRecord>,
        /// Whether the request is about a project. The person is its owner then.
        in_project: bool,
    },
    /// A standard API key of the request's project.
    Key(Box<KeyRecord>),
    /// An ephemeral API key of the request's project.
    Ephemeral(Box<EphemeralKey>),
    /// An API key of the organization.
    Organization(Box<KeyRecord>),
    /// A page with a widget token of the request's project.
    Widget(Box<WidgetToken>),
}

impl Identity {
    /// The role that the contract gives it.
    pub fn role(&self) -> Role {
        match self {
            Self::Guest => Role::Guest,
            Self::Console { in_project: true, .. } => Role::Owner,
            Self::Console { .. } => Role::User,
            Self::Key(_) | Self::Ephemeral(_) => Role::Application,
            Self::Organization(_) => Role::Organization,
            Self::Widget(_) => Role::Widget,
        }
    }

    /// What kind of API key acts; `None` where none does.
    pub fn tier(&self) -> Option<Tier> {
        match self {
            Self::Key(_) | Self::Ephemeral(_) => Some(Tier::Project),
            Self::Organization(_) => Some(Tier::Organization),
            Self::Guest | Self::Console { .. } | Self::Widget(_) => None,
        }
    }

    /// Whether it holds this scope, or one that includes it. A scope of a key does not count if the catalog does not have it or does not grant it to keys of this
    /// tier, however it came there: it would reach beyond the project, or its effect would be unknown.
    pub fn holds(&self, catalog: &Catalog, scope: &str) -> bool {
        let granted = self.grantor().is_some_and(|key| key.scopes.iter().any(|granted| catalog.covers(granted.as_str(), scope)));
        granted && self.can_hold(catalog, scope) || self.role().brings(catalog, scope)
    }

    /// Whether it may use a route of this server that needs this scope.
    pub fn opens(&self, catalog: &Catalog, scope: &str) -> bool {
        self.holds(catalog, scope) && self.tier().is_none_or(|tier| can_a_key_open(tier, catalog, &[scope]))
    }

    /// The scopes that a key was given and that count.
    pub fn counting_scopes(&self, catalog: &Catalog) -> Vec<&str> {
        let granted = self.grantor().map(|key| key.scopes).unwrap_or_default();
        granted.iter().map(ScopeName::as_str).filter(|scope| self.can_hold(catalog, scope)).collect()
    }

    fn can_hold(&self, catalog: &Catalog, scope: &str) -> bool {
        self.tier().is_some_and(|tier| can_a_key_hold(tier, catalog, &[scope]))
    }

    /// How messages name it (contract §2, step 4f).
    pub fn name(&self, host: &str) -> String {
        match self {
            Self::Guest => "User".to_owned(),
            Self::Console { account, .. } => account.email.clone(),
            Self::Key(key) => format!("app.{}@service.{host}", key.project_id),
            Self::Ephemeral(key) => format!("app.{}@service.{host}", key.project_id),
            Self::Organization(_) => format!("organization.{ORGANIZATION}@service.{host}"),
            Self::Widget(token) => format!("widget.{}@service.{host}", token.project_id),
        }
    }

    /// The key that acts, for the policy; `None` where no key acts. For a widget token it is the most that its keys may hold.
    pub fn grantor(&self) -> Option<Grantor<'_>> {
        match self {
            Self::Key(key) | Self::Organization(key) => Some(Grantor { scopes: &key.scopes, expire: key.expire }),
            Self::Ephemeral(key) => Some(Grantor { scopes: &key.scopes, expire: Some(key.expire) }),
            Self::Widget(token) => Some(Grantor { scopes: &token.rights.scopes, expire: token.rights.key_expire }),
            Self::Guest | Self::Console { .. } => None,
        }
    }

    /// How the audit log names it.
    pub fn actor(&self) -> Actor {
        let (kind, id, name) = match self {
            Self::Guest => return Actor::only(ActorKind::Guest),
            Self::Console { account, .. } => return account.actor(),
            Self::Key(key) => (ActorKind::Key, &key.id, key.name.as_str()),
            Self::Ephemeral(key) => (ActorKind::EphemeralKey, &key.id, key.made_by.as_str()),
            Self::Organization(key) => (ActorKind::OrganizationKey, &key.id, key.name.as_str()),
            Self::Widget(token) => (ActorKind::WidgetToken, &token.id, token.made_by.as_str()),
        };
        Actor { kind, id: id.clone(), name: name.to_owned() }
    }
}
