//! Writes refusals to the audit log, off the request path: neither the time nor the content of an answer depends on it.
//!
//! Each project, each account and each key of the organization has its own queue, and they take turns: however many refusals one of them
//! causes, the entries of the others are neither lost nor late. Entries that do not fit into a queue are counted, and the log says how
//! many are missing.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, oneshot};

use crate::server::store::{Action, Actor, ActorKind, NewAudit, Outcome, Store};

/// How many entries of one project or account can wait.
const MAX_WAITING: usize = 256;
/// How many entries one transaction writes.
const BATCH: usize = 64;
/// When to try again while the database does not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// Ids, names and addresses are cut after this many characters: longer ones belong to nothing that exists.
const MAX_ID: usize = 256;
/// Longer details are cut, in characters.
const MAX_DETAIL: usize = 1024;

/// Whose entries take turns with those of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    Project(i64),
    Actor(ActorKind, String),
    Server,
}

impl Owner {
    fn of(entry: &NewAudit) -> Self {
        match (&entry.project, entry.actor.kind) {
            (Some(project), _) => Self::Project(project.sequence),
            (None, kind @ (ActorKind::Account | ActorKind::OrganizationKey)) => Self::Actor(kind, entry.actor.id.clone()),
            (None, _) => Self::Server,
        }
    }
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<NewAudit>,
    /// Of those that did not fit: the last one, and how many.
    dropped: Option<(Box<NewAudit>, u64)>,
}

#[derive(Default)]
struct Waiting {
    queues: HashMap<Owner, Queue>,
    /// Who has anything, in the order of their turns.
    turns: VecDeque<Owner>,
    /// Who wants to know when everything so far is written.
    settling: Vec<oneshot::Sender<()>>,
    /// So many did not fit since the start.
    dropped: u64,
}

/// Takes refusals and writes them in the background.
pub(in crate::server) struct Refusals {
    waiting: Arc<Mutex<Waiting>>,
    wake: Arc<Notify>,
}

impl Refusals {
    pub(in crate::server) fn start(store: Arc<dyn Store>) -> Self {
        let refusals = Self { waiting: Arc::default(), wake: Arc::default() };
        let (waiting, wake) = (refusals.waiting.clone(), refusals.wake.clone());
        tokio::spawn(async move {
            loop {
                let batch = lock(&waiting).batch();
                if batch.is_empty() {
                    lock(&waiting).settling.drain(..).for_each(|settled| {
                        let _ = settled.send(());
                    });
                    wake.notified().await;
                    continue;
                }
                while let Err(error) = store.append_audit(batch.clone()).await {
                    tracing::warn!(%error, entries = batch.len(), "refusals are not written down yet");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
        refusals
    }

    /// Writes an entry down soon.
    pub(in crate::server) fn note(&self, entry: NewAudit) {
        lock(&self.waiting).take(cut(entry));
        self.wake.notify_one();
    }

    /// How many entries did not fit since the start.
    pub(in crate::server) fn dropped(&self) -> u64 {
        lock(&self.waiting).dropped
    }

    /// Waits until everything so far is written.
    pub(in crate::server) async fn settle(&self) {
        let (settled, written) = oneshot::channel();
        lock(&self.waiting).settling.push(settled);
        self.wake.notify_one();
        let _ = written.await;
    }
}

impl Waiting {
    fn take(&mut self, entry: NewAudit) {
        let owner = Owner::of(&entry);
        let queue = self.queues.entry(owner.clone()).or_insert_with(|| {
            self.turns.push_back(owner);
            Queue::default()
        });
        if queue.entries.len() < MAX_WAITING {
            queue.entries.push_back(entry);
            return;
        }
        self.dropped += 1;
        let before = queue.dropped.as_ref().map_or(0, |(_, count)| *count);
        if before == 0 {
            tracing::warn!(
                project = entry.project.as_ref().map(|project| project.id.as_str()),
                "refusals come faster than they are written down"
            );
        }
        queue.dropped = Some((Box::new(entry), before + 1));
    }

    /// One entry of each owner in turn, until the batch is full or nothing is left.
    fn batch(&mut self) -> Vec<NewAudit> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(owner) = self.turns.pop_front() else { break };
            let Some(queue) = self.queues.get_mut(&owner) else { continue };
            match queue.entries.pop_front() {
                Some(entry) => batch.push(entry),
                None => batch.extend(queue.dropped.take().map(|(last, count)| gap(*last, count))),
            }
            if queue.entries.is_empty() && queue.dropped.is_none() {
                self.queues.remove(&owner);
            } else {
                self.turns.push_back(owner);
            }
        }
        batch
    }
}

/// What is written down in place of entries that did not fit.
fn gap(last: NewAudit, count: u64) -> NewAudit {
    NewAudit {
        actor: Actor::only(ActorKind::Guest),
        action: Action::AuditGap,
        target_id: String::new(),
        outcome: Outcome::Denied,
        detail: format!("{count} refusals were not written down; the last one was {} by {}", last.action.as_str(), last.actor.id),
        ip: String::new(),
        ..last
    }
}

fn cut(entry: NewAudit) -> NewAudit {
    let to = |text: String, most: usize| match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    };
    let actor = Actor { kind: entry.actor.kind, id: to(entry.actor.id, MAX_ID), name: to(entry.actor.name, MAX_ID) };
    NewAudit { actor, target_id: to(entry.target_id, MAX_ID), detail: to(entry.detail, MAX_DETAIL), ip: to(entry.ip, MAX_ID), ..entry }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scope::DateTime, server::store::ProjectRef};

