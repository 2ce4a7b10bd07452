//! What the audit log keeps: who did what to which key or project, when, from where, and whether it was done. Never a secret.

use std::{convert::Infallible, str::FromStr};

use crate::scope::DateTime;

/// What kind of actor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A guest.
    Guest,
    /// A person at the console; its id is the account's.
    Account,
    /// An API key of the project.
    Key,
    /// An ephemeral key of the project.
    EphemeralKey,
    /// An API key of the organization.
    OrganizationKey,
    /// The holder of the set-up link.
    Setup,
    /// A person at the command line of the server.
    CommandLine,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: &[Self] =
        &[Self::Guest, Self::Account, Self::Key, Self::EphemeralKey, Self::OrganizationKey, Self::Setup, Self::CommandLine];

    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Account => "account",
            Self::Key => "key",
            Self::EphemeralKey => "ephemeral-key",
            Self::OrganizationKey => "organization-key",
            Self::Setup => "setup",
            Self::CommandLine => "command-line",
        }
    }

    /// The kind of a word; one that is not known is a guest.
    pub fn of(word: &str) -> Self {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word).unwrap_or(Self::Guest)
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// Its id; empty where the kind says it all.
    pub id: String,
    /// What it was called then: the email of an account, the name of a key, what made an ephemeral key; may be empty.
    pub name: String,
}

impl Actor {
    /// An actor whose kind says it all.
    pub fn only(kind: ActorKind) -> Self {
        Self { kind, id: String::new(), name: String::new() }
    }
}

macro_rules! actions {
    ($($variant:ident $text:literal $doc:literal),+ $(,)?) => {
        /// What was done, or tried.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Action {
            $(#[doc = $doc] $variant,)+
            /// Written by a newer version.
            Other(String),
        }

        impl Action {
            /// Every action that this version writes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the store.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $text,)+ Self::Other(text) => text }
            }

            /// When it is written, in one sentence.
            pub fn summary(&self) -> &'static str {
                match self { $(Self::$variant => $doc,)+ Self::Other(_) => "" }
            }
        }

        impl FromStr for Action {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(match text { $($text => Self::$variant,)+ _ => Self::Other(text.to_owned()) })
            }
        }
    };
}

actions! {
    KeyCreate "key.create" "A key was created, or the policy refused it.",
    KeyUpdate "key.update" "Name, scopes or expiry of a key were replaced, or the policy refused it.",
    KeyDelete "key.delete" "A key was deleted.",
    KeyRotate "key.rotate" "A key got a new secret, or the policy refused it.",
    KeyEnable "key.enable" "A key was switched on, or the policy refused it.",
    KeyDisable "key.disable" "A key was switched off.",
    KeyImport "key.import" "A key was brought in from elsewhere.",
    KeyUse "key.use" "A key was refused: it is expired, disabled, or lacks a scope.",
    KeyOverlapEnd "key.end-overlap" "The secret before the last rotation of a key was ended early.",
    KeyExposed "key.exposed" "A key arrived from a browser.",
    EphemeralCreate "ephemeral-key.create" "An ephemeral key was created, or the policy refused it.",
    EphemeralEnd "ephemeral-key.end" "An ephemeral key was ended before its time.",
    SigningKeyRotate "signing-key.rotate" "All ephemeral keys were ended.",
    DevKeyCreate "dev-key.create" "A dev key was created.",
    DevKeyUpdate "dev-key.update" "Name or expiry of a dev key were replaced.",
    DevKeyDelete "dev-key.delete" "A dev key was deleted.",
    PolicyUpdate "policy.update" "The policy was changed.",
    ProjectCreate "project.create" "The project was created.",
    ProjectUpdate "project.update" "The project was renamed.",
    ProjectDelete "project.delete" "The project was deleted, with all its keys.",
    AccountCreate "account.create" "An account was created, or the set-up link was refused.",
    AccountUpdate "account.update" "The name of an account was changed.",
    AccountPassword "account.password" "The password of an account was changed, or the current one was wrong.",
    AccountDisable "account.disable" "An account was disabled, and its sessions were ended.",
    AccountEnable "account.enable" "An account was enabled.",
    AccountSignOut "account.sign-out" "All sessions of an account were ended on the command line.",
    AccountDelete "account.delete" "An account was deleted, with its sessions.",
    SessionCreate "session.create" "A person signed in, or was refused.",
    SessionDelete "session.delete" "A session was ended.",
    AuditGap "audit.gap" "Refusals came faster than they could be written down; the entry says how many are missing.",
}

/// Whether it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Success,
    /// It was refused, and nothing happened.
    Denied,
}

impl Outcome {
    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "done",
            Self::Denied => "refused",
        }
    }
}

/// The project that an entry is about. Its sequence tells it from an earlier project of the same id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectRef {
    /// [`ProjectRecord::sequence`](super::ProjectRecord::sequence). In an entry for a project that is being made, the store fills it in.
    pub sequence: i64,
    /// Its id.
    pub id: String,
}

/// An entry to insert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The current time.
    pub at: DateTime,
    /// The project; `None` where it is about the server as a whole.
    pub project: Option<ProjectRef>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// The id of what it was done to; empty where the action says it all.
    pub target_id: String,
    /// Whether it happened.
    pub outcome: Outcome,
    /// What changed, or why it was refused, in a few words. Never a secret.
    pub detail: String,
    /// From which address; empty if unknown.
    pub ip: String,
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place in the log: later entries have greater numbers.
    pub sequence: i64,
    /// What it says.
    pub entry: NewAudit,
}

/// Which page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditQuery {
    /// The entries of the project with this sequence; `None` for those about the server as a whole.
    pub project: Option<i64>,
    /// Only entries before this one.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: u32,
}
