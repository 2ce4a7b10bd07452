//! Owns which scopes a role brings with it (contract §6), apart from those that a key was given.

use std::sync::OnceLock;

use crate::scope::{Catalog, Tier};

/// What a request is allowed by being who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nobody in particular.
    Guest,
    /// A signed-in person outside of any project.
    User,
    /// A signed-in person in a project of the organization that the person belongs to.
    Owner,
    /// An API key.
    Application,
}

const GUEST: &[&str] = &[
    "global",
    "public",
    "home",
    "console",
    "graphql",
    "sessions.write",
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "embeddings.write",
    "files.read",
    "files.write",
    "locale.read",
    "avatars.read",
    "executions.write",
];
const USER: &[&str] = &[
    "global",
    "public",
    "home",
    "console",
    "graphql",
    "sessions.write",
    "account",
    "teams.read",
    "teams.write",
    "presences.read",
    "presences.write",
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "embeddings.write",
    "files.read",
    "files.write",
    "projects.read",
    "projects.write",
    "locale.read",
    "avatars.read",
    "executions.read",
    "executions.write",
    "targets.read",
    "targets.write",
    "subscribers.read",
    "subscribers.write",
    "assistant.read",
    "rules.read",
];
/// What every API key can do besides its own scopes (contract §0.5).
const APPLICATION: &[&str] = &["global", "health.read", "graphql"];

impl Role {
    /// What the contract calls it in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::User => "users",
            Self::Owner => "owner",
            Self::Application => "applications",
        }
    }

    /// Whether the role itself brings the scope.
    pub fn brings(self, scope: &str) -> bool {
        match self {
            Self::Guest => GUEST.contains(&scope),
            Self::User => USER.contains(&scope),
            Self::Owner => USER.contains(&scope) || owner_scopes().contains(&scope),
            Self::Application => APPLICATION.contains(&scope),
        }
    }
}

/// Every scope of a project, and the one for dev keys, which no API key can hold.
fn owner_scopes() -> &'static [&'static str] {
    static SCOPES: OnceLock<Vec<&'static str>> = OnceLock::new();
    SCOPES.get_or_init(|| {
        let project = Catalog::appwrite().scopes().iter().filter(|scope| scope.tiers.contains(&Tier::Project));
        project.map(|scope| scope.id.as_str()).chain(["devKeys.read", "devKeys.write"]).collect()
    })
}

/// Whether an API key of a project can hold one of these scopes, or has it anyway.
pub fn can_a_key_hold(scopes: &[&str]) -> bool {
    let catalog = Catalog::appwrite();
    let grantable = |name: &str| catalog.scope(name).is_some_and(|scope| scope.tiers.contains(&Tier::Project));
    scopes.iter().any(|scope| APPLICATION.contains(scope) || grantable(scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_what_the_contract_says_and_not_what_guests_have() {
        assert!(["global", "health.read", "graphql"].iter().all(|scope| Role::Application.brings(scope)));
        assert!(!Role::Application.brings("public") && Role::Guest.brings("public"));
    }

    #[test]
    fn an_owner_manages_keys_and_a_user_does_not() {
        assert!(Role::Owner.brings("keys.write") && Role::Owner.brings("devKeys.write"));
        assert!(!Role::User.brings("keys.read") && !Role::Guest.brings("account"));
    }

    #[test]
    fn no_key_can_hold_the_scopes_of_a_person() {
        assert!(can_a_key_hold(&["keys.read"]) && can_a_key_hold(&["health.read"]));
        assert!(!can_a_key_hold(&["account"]) && !can_a_key_hold(&["devKeys.read"]));
    }
}
