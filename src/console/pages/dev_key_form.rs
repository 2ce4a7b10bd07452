//! The dialog that creates a dev key, or edits its name and expiry.

use leptos::{html, prelude::*, task::spawn_local};

use super::conflict::{Choice, ConflictDialog, TwoChanges};
use crate::{
    api::{DevKey, ErrorType, WriteDevKey},
    console::{
        client::{self, ClientError, Tagged},
        clock,
        components::{ExpiryField, Failure, TextField, focus_first_problem, if_closed, keep_open},
        load::set_if_alive,
        state::{ExpiryChoice, ExpiryDraft, combined_text, dev_key_changes},
    },
    key::KeyName,
    scope::DateTime,
};

/// What the dialog does.
#[derive(Clone)]
pub(super) enum DevKeyForm {
    /// Creates a dev key.
    Create,
    /// Edits this one.
    Edit(Tagged<DevKey>),
}

impl DevKeyForm {
    fn title(&self) -> &'static str {
        match self {
            Self::Create => "Create dev key",
            Self::Edit(_) => "Edit dev key",
        }
    }
}

#[component]
pub(super) fn DevKeyDialog(
    project: String,
    form: RwSignal<Option<DevKeyForm>>,
    /// Gets the secret of a new dev key.
    on_created: Callback<String>,
    /// Gets the name of an edited dev key.
    on_saved: Callback<String>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, Signal::derive(move || form.with(Option::is_some)), || ());
    // Kept while the dialog closes, so that its title does not vanish first.
    let title = Memo::new(move |before: Option<&&'static str>| {
        form.with(|form| form.as_ref().map(DevKeyForm::title)).or(before.copied()).unwrap_or_default()
    });
    view! {
        <dialog class="dialog" aria-labelledby="dev-key-title" node_ref=dialog on:close=move |event| if_closed(&event, || form.set(None))>
            <h2 class="dialog-title" id="dev-key-title">{move || title.get()}</h2>
            {move || form.get().map(|what| view! { <Form project=project.clone() what on_created on_saved on_cancel=Callback::new(move |()| form.set(None)) /> })}
        </dialog>
    }
}

#[component]
fn Form(
    project: String,
    what: DevKeyForm,
    on_created: Callback<String>,
    on_saved: Callback<String>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let label = match what {
        DevKeyForm::Create => "Create dev key",
        DevKeyForm::Edit(_) => "Save changes",
    };
    let (saved, saved_name, expiry, choices) = match what {
        DevKeyForm::Create => (None, String::new(), ExpiryDraft::of_dev_key(None, clock::now()), ExpiryChoice::FOR_DEV_KEY),
        DevKeyForm::Edit(key) => {
            let expiry = ExpiryDraft::of_dev_key(key.value.expire.0, clock::now());
            (Some(key.clone()), key.value.name, expiry, ExpiryChoice::FOR_SAVED_DEV_KEY)
        }
    };
    // As it was saved, as far as this form knows.
    let saved = StoredValue::new(saved);
    let name = RwSignal::new(saved_name);
    let draft = RwSignal::new(expiry);
    let [name_problem, expiry_problem] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let conflict = RwSignal::new(None::<(Tagged<DevKey>, TwoChanges)>);
    let save = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        let written = name.get_untracked().trim().to_owned();
        let expire = draft.with_untracked(|draft| draft.resolve(clock::now(), clock::parse_local));
        name_problem.set(written.parse::<KeyName>().err().map(|error| format!("A name {error}.")));
        expiry_problem.set(expire.as_ref().err().map(ToString::to_string));
        error.set(None);
        let (None, Ok(Some(expire))) = (name_problem.get_untracked(), expire) else { return focus_first_problem() };
        busy.set(true);
        let (project, base) = (project.clone(), saved.get_value());
        let body = WriteDevKey { name: written, expire: expire.to_string() };
        spawn_local(async move {
            let answer = match base {
                None => client::create_dev_key(&project, &body).await.map(|key| on_created.try_run(key.secret)),
                Some(base) => match client::update_dev_key(&project, &base.value.id, &body, &base.tag).await {
                    Err(problem) if problem.is(ErrorType::PreconditionFailed) => {
                        client::dev_key(&project, &base.value.id).await.map(|theirs| {
                            let changes = two_changes(&base.value, &theirs.value, &body.name, expire);
                            conflict.try_update(|conflict| *conflict = Some((theirs, changes)))
                        })
                    }
                    answer => answer.map(|key| on_saved.try_run(key.name)),
                },
            };
            if let Err(refused) = answer {
                set_if_alive(error, Some(refused));
            }
            set_if_alive(busy, false);
        });
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    let resolve = Callback::new(move |choice: Choice| {
        let (Some((theirs, _)), Some(base)) = (conflict.get_untracked(), saved.get_value()) else { return };
        conflict.set(None);
        let (their_name, their_expiry) = (theirs.value.name.clone(), ExpiryDraft::of_dev_key(theirs.value.expire.0, clock::now()));
        saved.set_value(Some(theirs));
        match choice {
            Choice::Mine => save.run(()),
            Choice::Theirs => {
                name.set(their_name);
                draft.set(their_expiry);
            }
            Choice::Both => {
                name.update(|mine| *mine = combined_text(&base.value.name, mine, &their_name));
                if draft.with_untracked(|mine| mine.choice == ExpiryChoice::Keep) {
                    draft.set(their_expiry);
                }
            }
        }
    });
    view! {
        <form class="stack" on:submit=submit novalidate>
            <TextField id="dev-key-name" label="Name" value=name required=true placeholder="For example: Ada's phone" problem=name_problem />
            <ExpiryField draft choices problem=expiry_problem rule=Signal::stored(None) id="dev-key-expiry" />
            {move || error.get().map(|error| view! { <Failure error /> })}
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| on_cancel.run(())>"Cancel"</button>
                <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Saving…" } else { label }}
                </button>
            </div>
        </form>
        <ConflictDialog
            changes=Signal::derive(move || conflict.with(|found| found.as_ref().map(|(_, changes)| changes.clone())))
            on_choose=resolve
            on_close=Callback::new(move |()| conflict.set(None))
        />
    }
}

/// What was saved in the meantime, and what was to be saved, both since `base`.
fn two_changes(base: &DevKey, theirs: &DevKey, name: &str, expire: DateTime) -> TwoChanges {
    let mut changed = dev_key_changes(base, &theirs.name, theirs.expire.0, clock::day);
    if changed.is_empty() {
        changed.push("Saved without a change".to_owned());
    }
    TwoChanges { theirs: changed, mine: dev_key_changes(base, name, Some(expire), clock::day) }
}
