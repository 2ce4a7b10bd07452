//! The dialog that creates a dev key, or edits its name and expiry.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    api::{DevKey, WriteDevKey},
    console::{
        client::{self, ClientError},
        clock,
        components::{ExpiryField, Failure, TextField, focus_first_problem, keep_open},
        load::set_if_alive,
        state::{ExpiryChoice, ExpiryDraft},
    },
    key::KeyName,
};

/// What the dialog does.
#[derive(Clone)]
pub(super) enum DevKeyForm {
    /// Creates a dev key.
    Create,
    /// Edits this one.
    Edit(DevKey),
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
        <dialog class="dialog" aria-labelledby="dev-key-title" node_ref=dialog on:close=move |_| form.set(None)>
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
    let (edited, saved_name, expiry, choices) = match what {
        DevKeyForm::Create => (None, String::new(), ExpiryDraft::of_dev_key(None, clock::now()), ExpiryChoice::FOR_DEV_KEY),
        DevKeyForm::Edit(key) => {
            (Some(key.id), key.name, ExpiryDraft::of_dev_key(key.expire.0, clock::now()), ExpiryChoice::FOR_SAVED_DEV_KEY)
        }
    };
    let name = RwSignal::new(saved_name);
    let draft = RwSignal::new(expiry);
    let [name_problem, expiry_problem] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
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
        let (project, edited) = (project.clone(), edited.clone());
        let body = WriteDevKey { name: written, expire: expire.to_string() };
        spawn_local(async move {
            let answer = match edited {
                None => client::create_dev_key(&project, &body).await.map(|key| on_created.try_run(key.secret)),
                Some(id) => client::update_dev_key(&project, &id, &body).await.map(|key| on_saved.try_run(key.name)),
            };
            if let Err(refused) = answer {
                set_if_alive(error, Some(refused));
            }
            set_if_alive(busy, false);
        });
    };
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
    }
}
