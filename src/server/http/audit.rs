//! Owns what a request leaves in the audit log. What was done is written before the answer leaves; what was refused is written off
//! the request path.

use super::{call::Call, client::Client, error::ApiError};
use crate::{
    api::ErrorType,
    scope::DateTime,
    server::{
        admin::{expiry, listed},
        app::App,
        store::{Action, Actor, KeyRecord, NewAudit, Outcome},
    },
};

/// What is written of one request.
pub(super) struct Entry<'a> {
    pub project: Option<&'a str>,
    pub actor: Actor,
    pub action: Action,
    pub target: &'a str,
    pub detail: String,
}

impl Entry<'_> {
    fn finish(self, client: &Client, at: DateTime, outcome: Outcome) -> NewAudit {
        NewAudit {
            at,
            project_id: self.project.map(str::to_owned),
            actor: self.actor,
            action: self.action,
            target_id: self.target.to_owned(),
            outcome,
            detail: self.detail,
            ip: client.ip_text(),
        }
    }
}

impl Call {
    fn entry<'a>(&'a self, action: Action, target: &'a str, detail: String) -> Entry<'a> {
        let project = self.project.as_ref().map(|project| project.id.as_str());
        Entry { project, actor: self.identity.actor(), action, target, detail }
    }

    /// Writes down what was done on the project of the request.
    pub(in crate::server) async fn done(&self, action: Action, target: &str, detail: String) {
        self.app.audit(self.entry(action, target, detail), &self.client).await;
    }

    /// Writes down what was done that is of the server as a whole, or of a project that the request does not name.
    pub(in crate::server) async fn done_elsewhere(&self, project: Option<&str>, actor: Actor, action: Action, target: &str) {
        let entry = Entry { project, actor, action, target, detail: String::new() };
        self.app.audit(entry, &self.client).await;
    }

    /// Writes down, off the request path, that somebody was refused whom the gate lets through: at sign-in and set-up.
    pub(in crate::server) fn refused_person(&self, actor: Actor, action: Action, reason: ErrorType) {
        let entry = Entry { project: None, actor, action, target: "", detail: reason.as_str().to_owned() };
        self.app.audit_refused(entry, &self.client);
    }

    /// Writes down what the policy refused; other errors are no business of the log.
    pub(in crate::server) fn refused(&self, action: Action, target: &str, error: ApiError) -> ApiError {
        if error.is_by_policy() {
            let entry = self.entry(action, target, error.kind().as_str().to_owned());
            self.app.usage.entry(entry.finish(&self.client, self.now(), Outcome::Refused));
        }
        error
    }
}

impl App {
    /// Writes down what was done. It has happened: where it cannot be written down, the entry goes to the log of the server.
    pub(super) async fn audit(&self, entry: Entry<'_>, client: &Client) {
        let entry = entry.finish(client, self.clock.now(), Outcome::Done);
        if let Err(error) = self.store.append_audit(entry.clone()).await {
            tracing::error!(%error, ?entry, "an entry of the audit log was not written");
        }
    }

    /// Writes down what was refused.
    pub(super) fn audit_refused(&self, entry: Entry<'_>, client: &Client) {
        self.usage.entry(entry.finish(client, self.clock.now(), Outcome::Refused));
    }

    /// Writes down what a key did that the policy wants reported, once in a while, off the request path.
    pub(super) fn audit_reported(&self, actor: Actor, project_id: &str, action: Action, client: &Client) {
        let now = self.clock.now();
        let again = format!("{project_id} {} {} {} done", actor.kind.as_str(), actor.id, action.as_str());
        if self.denials.attempt(&again, now).is_ok() {
            let target = actor.id.clone();
            let entry = Entry { project: Some(project_id), actor, action, target: &target, detail: "let through".to_owned() };
            self.usage.entry(entry.finish(client, now, Outcome::Done));
        }
    }

    /// Writes down that a key was refused, once in a while for the same reason.
    pub(super) fn audit_denied(&self, actor: Actor, project_id: &str, action: Action, reason: &str, client: &Client) {
        let now = self.clock.now();
        let again = format!("{project_id} {} {} {reason}", actor.kind.as_str(), actor.id);
        if self.denials.attempt(&again, now).is_ok() {
            let target = actor.id.clone();
            let entry = Entry { project: Some(project_id), actor, action, target: &target, detail: reason.to_owned() };
            self.audit_refused(entry, client);
        }
    }
}

/// What an update changed.
pub(in crate::server) fn changed(before: &KeyRecord, after: &KeyRecord) -> String {
    let beyond =
        |a: &KeyRecord, b: &KeyRecord| -> Vec<String> { a.scopes.iter().filter(|scope| !b.scopes.contains(scope)).cloned().collect() };
    let (granted, revoked) = (beyond(after, before), beyond(before, after));
    let mut parts = Vec::new();
    if before.name != after.name {
        parts.push("renamed".to_owned());
    }
    if !granted.is_empty() {
        parts.push(format!("granted {}", listed(&granted)));
    }
    if !revoked.is_empty() {
        parts.push(format!("revoked {}", listed(&revoked)));
    }
    if before.expire != after.expire {
        parts.push(format!("expires {}, before {}", expiry(after.expire), expiry(before.expire)));
    }
    if parts.is_empty() { "nothing changed".to_owned() } else { parts.join("; ") }
}
