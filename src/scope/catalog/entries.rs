//! What a catalog lists: editions, services, scopes and operations.

use alloc::{string::String, vec::Vec};

use super::{alternative::Alternative, name::ScopeName};
use crate::scope::json::{
    decode::{Decode, ObjectDecoder},
    encode::{Blank, Encode, Encoder},
    wire::{object, words},
};

object! {
    /// Which scopes exist at one point of the product's history.
    #[serde(deny_unknown_fields)]
    pub struct Edition {
        /// A short id, such as `server-1.9`.
        pub id "id": String,
        /// What a person calls it.
        pub name "name": String,
        /// Whether it is that of a server which people run themselves.
        pub self_hosted "selfHosted"? bool,
    }
}

object! {
    /// The group that a scope is shown in.
    #[serde(deny_unknown_fields)]
    pub struct Service {
        /// A short id, such as `databases`.
        pub id "id": String,
        /// What a person calls it.
        pub name "name": String,
    }
}

words! {
    /// What kind of key can hold a scope.
    #[derive(Default)]
    pub enum Tier {
        /// A key of a project.
        #[default]
        Project "project",
        /// A key of an organization.
        Organization "organization",
        /// A key of a person's account.
        Account "account",
        /// No key: the server itself gives such a scope to its callers.
        Implicit "implicit",
    }
}

words! {
    /// How much more access a scope's holder can gain than the scope itself gives.
    pub enum Escalation {
        /// To every scope.
        FullAccess "full-access",
        /// To code that runs with scopes of the author's choice.
        RunsCode "runs-code",
        /// To acting as any user.
        AnyUser "any-user",
        /// To the secrets or the standing of other keys.
        Secrets "secrets",
        /// To changes of the whole project or organization.
        Broad "broad",
    }
}

words! {
    /// To whom an operation is open that needs no scope.
    pub enum Open {
        /// To anyone, without a key.
        Public "public",
        /// To every valid key.
        AnyKey "any-key",
    }
}

words! {
    /// Whether a slash at the end of a path counts.
    #[derive(Default)]
    pub enum TrailingSlash {
        /// One does not count.
        #[default]
        Ignored "ignored",
        /// A path with one is another path.
        Distinct "distinct",
    }
}

object! {
    /// Why a scope is sensitive.
    #[serde(deny_unknown_fields)]
    pub struct Sensitivity {
        /// How much more access its holder can gain.
        pub reach "reach": Escalation,
        /// Why, in one sentence.
        pub reason "reason": String,
        /// The steps that gain more access.
        pub path "path": Vec<String>,
        /// The [`Edition::id`]s in which this is so; empty for all.
        pub editions "editions"? Vec<String>,
    }
}

impl Sensitivity {
    /// Whether it counts in an edition; without one, whether it counts in any.
    pub fn counts_in(&self, edition: Option<&Edition>) -> bool {
        self.editions.is_empty() || edition.is_none_or(|edition| self.editions.contains(&edition.id))
    }
}

object! {
    /// One scope of the catalog.
    #[serde(deny_unknown_fields)]
    pub struct Scope {
        /// Its name, such as `rows.read`.
        pub id "id": ScopeName,
        /// What a person calls it, where that is more than the id: `Zone DNS Write`.
        pub name "name"? Option<String>,
        /// The [`Service::id`] that it is shown in.
        pub service "service": String,
        /// What it opens, in one line.
        pub description "description": String,
        /// Which kinds of key can hold it.
        pub tiers "tiers": Vec<Tier>,
        /// The [`Edition::id`]s that know it.
        pub editions "editions": Vec<String>,
        /// Still accepted, but not to be granted any more.
        pub deprecated "deprecated"? bool,
        /// Every key holds it, whether it is granted or not.
        pub implied "implied"? bool,
        /// What to grant instead of a deprecated scope.
        pub successor "successor"? Option<ScopeName>,
        /// Scopes that its holder holds as well, and what those include.
        pub includes "includes"? Vec<ScopeName>,
        /// Set for a scope with which a key can gain more access.
        pub sensitive "sensitive"? Option<Sensitivity>,
    }
}

object! {
    /// One SDK method and its HTTP route.
    #[derive(Default)]
    #[serde(deny_unknown_fields)]
    pub struct Operation {
        /// Namespace and method, such as `tablesDB.listRows`. Two entries can share one id (`presences.update`).
        pub id "id": String,
        /// The HTTP method, upper case.
        pub method "method": String,
        /// The path with `:name` or `{name}` for each parameter, such as `/v1/tablesdb/:databaseId/tables`. A parameter can stand
        /// within a segment, such as `{id}:resolve`; a tail, `{+path}` or `{path...}`, takes one or more segments.
        pub path "path": String,
        /// What opens it: any one of these, each a scope or several that are all needed. Empty where nobody has said; then only
        /// [`Operation::open`] can open it.
        pub scopes "scopes": Vec<Alternative>,
        /// Which one of its alternatives the API's owner calls least privileged.
        pub least "least"? Option<Alternative>,
        /// Set where it needs no scope.
        pub open "open"? Option<Open>,
        /// Whether its scopes follow from names, and were not read from a source.
        pub inferred "inferred"? bool,
        /// Who may call it: `admin`, `key`, `session`, `jwt`, `organization`. Empty where anyone may.
        #[serde(default)]
        pub callers "callers": Vec<String>,
        /// The version that deprecated it.
        pub deprecated "deprecated"? Option<String>,
        /// The operation to call instead.
        pub successor "successor"? Option<String>,
    }
}

impl Encode for ScopeName {
    fn write(&self, to: &mut Encoder) {
        to.text(self.as_str());
    }
}

impl Blank for Tier {
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

impl Blank for TrailingSlash {
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// The tier of a key. No key is of the tier [`Tier::Implicit`].
impl<'a> Decode<'a> for Tier {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        let tiers = [Self::Project, Self::Organization, Self::Account];
        from.word(name, &tiers.map(Self::as_str)).and_then(|at| tiers.get(at)).copied().unwrap_or_default()
    }
}
