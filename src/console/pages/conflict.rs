//! Asks what to do when someone else has changed the key that a person is about to save.

use leptos::{html, prelude::*};

use crate::{
    api::{Key, KeyDetails, UpdateKey},
    console::{
        client::Tagged,
        clock,
        components::{if_closed, keep_open},
        state::{changes_between, changes_of, shown},
    },
};

/// Two changes of one key, one line each.
#[derive(Clone, Default, PartialEq)]
pub(super) struct TwoChanges {
    pub theirs: Vec<String>,
    pub mine: Vec<String>,
}

/// Two changes of one API key.
#[derive(Clone, PartialEq)]
pub(super) struct Conflict {
    /// The key as it is saved now.
    pub theirs: Tagged<KeyDetails>,
    pub changes: TwoChanges,
}

impl Conflict {
    /// The change that was to be saved, and what was saved in the meantime, both since `base`.
    pub fn of(base: &Key, mine: &UpdateKey, theirs: Tagged<KeyDetails>) -> Self {
        let mut changed = changes_between(base, &theirs.value.key, clock::day);
        if changed.is_empty() {
            changed.push("Status or secret".to_owned());
        }
        Self { changes: TwoChanges { theirs: changed, mine: changes_of(base, mine, clock::day) }, theirs }
    }
}

/// What is done with two changes.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    /// Mine is dropped.
    Theirs,
    /// Mine is put on top of theirs, to be looked at and saved.
    Both,
    /// Mine is saved as it is.
    Mine,
}

#[component]
pub(super) fn ConflictDialog(
    /// Opens the dialog.
    changes: Signal<Option<TwoChanges>>,
    on_choose: Callback<Choice>,
    /// Called when the dialog is closed.
    on_close: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, Signal::derive(move || changes.with(Option::is_some)), || ());
    let list = move |title: &'static str, lines: fn(TwoChanges) -> Vec<String>| {
        let lines = dynamic(move || {
            let lines = lines(changes.get().unwrap_or_default());
            lines.iter().map(|line| view! { <li dir="auto">{shown(line)}</li> }).collect_view()
        });
        view! {
            <div>
                <h3 class="field-label">{title}</h3>
                <ul class="conflict-list">{lines}</ul>
            </div>
        }
    };
    let button = move |label: &'static str, choice: Choice, kind: Option<&'static str>| {
        view! { <button type="button" class="button" data-kind=kind on:click=move |_| on_choose.run(choice)>{label}</button> }
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby="conflict-title"
            aria-describedby="conflict-text"
            node_ref=dialog
            on:close=move |event| if_closed(&event, || on_close.run(()))
        >
            <h2 class="dialog-title" id="conflict-title">"Someone else changed this key"</h2>
            <p class="dialog-text" id="conflict-text">"Nothing is saved yet. Choose what the key should be."</p>
            <div class="conflict">
                {list("Their change", |found| found.theirs)}
                {list("Your change", |found| found.mine)}
            </div>
            <div class="dialog-actions">
                {button("Discard mine", Choice::Theirs, None)}
                {button("Save mine as it is", Choice::Mine, Some("danger"))}
                {button("Combine and review", Choice::Both, Some("primary"))}
            </div>
        </dialog>
    }
}
