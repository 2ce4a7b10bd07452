//! The audit log.

use scopewise::server::store::{Action, Actor, ActorKind, AuditQuery, NewAudit, Outcome, ProjectRef};

use super::{Pair, at};

fn entry(project_id: Option<&str>, detail: &str) -> NewAudit {
    NewAudit {
        at: at(3),
        project: project_id.map(|id| ProjectRef { sequence: sequence(id), id: id.to_owned() }),
        actor: Actor { kind: ActorKind::Key, id: "ci".to_owned(), name: "CI “é”".to_owned() },
        action: Action::KeyUpdate,
        target_id: "a".to_owned(),
        outcome: Outcome::Denied,
        detail: detail.to_owned(),
        ip: "192.0.2.1".to_owned(),
    }
}

/// The log does not require an existing project.
fn sequence(id: &str) -> i64 {
    i64::from(id.as_bytes()[0])
}

fn of(project_id: Option<&str>, before: Option<i64>, limit: u32) -> AuditQuery {
    AuditQuery { project: project_id.map(sequence), before, limit, ..AuditQuery::default() }
}

async fn details(pair: &Pair, query: AuditQuery) -> Vec<String> {
    pair.other.audit(query).await.unwrap().into_iter().map(|record| record.entry.detail).collect()
}

pub async fn entries_are_listed_newest_first_by_project(pair: Pair) {
    for (project_id, detail) in [(Some("shop"), "1"), (None, "2"), (Some("other"), "3"), (Some("shop"), "4"), (None, "5")] {
        pair.one.append_audit(vec![entry(project_id, detail)]).await.unwrap();
    }
    assert_eq!(details(&pair, of(Some("shop"), None, 10)).await, ["4", "1"]);
    assert_eq!(details(&pair, of(None, None, 10)).await, ["5", "2"]);
    let found = pair.other.audit(of(Some("other"), None, 10)).await.unwrap();
    assert_eq!(found[0].entry, entry(Some("other"), "3"));
}

pub async fn the_entries_of_one_target_are_listed_page_by_page(pair: Pair) {
    for (project_id, target, detail) in
        [(Some("shop"), "a", "1"), (Some("other"), "a", "2"), (Some("shop"), "b", "3"), (Some("shop"), "a", "4"), (None, "a", "5")]
    {
        let entry = NewAudit { target_id: target.to_owned(), ..entry(project_id, detail) };
        pair.one.append_audit(vec![entry]).await.unwrap();
    }
    let about = |project_id, before| AuditQuery { target: Some("a".to_owned()), ..of(project_id, before, 1) };
    assert_eq!(details(&pair, about(Some("shop"), None)).await, ["4"]);
    let newest = pair.other.audit(about(Some("shop"), None)).await.unwrap();
    assert_eq!(details(&pair, about(Some("shop"), Some(newest[0].sequence))).await, ["1"]);
    assert_eq!(details(&pair, about(None, None)).await, ["5"]);
    assert_eq!(details(&pair, AuditQuery { target: Some("c\0".to_owned()), ..of(Some("shop"), None, 9) }).await, [""; 0]);
}

/// Entries of 24 kinds, of several seconds each, in an order that is not that of their times.
async fn varied(pair: &Pair) -> Vec<NewAudit> {
    let mut entries = Vec::new();
    for n in 0..96_i64 {
        let actor = [("ci", "Pipeline"), ("ada", "ada@example.com"), ("Pipeline", "")][usize::try_from(n % 3).unwrap()];
        let action =
            [Action::KeyCreate, Action::KeyUpdate, Action::DevKeyCreate, Action::PolicyUpdate][usize::try_from(n / 3 % 4).unwrap()].clone();
        let outcome = if n % 5 == 0 { Outcome::Denied } else { Outcome::Success };
        let entry = NewAudit {
            at: at((n * 37) % 24),
            actor: Actor { kind: ActorKind::Key, id: actor.0.to_owned(), name: actor.1.to_owned() },
            action,
            target_id: ["a", "b"][usize::try_from(n % 2).unwrap()].to_owned(),
            outcome,
            ..entry((n % 7 != 0).then_some("shop"), &n.to_string())
        };
        entries.push(entry);
    }
    pair.one.append_audit(entries.clone()).await.unwrap();
    entries
}

