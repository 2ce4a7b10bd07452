//! Entries of the audit log: who did what to which key or project, when, from where, and with which outcome. They never contain a secret.

use std::{convert::Infallible, str::FromStr};

use crate::scope::DateTime;

/// The kind of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A guest.
    Guest,
    /// A person who uses the console; the id is that of the account.
    Account,
    /// An API key of the project.
    Key,
    /// An ephemeral key of the project.
    EphemeralKey,
    /// An API key of the organization.
    OrganizationKey,
    /// A page with a widget token of the project.
    WidgetToken,
    /// The holder of the setup link.
    Setup,
    /// A person who uses the command line of the server.
    CommandLine,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Guest,
        Self::Account,
        Self::Key,
        Self::EphemeralKey,
        Self::OrganizationKey,
        Self::WidgetToken,
        Self::Setup,
        Self::CommandLine,
    ];

    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Account => "account",
            Self::Key => "key",
            Self::EphemeralKey => "ephemeral-key",
            Self::OrganizationKey => "organization-key",
            Self::WidgetToken => "widget-token",
            Self::Setup => "setup",
            Self::CommandLine => "command-line",
        }
    }

    /// Parses a word. An unknown word is read as a guest.
    pub fn of(word: &str) -> Self {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word).unwrap_or(Self::Guest)
    }
}

/// The actor of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// Its id; empty if the kind is enough.
    pub id: String,
    /// Its name at that time: the email of an account, the name of a key, or what created an ephemeral key. May be empty.
    pub name: String,
}

impl Actor {
    /// An actor without an id and a name: the kind is enough.
    pub fn only(kind: ActorKind) -> Self {
        Self { kind, id: String::new(), name: String::new() }
    }
}

macro_rules! actions {
    ($($variant:ident $text:literal $doc:literal),+ $(,)?) => {
        /// An action that was done, or tried.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Action {
            $(#[doc = $doc] $variant,)+
            /// An action that a newer version of Scopewise wrote.
            Other(String),
        }

        impl Action {
            /// Every action that this version writes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the store.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $text,)+ Self::Other(text) => text }
            }

            /// One sentence that says when this action is logged.
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
    EphemeralEnd "ephemeral-key.end" "An ephemeral key or a widget token was ended before its time.",
    WidgetTokenCreate "widget-token.create" "A widget token was created, or the policy refused it.",
    SigningKeyRotate "signing-key.rotate" "All ephemeral keys and widget tokens were ended.",
    DevKeyCreate "dev-key.create" "A dev key was created.",
    DevKeyUpdate "dev-key.update" "Name or expiry of a dev key were replaced.",
    DevKeyDelete "dev-key.delete" "A dev key was deleted.",
    PolicyUpdate "policy.update" "The policy was changed.",
    ProjectCreate "project.create" "The project was created.",
    ProjectUpdate "project.update" "The project was renamed.",
    ProjectDelete "project.delete" "The project was deleted, with all its keys.",
    AccountCreate "account.create" "An account was created, or the set-up link was refused.",
    AccountInvite "account.invite" "A person was invited, or got a new invitation link.",
    AccountJoin "account.join" "An invited person set a password, or the invitation link was refused.",
    AccountUpdate "account.update" "The name of an account was changed.",
    AccountPassword "account.password" "The password of an account was changed, or the current one was wrong.",
    AccountDisable "account.disable" "An account was disabled, and its sessions were ended.",
    AccountEnable "account.enable" "An account was enabled.",
    AccountSignOut "account.sign-out" "All sessions of an account were ended by another person.",
    AccountDelete "account.delete" "An account was deleted, with its sessions.",
    SecondFactorOn "account.second-factor-on" "The second factor of an account was turned on, or the current password was wrong.",
    SecondFactorOff "account.second-factor-off" "The second factor of an account was turned off or reset, or the current password or the code was wrong.",
    RecoveryCodesRenew "account.recovery-codes" "An account got new recovery codes, or the current password or the code was wrong.",
    SessionCreate "session.create" "A person signed in, or was refused.",
    SessionDelete "session.delete" "A session was ended.",
    AuditGap "audit.gap" "Refusals came faster than they could be written down; the entry says how many are missing.",
}

/// The outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The action succeeded.
    Success,
    /// The server refused the action, and changed nothing.
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

impl FromStr for Outcome {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Success, Self::Denied].into_iter().find(|outcome| outcome.as_str() == text).ok_or(())
    }
}

/// The project of an entry. The sequence distinguishes it from an earlier project with the same id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectRef {
    /// [`ProjectRecord::sequence`](super::ProjectRecord::sequence). For an entry about a new project, the store fills it in.
    pub sequence: i64,
    /// Its id.
    pub id: String,
}

/// An audit entry to insert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The current time.
    pub at: DateTime,
    /// The project; `None` if the entry is about the whole server.
    pub project: Option<ProjectRef>,
    /// The actor.
    pub actor: Actor,
    /// The action.
    pub action: Action,
    /// The id of the target; empty if the action is enough.
    pub target_id: String,
    /// The outcome.
    pub outcome: Outcome,
    /// A short text: what changed, or why the server refused it. Never contains a secret.
    pub detail: String,
    /// The IP address of the request; empty if unknown.
    pub ip: String,
}

/// A stored audit entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its position in the log: later entries have greater numbers.
    pub sequence: i64,
    /// Its content.
    pub entry: NewAudit,
}

/// A query for a page of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// The sequence of the project; `None` for entries about the whole server.
    pub project: Option<i64>,
    /// Returns only entries about the key, account or project with this id.
    pub target: Option<String>,
    /// Returns only entries by the actor with this id or this name.
    pub actor: Option<String>,
    /// Returns only entries with one of these actions; empty is any.
    pub actions: Vec<Action>,
    /// Returns only entries with this outcome.
    pub outcome: Option<Outcome>,
    /// Returns only entries from this time on.
    pub from: Option<DateTime>,
    /// Returns only entries before this time.
    pub until: Option<DateTime>,
    /// Returns only entries that come after the one with this sequence, in the order of the page.
    pub before: Option<i64>,
    /// The maximum number of entries.
    pub limit: u32,
}