    fn refusal(project: Option<i64>, detail: &str) -> NewAudit {
        NewAudit {
            at: DateTime::from_unix_milliseconds(0),
            project: project.map(|sequence| ProjectRef { sequence, id: format!("p{sequence}") }),
            actor: Actor { kind: ActorKind::Key, id: "k".to_owned(), name: String::new() },
            action: Action::KeyUse,
            target_id: "k".to_owned(),
            outcome: Outcome::Denied,
            detail: detail.to_owned(),
            ip: String::new(),
        }
    }

    #[test]
    fn a_flood_of_one_project_costs_no_other_an_entry() {
        let mut waiting = Waiting::default();
        for n in 0..10_000 {
            waiting.take(refusal(Some(1), &n.to_string()));
        }
        waiting.take(refusal(Some(2), "theirs"));
        waiting.take(refusal(None, "the server's"));
        let first = waiting.batch();
        assert_eq!(first.len(), BATCH);
        let place = |detail: &str| first.iter().position(|entry| entry.detail == detail).unwrap();
        assert!(place("theirs") < 3 && place("the server's") < 3);
        let mut all = first;
        loop {
            let batch = waiting.batch();
            if batch.is_empty() {
                break;
            }
            all.extend(batch);
        }
        let gaps: Vec<_> = all.iter().filter(|entry| entry.action == Action::AuditGap).collect();
        assert_eq!((all.len(), gaps.len(), waiting.dropped), (MAX_WAITING + 3, 1, 10_000 - MAX_WAITING as u64));
        assert!(gaps[0].detail.starts_with("9744 refusals were not written down"), "{}", gaps[0].detail);
        assert_eq!(gaps[0].project.as_ref().map(|project| project.sequence), Some(1));
        assert!(waiting.queues.is_empty() && waiting.turns.is_empty());
    }

    #[test]
    fn wrong_passwords_of_one_account_do_not_push_out_those_of_another() {
        let mut waiting = Waiting::default();
        let of =
            |id: &str| NewAudit { actor: Actor { kind: ActorKind::Account, id: id.to_owned(), name: String::new() }, ..refusal(None, "") };
        (0..1000).for_each(|_| waiting.take(of("a")));
        waiting.take(of("b"));
        assert!(waiting.batch().iter().take(2).any(|entry| entry.actor.id == "b"));
    }

    #[test]
    fn what_a_client_sent_is_cut_before_it_is_kept() {
        let long = "é".repeat(100_000);
        let entry = NewAudit { target_id: long.clone(), detail: long.clone(), ip: long.clone(), ..refusal(None, "") };
        let entry = cut(entry);
        assert_eq!((entry.target_id.chars().count(), entry.detail.chars().count(), entry.ip.chars().count()), (257, 1025, 257));
    }
}
