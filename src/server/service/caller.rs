//! Who acts: what must be unchanged of them when the store writes, and how the audit log names them.

use crate::{
    scope::DateTime,
    server::{
        auth::Identity,
        store::{AccountVersion, Action, Actor, ActorKind, Basis, NewAudit, Outcome, ProjectRecord, ProjectRef, Version, Write},
    },
};

/// Who makes a change.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As the audit log names them.
    pub actor: Actor,
    /// From which address; empty if unknown.
    pub ip: String,
    /// The API key that acts, as it was read.
    key: Option<Version>,
    /// The console session that acts.
    session: Option<String>,
}

impl Caller {
    /// A caller without key and session.
    pub fn only(actor: Actor, ip: String) -> Self {
        Self { actor, ip, key: None, session: None }
    }

    /// A person at the command line of the server.
    pub fn command_line() -> Self {
        Self::only(Actor::only(ActorKind::CommandLine), String::new())
    }

    /// The sender of a request. Ephemeral keys and widget tokens need no version of their own: they depend on their project, which is in every basis.
    pub(in crate::server) fn of(identity: &Identity, ip: String) -> Self {
        let (key, session) = match identity {
            Identity::Key(key) | Identity::Organization(key) => (Some(key.version()), None),
            Identity::Console { session, .. } => (None, Some(session.id.clone())),
            Identity::Guest | Identity::Ephemeral(_) | Identity::Widget(_) => (None, None),
        };
        Self { actor: identity.actor(), ip, key, session }
    }

    /// The audit entry of a change.
    pub fn entry(&self, at: DateTime, project: Option<ProjectRef>, what: Done<'_>) -> NewAudit {
        NewAudit {
            at,
            project,
            actor: self.actor.clone(),
            action: what.action,
            target_id: what.target.to_owned(),
            outcome: Outcome::Success,
            detail: what.detail,
            ip: self.ip.clone(),
        }
    }

    /// A change in a project, or of the organization's keys. It was decided on the project's policy, the caller, and the key that changes.
    pub fn write_in(&self, project: &ProjectRecord, at: DateTime, what: Done<'_>, target: Option<Version>) -> Write {
        let keys = self.key.into_iter().chain(target).collect();
        let basis = Basis { project: Some(project.version()), keys, session: self.session.clone(), ..Basis::default() };
        Write { basis, entry: self.entry(at, project.log(), what) }
    }

    /// A change of an account, decided on these accounts, itself included.
    pub fn write_on(&self, accounts: Vec<AccountVersion>, at: DateTime, what: Done<'_>) -> Write {
        let Write { basis, entry } = self.write(at, what);
        Write { basis: Basis { accounts, ..basis }, entry }
    }

    /// A change of the whole server.
    pub fn write(&self, at: DateTime, what: Done<'_>) -> Write {
        let basis = Basis { keys: self.key.into_iter().collect(), session: self.session.clone(), ..Basis::default() };
        Write { basis, entry: self.entry(at, None, what) }
    }
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done<'a> {
    /// What.
    pub action: Action,
    /// The id of its target; empty if the action says it all.
    pub target: &'a str,
    /// What changed, in a few words. Never a secret.
    pub detail: String,
}

impl<'a> Done<'a> {
    /// Without details.
    pub fn new(action: Action, target: &'a str) -> Self {
        Self { action, target, detail: String::new() }
    }
}
