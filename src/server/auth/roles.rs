//! Which scopes a role brings with it (contract §6), apart from those that a key was given. What a key of a project can hold,
//! the catalog says that the server was started with.

use crate::scope::{Catalog, Tier};

/// What a request is allowed by being who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A guest.
    Guest,
    /// A signed-in person outside of any project.
    User,
    /// A signed-in person in a project of the organization that the person belongs to.
    Owner,
    /// An API key of a project.
    Application,
    /// An API key of the organization.
    Organization,
    /// A page with a widget token.
    Widget,
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
    "organization.keys.read",
    "organization.keys.write",
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
/// Scopes that open the routes of this server to the owner of a project, even if the catalog does not have them.
const OWNER: &[&str] = &["keys.read", "keys.write", "devKeys.read", "devKeys.write", "project.read", "project.write", "health.read"];
/// Scopes with which no key of a project opens a route of this server. A custom catalog may use such a name for its own purpose: then keys
/// can hold it, and other services can ask about it, but it opens nothing here.
const BEYOND_PROJECTS: &[&str] = &["account", "projects.read", "projects.write", "devKeys.read", "devKeys.write"];
/// Scopes that every API key of a project has in addition to its own (contract §0.5). A key of the organization has only its own (§2).
const APPLICATION: &[&str] = &["global", "health.read", "graphql"];

impl Role {
    /// What the contract calls it in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::User => "users",
            Self::Owner => "owner",
            Self::Application | Self::Organization => "applications",
            Self::Widget => "widgets",
        }
    }

    /// Whether the role itself brings the scope. An owner has every scope that the catalog gives to projects.
    pub fn brings(self, catalog: &Catalog, scope: &str) -> bool {
        match self {
            Self::Guest => GUEST.contains(&scope),
            Self::User => USER.contains(&scope),
            Self::Owner => USER.contains(&scope) || OWNER.contains(&scope) || is_of(Tier::Project, catalog, scope),
            Self::Application => APPLICATION.contains(&scope),
            Self::Organization => false,
            Self::Widget => scope == "public",
        }
    }
}

/// Whether the catalog has the scope, and lets keys of this tier hold it.
fn is_of(tier: Tier, catalog: &Catalog, scope: &str) -> bool {
    catalog.scope(scope).is_some_and(|scope| scope.tiers.contains(&tier))
}

/// Whether an API key of this tier can hold one of these scopes, or has it anyway.
pub fn can_a_key_hold(tier: Tier, catalog: &Catalog, scopes: &[&str]) -> bool {
    scopes.iter().any(|scope| tier == Tier::Project && APPLICATION.contains(scope) || is_of(tier, catalog, scope))
}

/// Whether an API key of this tier can open a route of this server that needs one of these scopes.
pub fn can_a_key_open(tier: Tier, catalog: &Catalog, scopes: &[&str]) -> bool {
    let is_beyond = |scope: &str| tier == Tier::Project && BEYOND_PROJECTS.contains(&scope);
    scopes.iter().any(|scope| !is_beyond(scope) && can_a_key_hold(tier, catalog, &[scope]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appwrite(role: Role, scope: &str) -> bool {
        role.brings(Catalog::appwrite(), scope)
    }

    #[test]
    fn a_key_has_what_the_contract_says_and_not_what_guests_have() {
        assert!(["global", "health.read", "graphql"].iter().all(|scope| appwrite(Role::Application, scope)));
        assert!(!appwrite(Role::Application, "public") && appwrite(Role::Guest, "public"));
    }

    #[test]
    fn an_owner_manages_keys_and_a_user_does_not() {
        assert!(appwrite(Role::Owner, "keys.write") && appwrite(Role::Owner, "devKeys.write"));
        assert!(!appwrite(Role::User, "keys.read") && !appwrite(Role::Guest, "account"));
    }

    #[test]
    fn no_key_can_hold_the_scopes_of_a_person() {
        let holds = |scope| can_a_key_hold(Tier::Project, Catalog::appwrite(), &[scope]);
        assert!(holds("keys.read") && holds("health.read"));
        assert!(!holds("account") && !holds("devKeys.read"));
    }

    #[test]
    fn a_key_of_the_organization_has_its_own_scopes_and_nothing_else() {
        let holds = |scope| can_a_key_hold(Tier::Organization, Catalog::appwrite(), &[scope]);
        assert!(holds("keys.read") && holds("projects.write") && holds("organization.keys.read"));
        assert!(["global", "health.read", "graphql", "rows.read", "account"].iter().all(|scope| !holds(scope)));
        assert!(["global", "health.read", "public", "keys.read"].iter().all(|scope| !appwrite(Role::Organization, scope)));
        assert!(appwrite(Role::User, "organization.keys.write"));
    }

    #[test]
    fn a_catalog_of_ones_own_says_what_keys_hold_and_never_lets_them_be_people() {
        let scope = |id| format!(r#"{{"id":"{id}","service":"s","description":"","tiers":["project"],"editions":["e"]}}"#);
        let text = format!(
            r#"{{"id":"own","name":"Own","version":"1","maxScopes":9,"editions":[{{"id":"e","name":"E"}}],"services":[{{"id":"s","name":"S"}}],
            "scopes":[{},{}],"operations":[]}}"#,
            scope("ships.read"),
            scope("account")
        );
        let own = Catalog::from_json(&text).unwrap();
        let (hold, open) = (|scope| can_a_key_hold(Tier::Project, &own, &[scope]), |scope| can_a_key_open(Tier::Project, &own, &[scope]));
        assert!(hold("ships.read") && open("ships.read"));
        assert!(!hold("keys.read"), "the catalog does not have it");
        assert!(hold("account") && !open("account"));
        assert!(["ships.read", "keys.write", "devKeys.write", "project.write"].iter().all(|scope| Role::Owner.brings(&own, scope)));
        assert!(!Role::Owner.brings(&own, "users.read") && !Role::User.brings(&own, "ships.read"));
    }
}
