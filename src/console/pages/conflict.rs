//! Asks what to do when someone else has changed the key that a person is about to save.

use leptos::{html, prelude::*};

use crate::{
    api::{Key, KeyDetails, UpdateKey},
    console::{
        client::Tagged,
        clock,
        components::keep_open,
        state::{changes_between, changes_of, shown},
    },
};

/// Two changes of one key.
#[derive(Clone, PartialEq)]
pub(super) struct Conflict {
    /// The key as it is saved now.
    pub theirs: Tagged<KeyDetails>,
    their_changes: Vec<String>,
    my_changes: Vec<String>,
}

impl Conflict {
    /// The change that was to be saved, and what was saved in the meantime, both since `base`.
    pub fn of(base: &Key, mine: &UpdateKey, theirs: Tagged<KeyDetails>) -> Self {
        let their_changes = changes_between(base, &theirs.value.key, clock::day);
        Self { their_changes, my_changes: changes_of(base, mine, clock::day), theirs }
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
pub(super) fn ConflictDialog(conflict: RwSignal<Option<Conflict>>, on_choose: Callback<Choice>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, Signal::derive(move || conflict.with(Option::is_some)), || ());
    let list = move |title: &'static str, lines: fn(&Conflict) -> &Vec<String>| {
        let lines = dynamic(move || {
            let lines = conflict.with(|conflict| conflict.as_ref().map(|found| lines(found).clone()).unwrap_or_default());
            let none = lines.is_empty().then(|| view! { <li>"Status or secret"</li> });
            view! { {none}{lines.iter().map(|line| view! { <li dir="auto">{shown(line)}</li> }).collect_view()} }
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
            on:close=move |_| conflict.set(None)
        >
            <h2 class="dialog-title" id="conflict-title">"Someone else changed this key"</h2>
            <p class="dialog-text" id="conflict-text">"Nothing is saved yet. Choose what the key should be."</p>
            <div class="conflict">
                {list("Their change", |found| &found.their_changes)}
                {list("Your change", |found| &found.my_changes)}
            </div>
            <div class="dialog-actions">
                {button("Discard mine", Choice::Theirs, None)}
                {button("Save mine as it is", Choice::Mine, Some("danger"))}
                {button("Combine and review", Choice::Both, Some("primary"))}
            </div>
        </dialog>
    }
}
