//! Audit entries of refusals, which are written off the request path. The store writes the entry of a change, together with the change.

use super::{error::ApiError, extract::client::Client};
use crate::{
    api::ErrorType,
    server::{
        app::App,
        service::caller::{Caller, Done},
        store::{Action, Actor, NewAudit, Outcome, ProjectRecord, ProjectRef},
    },
};

impl App {
    /// Writes down a refusal after the gate: at sign-in and set-up.
    pub(super) fn audit_refused_person(&self, actor: Actor, action: Action, reason: ErrorType, client: &Client) {
        let done = Done { action, target: "", detail: reason.as_str().to_owned() };
        let entry = Caller::only(actor, client.ip_text()).entry(self.clock.now(), None, done);
        self.refusals.note(NewAudit { outcome: Outcome::Denied, ..entry });
    }

    /// Writes down what the policy refused. Other errors are not audited.
    pub(super) fn audit_refused(&self, caller: &Caller, project: Option<ProjectRef>, action: Action, target: &str, error: &ApiError) {
        if error.is_by_policy() {
            let done = Done { action, target, detail: error.kind().as_str().to_owned() };
            let entry = caller.entry(self.clock.now(), project, done);
            self.refusals.note(NewAudit { outcome: Outcome::Denied, ..entry });
        }
    }

    /// Writes down that a key was refused, once in a while for the same reason; in the log of this project, or of the server.
    pub(super) fn audit_denied(&self, actor: Actor, project: Option<ProjectRef>, action: Action, reason: &str, client: &Client) {
        let now = self.clock.now();
        let sequence = project.as_ref().map_or(0, |project| project.sequence);
        let again = format!("{sequence} {} {} {reason}", actor.kind.as_str(), actor.id);
        if self.denials.attempt(&again, self.clock.monotonic()).is_ok() {
            let (target, detail) = (actor.id.clone(), reason.to_owned());
            let entry = Caller::only(actor, client.ip_text()).entry(now, project, Done { action, target: &target, detail });
            self.refusals.note(NewAudit { outcome: Outcome::Denied, ..entry });
        }
    }

    /// What is written down of a key that came from a browser.
    pub(super) fn exposure(&self, actor: Actor, project: &ProjectRecord, refused: bool, client: &Client) -> NewAudit {
        let (detail, outcome) = match refused {
            true => (ErrorType::KeyInBrowser.as_str(), Outcome::Denied),
            false => ("let through", Outcome::Success),
        };
        let target = actor.id.clone();
        let done = Done { action: Action::KeyExposed, target: &target, detail: detail.to_owned() };
        NewAudit { outcome, ..Caller::only(actor, client.ip_text()).entry(self.clock.now(), project.log(), done) }
    }
}