pub async fn every_combination_of_filters_finds_what_a_search_of_all_entries_finds(pair: Pair) {
    let all = varied(&pair).await;
    let mut compared = 0;
    for number in 0..2_u32.pow(7) {
        let on = |bit: u32| number & (1 << bit) != 0;
        let query = AuditQuery {
            project: on(0).then(|| sequence("shop")),
            target: on(1).then(|| "a".to_owned()),
            actor: on(2).then(|| "Pipeline".to_owned()),
            actions: if on(3) { vec![Action::KeyUpdate, Action::PolicyUpdate] } else { Vec::new() },
            outcome: on(4).then_some(Outcome::Denied).or_else(|| (number % 3 == 0).then_some(Outcome::Success)),
            from: on(5).then(|| at(5)),
            until: on(6).then(|| at(17)),
            before: None,
            limit: 1000,
        };
        let mut wanted: Vec<(usize, &NewAudit)> = all
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                entry.project.as_ref().map(|project| project.sequence) == query.project
                    && query.target.as_ref().is_none_or(|target| entry.target_id == *target)
                    && query.actor.as_ref().is_none_or(|actor| entry.actor.id == *actor || entry.actor.name == *actor)
                    && (query.actions.is_empty() || query.actions.contains(&entry.action))
                    && query.outcome.is_none_or(|outcome| entry.outcome == outcome)
                    && query.from.is_none_or(|from| entry.at >= from)
                    && query.until.is_none_or(|until| entry.at < until)
            })
            .collect();
        wanted.sort_by_key(|(position, entry)| std::cmp::Reverse((entry.at, *position)));
        let wanted: Vec<String> = wanted.into_iter().map(|(_, entry)| entry.detail.clone()).collect();
        assert_eq!(details(&pair, query.clone()).await, wanted, "{query:?}");
        // Page by page, the same.
        let (mut before, mut seen) = (None, Vec::new());
        loop {
            let page = pair.other.audit(AuditQuery { before, limit: 5, ..query.clone() }).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.sequence);
            seen.extend(page.into_iter().map(|record| record.entry.detail));
        }
        assert_eq!(seen, wanted, "{query:?}");
        compared += usize::from(!wanted.is_empty());
    }
    assert!(compared > 60, "{compared}");
}

pub async fn a_page_begins_where_the_last_one_ended(pair: Pair) {
    for n in 0..7 {
        pair.one.append_audit(vec![entry(Some("shop"), &n.to_string())]).await.unwrap();
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let page = pair.other.audit(of(Some("shop"), before, 3)).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.sequence);
        seen.extend(page.into_iter().map(|record| record.entry.detail));
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
    assert_eq!(details(&pair, of(Some("shop"), None, 0)).await, [""; 0]);
}

pub async fn entries_outlive_their_target(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.append_audit(vec![entry(Some("shop"), "kept")]).await.unwrap();
    pair.one.delete_project("shop").await.unwrap();
    assert_eq!(details(&pair, of(Some("shop"), None, 10)).await, ["kept"]);
}

pub async fn an_action_of_a_newer_version_is_returned_unchanged(pair: Pair) {
    let written = NewAudit { action: Action::Other("key.teleport".to_owned()), ..entry(None, "") };
    pair.one.append_audit(vec![written.clone()]).await.unwrap();
    assert_eq!(pair.other.audit(of(None, None, 1)).await.unwrap()[0].entry, written);
}

pub async fn concurrent_entries_are_all_stored(pair: Pair) {
    let written = (0..40).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move { store.append_audit(vec![entry(None, &n.to_string())]).await.unwrap() })
    });
    for one in written.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let found = pair.other.audit(of(None, None, 100)).await.unwrap();
    assert_eq!(found.len(), 40);
    assert!(found.is_sorted_by(|one, next| one.sequence > next.sequence));
}
