//! Who acts: what the store must find unchanged of them when it writes, and how the audit log names them.

use crate::{
    scope::DateTime,
    server::{
        auth::Identity,
        store::{AccountVersion, Action, Actor, ActorKind, Basis, NewAudit, Outcome, ProjectRecord, ProjectRef, Version, Write},
    },
};

/// Whoever makes a change.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As the audit log names them.
    pub actor: Actor,
    /// From which address; empty where it is not known.
    pub ip: String,
    /// The API key that acts, as it was found.
    key: Option<Version>,
    /// The console session that acts.
    session: Option<String>,
}

impl Caller {
    /// Somebody with no key and no session.
    pub fn only(actor: Actor, ip: String) -> Self {
        Self { actor, ip, key: None, session: None }
    }

    /// Whoever works on the machine.
    pub fn command_line() -> Self {
        Self::only(Actor::only(ActorKind::CommandLine), String::new())
    }

    /// Whoever sent a request. An ephemeral key counts as long as its project is as it was, which is part of every basis.
    pub(in crate::server) fn of(identity: &Identity, ip: String) -> Self {
        let (key, session) = match identity {
            Identity::Key(key) | Identity::Organization(key) => (Some(key.version()), None),
            Identity::Console { session, .. } => (None, Some(session.id.clone())),
            Identity::Guest | Identity::Ephemeral(_) => (None, None),
        };
        Self { actor: identity.actor(), ip, key, session }
    }

    /// What the audit log keeps of a change that they made.
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

    /// A change in a project, or of the organization's keys, which was judged by its rules, by whoever acts, and by the key that it changes.
    pub fn write_in(&self, project: &ProjectRecord, at: DateTime, what: Done<'_>, target: Option<Version>) -> Write {
        let keys = self.key.into_iter().chain(target).collect();
        let basis = Basis { project: Some(project.version()), keys, session: self.session.clone(), ..Basis::default() };
        Write { basis, entry: self.entry(at, project.log(), what) }
    }

    /// A change of an account, which was judged by these, itself among them.
    pub fn write_on(&self, accounts: Vec<AccountVersion>, at: DateTime, what: Done<'_>) -> Write {
        let Write { basis, entry } = self.write(at, what);
        Write { basis: Basis { accounts, ..basis }, entry }
    }

    /// A change of the server as a whole.
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
    /// The id of what it was done to; empty where the action says it all.
    pub target: &'a str,
    /// What changed, in a few words. Never a secret.
    pub detail: String,
}

impl<'a> Done<'a> {
    /// With nothing more to say.
    pub fn new(action: Action, target: &'a str) -> Self {
        Self { action, target, detail: String::new() }
    }
}
