//! Saves the changes to a key: what would change, the request, and what to do where someone else was faster.

use leptos::{prelude::*, task::spawn_local};

use super::{
    conflict::{Choice, Conflict},
    key_form::{FormBar, KeyForm},
};
use crate::{
    api::{ErrorType, Key, KeyDetails},
    console::{
        app::focus_main,
        catalog::use_catalog,
        client::{self, ClientError, Tagged},
        clock,
        components::{SaveActions, Tab},
        load::set_if_alive,
        state::{changes, shown},
        toast::use_toasts,
    },
    scope::compare,
};

/// The changes to a key that are not saved yet.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    form: KeyForm,
    error: RwSignal<Option<ClientError>>,
    busy: RwSignal<bool>,
    /// What would change, one line each.
    lines: Memo<Vec<String>>,
    discard: Callback<()>,
    /// Whether there is something to save.
    pub changed: Memo<bool>,
    /// Two changes of the key at the same time.
    pub conflict: RwSignal<Option<Conflict>>,
    /// Saves the changes.
    pub submit: Callback<()>,
    /// Takes what an action answers.
    pub receive: Callback<Tagged<KeyDetails>>,
    /// Resolves a conflict.
    pub resolve: Callback<Choice>,
}

impl Edit {
    /// Nothing is changed yet.
    pub fn new(project: String, form: KeyForm, saved: RwSignal<KeyDetails>, tag: String, on_saved: Callback<Key>) -> Self {
        let (toasts, catalog) = (use_toasts(), use_catalog());
        let tag = StoredValue::new(tag);
        let (busy, error, conflict) = (RwSignal::new(false), RwSignal::new(None::<ClientError>), RwSignal::new(None::<Conflict>));
        // A rotation can change the expiry; "Keep" then means the new one.
        effect(move |_| {
            let expire = saved.with(|saved| saved.key.expire.0);
            if form.expiry.with_untracked(|draft| draft.saved != expire) {
                form.expiry.update(|draft| draft.saved = expire);
            }
        });
        // What an action answers: it may have changes of other people, under the changes that are not saved yet.
        let receive = Callback::new(move |answer: Tagged<KeyDetails>| {
            form.rebase(&saved.get_untracked().key, &answer.value.key);
            on_saved.run(answer.value.key.clone());
            tag.set_value(answer.tag);
            saved.set(answer.value);
        });
        let changed = memo(move || saved.with(|saved| form.scopes.with(|scopes| form.draft().changes(&saved.key, scopes, catalog))));
        let lines = memo(move || {
            if !changed.get() {
                return Vec::new();
            }
            let draft = form.draft();
            saved.with(|saved| {
                form.scopes.with(|scopes| {
                    let expire = draft.expiry.resolve(clock::now(), clock::parse_local).unwrap_or(saved.key.expire.0);
                    let mut lines = changes(&saved.key, draft.name.trim(), draft.description.trim(), scopes, expire, clock::day);
                    let climbed = compare(catalog, &saved.key.scopes, scopes, form.inputs.edition.get().as_deref()).climbed;
                    lines.extend(climbed.into_iter().map(|way| format!("{} can lead to more access", way.scope)));
                    lines
                })
            })
        });
        let submit = Callback::new(move |()| {
            if busy.get_untracked() || !changed.get_untracked() {
                return;
            }
            error.set(None);
            let body = form.draft().update(&form.scopes.get_untracked(), clock::now(), clock::parse_local);
            let Some(body) = form.accept(body) else { return };
            if form.is_blocked() {
                return;
            }
            busy.set(true);
            let project = project.clone();
            spawn_local(async move {
                let id = saved.with_untracked(|saved| saved.key.id.clone());
                let mut answer = client::update_key(&project, &id, &body, &tag.get_value()).await;
                if answer.as_ref().is_err_and(|problem| problem.is(ErrorType::PreconditionFailed)) {
                    match client::key(&project, &id).await {
                        Ok(theirs) => {
                            let base = saved.with_untracked(|saved| saved.key.clone());
                            set_if_alive(conflict, Some(Conflict::of(&base, &body, theirs)));
                            set_if_alive(busy, false);
                            return;
                        }
                        Err(problem) => answer = Err(problem),
                    }
                }
                match answer {
                    // If the page was left in the meantime, there is nothing to update.
                    Ok(answer) if on_saved.try_run(answer.value.clone()).is_some() => {
                        form.reset(&answer.value);
                        tag.set_value(answer.tag);
                        let _: Option<()> = saved.try_update(|saved| saved.key = answer.value);
                        toasts.say("The key is saved. The changes apply from the next request on.".to_owned(), None);
                        // The bar with the button is gone.
                        focus_main();
                    }
                    Ok(_) => {}
                    Err(problem) => set_if_alive(error, Some(problem)),
                }
                set_if_alive(busy, false);
            });
        });
        let discard = Callback::new(move |()| {
            form.reset(&saved.get_untracked().key);
            error.set(None);
            focus_main();
        });
        // After a conflict: with or without the own changes, on top of theirs.
        let resolve = Callback::new(move |choice: Choice| {
            let Some(found) = conflict.get_untracked() else { return };
            conflict.set(None);
            match choice {
                Choice::Theirs => {
                    receive.run(found.theirs);
                    discard.run(());
                }
                Choice::Both => receive.run(found.theirs),
                Choice::Mine => {
                    tag.set_value(found.theirs.tag);
                    form.previous.set(Some(found.theirs.value.key.scopes.clone()));
                    saved.set(found.theirs.value);
                    submit.run(());
                }
            }
        });
        Self { form, error, busy, lines, discard, changed, conflict, submit, receive, resolve }
    }
}

/// What would change, and the buttons that save or discard it. Hidden while nothing has changed.
#[component]
pub(super) fn SaveBar(edit: Edit, tabs: &'static [Tab]) -> impl IntoView {
    let Edit { form, error, busy, lines, discard, changed, .. } = edit;
    let list = dynamic(move || lines.get().into_iter().map(|line| view! { <li dir="auto">{shown(&line)}</li> }).collect_view());
    let faulty = memo(move || form.problems.with(|problems| !problems.is_empty()));
    // A field that is wrong is in the settings; there it gets the focus.
    effect(move |_| {
        if faulty.get() {
            crate::console::components::show_tab(tabs, "settings");
        }
    });
    view! {
        <div class="save-bar" hidden=move || !changed.get()>
            <FormBar form error>
                <ul class="save-changes" aria-label="Changes" tabindex="0">{list}</ul>
                <SaveActions changed busy label="Save changes" form="key-form" on_discard=discard />
            </FormBar>
        </div>
    }
    .into_any()
}
