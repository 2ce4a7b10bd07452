//! What a catalog lists: editions, services, scopes and operations.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::name::ScopeName;
use crate::scope::json::encode::{members, words};

/// Which scopes exist at one point of the product's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Edition {
    /// A short id, such as `server-1.9`.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// Whether it is that of a server which people run themselves.
    #[serde(default, skip_serializing_if = "is_false")]
    pub self_hosted: bool,
}

/// The group that a scope is shown in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// A short id, such as `databases`.
    pub id: String,
    /// What a person calls it.
    pub name: String,
}

/// What kind of key can hold a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// A key of a project.
    #[default]
    Project,
    /// A key of an organization.
    Organization,
    /// A key of a person's account.
    Account,
    /// No key: the server gives such a scope to its callers by itself.
    Implicit,
}

impl Tier {
    /// Every tier.
    pub const ALL: &[Self] = &[Self::Project, Self::Organization, Self::Account, Self::Implicit];

    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Organization => "organization",
            Self::Account => "account",
            Self::Implicit => "implicit",
        }
    }
}

/// How far a scope's holder can climb beyond what the scope itself opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escalation {
    /// To every scope.
    FullAccess,
    /// To code that runs with scopes of the author's choice.
    RunsCode,
    /// To acting as any user.
    AnyUser,
    /// To the secrets or the standing of other keys.
    Secrets,
    /// To changes of the whole project or organization.
    Broad,
}

impl Escalation {
    /// Every reach, the highest first.
    pub const ALL: &[Self] = &[Self::FullAccess, Self::RunsCode, Self::AnyUser, Self::Secrets, Self::Broad];

    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullAccess => "full-access",
            Self::RunsCode => "runs-code",
            Self::AnyUser => "any-user",
            Self::Secrets => "secrets",
            Self::Broad => "broad",
        }
    }
}

/// Why a scope is sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// How far its holder can climb.
    pub reach: Escalation,
    /// Why, in one sentence.
    pub reason: String,
    /// The way up, step by step.
    pub path: Vec<String>,
}

/// One scope of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scope {
    /// Its name, such as `rows.read`.
    pub id: ScopeName,
    /// The [`Service::id`] that it is shown in.
    pub service: String,
    /// What it opens, in one line.
    pub description: String,
    /// Which kinds of key can hold it.
    pub tiers: Vec<Tier>,
    /// The [`Edition::id`]s that know it.
    pub editions: Vec<String>,
    /// Still accepted, but not to be granted any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Every key holds it, whether it is granted or not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub implied: bool,
    /// What to grant in place of a deprecated scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<ScopeName>,
    /// Set where the scope climbs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<Sensitivity>,
}

/// One SDK method and its HTTP route. Any one of its scopes opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Operation {
    /// Namespace and method, such as `tablesDB.listRows`. Two entries can share one id (`presences.update`).
    pub id: String,
    /// The HTTP method, upper case.
    pub method: String,
    /// The path with `:name` for each parameter, such as `/v1/tablesdb/:databaseId/tables`.
    pub path: String,
    /// The scopes of which any one is enough.
    pub scopes: Vec<ScopeName>,
    /// Who may call it: `admin`, `key`, `session`, `jwt`, `organization`. Empty where everybody may.
    #[serde(default)]
    pub callers: Vec<String>,
    /// The version that deprecated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// The operation to call in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

words!(Tier, Escalation, ScopeName);
members!(Edition: "id": id, "name": name, "selfHosted"? self_hosted);
members!(Service: "id": id, "name": name);
members!(Sensitivity: "reach": reach, "reason": reason, "path": path);
members!(Scope: "id": id, "service": service, "description": description, "tiers": tiers, "editions": editions, "deprecated"? deprecated,
    "implied"? implied, "successor"? successor, "sensitive"? sensitive);
members!(Operation: "id": id, "method": method, "path": path, "scopes": scopes, "callers": callers, "deprecated"? deprecated,
    "successor"? successor);

fn is_false(value: &bool) -> bool {
    !*value
}
