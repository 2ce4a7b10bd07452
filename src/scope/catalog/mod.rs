//! Which services, scopes, operations and editions exist, as data.

mod index;
pub(super) mod name;
pub(super) mod nearest;
mod parse;
pub(super) mod recognize;
mod route;
mod table;

use alloc::{boxed::Box, string::String, vec::Vec};

use once_cell::race::OnceBox;
use serde::{Deserialize, Serialize};

pub(super) use index::squashed;
pub use name::{MAX_LENGTH as MAX_SCOPE_NAME_LENGTH, ScopeName, ScopeNameError};
pub use nearest::nearest_word;
pub use parse::CatalogError;

use super::json::encode::{members, words};

/// Services, scopes, operations and editions of one product.
///
/// The Appwrite catalog is built in; [`Catalog::from_json`] loads another. Serialized, it is what `from_json` reads.
///
/// ```
/// use scopewise::scope::Catalog;
/// let catalog = Catalog::appwrite();
/// let scope = catalog.scope("execution.read").unwrap();
/// assert_eq!(scope.successor.as_ref().unwrap().as_str(), "executions.read");
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// A short id, such as `appwrite`.
    pub id: String,
    /// The product's name.
    pub name: String,
    /// The product's version that the data was read from.
    pub version: String,
    /// How many scopes a key may have at the most (contract §1.1: 200).
    pub max_scopes: usize,
    /// From the oldest to the newest.
    pub editions: Vec<Edition>,
    /// In the order in which they are shown.
    pub services: Vec<Service>,
    scopes: Vec<Scope>,
    #[serde(rename = "operations", serialize_with = "index::Index::write")]
    index: index::Index,
}

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

impl Catalog {
    /// The built-in catalog: every scope and operation of Appwrite, read at the first call.
    pub fn appwrite() -> &'static Self {
        static CATALOG: OnceBox<Catalog> = OnceBox::new();
        CATALOG.get_or_init(|| Box::new(table::catalog()))
    }

    /// All scopes, in the order in which they are shown.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// All operations.
    pub fn operations(&self) -> &[Operation] {
        self.index.operations()
    }

    /// The scope of that name; `None` when the catalog does not know it.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.get(self.scope_index(name)?)
    }

    /// The service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The edition with this id, and its place in history (0 is the oldest).
    pub fn edition(&self, id: &str) -> Option<(usize, &Edition)> {
        self.editions.iter().enumerate().find(|(_, edition)| edition.id == id)
    }

    /// The edition that counts where nobody names one: the newest of a server that people run themselves, or the newest of all
    /// where the catalog has none of those.
    pub fn server_edition(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.self_hosted).or_else(|| self.editions.last())
    }

    /// The scopes that a key of this tier can hold in this edition, in catalog order.
    pub fn grantable<'a>(&'a self, tier: Tier, edition: &'a str) -> impl Iterator<Item = &'a Scope> {
        self.scopes.iter().filter(move |scope| scope.tiers.contains(&tier) && scope.editions.iter().any(|e| e == edition))
    }
}
