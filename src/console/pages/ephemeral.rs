//! A new ephemeral key: its scopes and its lifetime, then the secret with the time that is left.

use leptos::{prelude::*, task::spawn_local};

use super::project_names::crumbs_to_integration;
use crate::{
    api::Key,
    console::{
        app::focus_heading,
        catalog::use_catalog,
        client::{self, ClientError},
        clock::{self, use_now},
        components::{ConfirmDialog, Failure, SecretPanel, Section, focus_first_problem},
        load::set_if_alive,
        router::{Guard, use_router},
        state::{Duration, countdown},
        toast::use_toasts,
    },
    key::hint,
    picker::{PickerInputs, ScopePicker},
    scope::Expiry,
};

const NOT_COPIED: Guard = Guard {
    title: "Leave without the secret?",
    text: "You have not copied the secret, and you cannot see it again.",
    leave: "Leave without it",
};

#[component]
pub(in crate::console) fn EphemeralPage(project: String) -> impl IntoView {
    let made = RwSignal::new(None::<Key>);
    let held = StoredValue::new(project.clone());
    let body = dynamic(move || match made.get() {
        Some(key) => view! { <Made project=held.get_value() key made /> }.into_any(),
        None => view! { <Create project=held.get_value() made /> }.into_any(),
    });
    view! {
        {crumbs_to_integration(&project, "Ephemeral keys")}
        <div class="page-head">
            <h1 class="title" tabindex="-1">"Ephemeral keys"</h1>
            <EndAll project />
        </div>
        <p class="lead">"An ephemeral key works for at most one hour and then stops without any action. Use one for a migration, a support case or a single job. The server does not store it, so it is in no list."</p>
        {body}
    }
}

#[component]
fn Create(project: String, made: RwSignal<Option<Key>>) -> impl IntoView {
    let (now, catalog) = (use_now(), use_catalog());
    let scopes = RwSignal::new(Vec::<String>::new());
    let duration = RwSignal::new(Duration::default());
    let problem = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let inputs = PickerInputs {
        expire: Signal::derive(move || match duration.with(Duration::seconds) {
            Ok(seconds) => Expiry::At(now.get().plus_seconds(seconds).to_string()),
            Err(_) => Expiry::Unstated,
        }),
        now: Signal::derive(move || Some(now.get())),
        edition: Signal::stored(catalog.server_edition().map(|edition| edition.id.clone())),
        ..PickerInputs::new(catalog, scopes)
    };
    let report = inputs.report();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        let seconds = duration.with_untracked(Duration::seconds);
        problem.set(seconds.clone().err());
        let Ok(seconds) = seconds else { return focus_first_problem() };
        busy.set(true);
        let project = project.clone();
        spawn_local(async move {
            match client::create_ephemeral_key(&project, &scopes.get_untracked(), seconds).await {
                Ok(key) => {
                    set_if_alive(made, Some(key));
                    super::focus("secret-title");
                }
                Err(refused) => {
                    set_if_alive(error, Some(refused));
                    set_if_alive(busy, false);
                }
            }
        });
    };
    let chips = Duration::CHOICES
        .iter()
        .copied()
        .map(|(seconds, label)| {
            view! {
                <label class="chip">
                    <input
                        type="radio"
                        name="lifetime"
                        prop:checked=move || duration.with(|duration| duration.chosen == seconds)
                        on:change=move |_| duration.update(|duration| duration.chosen = seconds)
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <form on:submit=submit novalidate id="ephemeral-form">
            <Section id="ephemeral-life" title="Lifetime" about="Counts from the time that you create the key. You cannot extend it.">
                <fieldset class="field">
                    <legend class="visually-hidden">"Lifetime"</legend>
                    <div class="chips">{chips}</div>
                    <div class="exact" hidden=move || duration.with(|duration| duration.chosen.is_some())>
                        <label for="ephemeral-seconds">"Seconds"</label>
                        <input
                            id="ephemeral-seconds"
                            class="input"
                            type="text"
                            inputmode="numeric"
                            autocomplete="off"
                            aria-describedby="ephemeral-problem"
                            aria-invalid=move || problem.with(Option::is_some).to_string()
                            prop:value=move || duration.with(|duration| duration.written.clone())
                            on:input:target=move |event| duration.update(|duration| duration.written = event.target().value())
                        />
                    </div>
                    <p class="field-error" id="ephemeral-problem" role="alert">{move || problem.get()}</p>
                </fieldset>
            </Section>
        </form>
        <Section id="ephemeral-scopes" title="Scopes" about="What the key can do while it lives." wide=true>
            <ScopePicker inputs report />
        </Section>
        <div class="form-bar" role="group" aria-label="Summary">
            <p class="form-summary">
                <strong>{move || scopes.with(|scopes| crate::picker::state::counted(scopes.len(), "scope"))}</strong>
            </p>
            <div class="form-actions">
                <button type="submit" form="ephemeral-form" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Creating…" } else { "Create ephemeral key" }}
                </button>
            </div>
            <div class="form-failed">{move || error.get().map(|error| view! { <Failure error /> })}</div>
        </div>
    }
}

/// The secret, once, and how long it works.
#[component]
fn Made(project: String, key: Key, made: RwSignal<Option<Key>>) -> impl IntoView {
    let (router, toasts) = (use_router(), use_toasts());
    let copied = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let now = clock::seconds();
    let expire = key.expire.0;
    let left = memo(move || expire.map_or(0, |at| at.milliseconds_since(now.get()).max(0) / 1000));
    let works = memo(move || left.get() > 0);
    effect(move |_| router.set_guard((works.get() && !copied.get()).then_some(NOT_COPIED)));
    on_cleanup(move || router.set_guard(None));
    let hint = hint(&key.secret);
    let scopes = key.scopes.iter().map(|scope| view! { <li><code>{scope.clone()}</code></li> }).collect_view();
    let again = move || {
        router.set_guard(None);
        made.set(None);
        focus_heading();
    };
    let id = StoredValue::new((project, key.id));
    let revoke = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (project, id) = id.get_value();
        spawn_local(async move {
            match client::end_ephemeral_key(&project, &id).await {
                Ok(()) => {
                    toasts.say("The ephemeral key no longer works.".to_owned(), None);
                    set_if_alive(made, None);
                    focus_heading();
                }
                Err(problem) => toasts.say(problem.text(), None),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <SecretPanel secret=key.secret hint on_copied=Callback::new(move |()| copied.set(true)) stored="The server does not store it." />
        <section class="block" aria-labelledby="ephemeral-left">
            <h2 class="section-title" id="ephemeral-left">"Time left"</h2>
            <p class="countdown" role="timer">{move || countdown(left.get())}</p>
            <p class="section-text">
                {move || if works.get() { "Expires " } else { "Expired " }}
                {expire.map(clock::long)}"."
            </p>
            <h3 class="panel-title" id="ephemeral-scopes">"Scopes"</h3>
            <ul class="row" aria-labelledby="ephemeral-scopes">{scopes}</ul>
            <div class="row">
                <button type="button" class="button" data-kind="primary" on:click=move |_| again()>"Create another"</button>
                <button type="button" class="button" data-kind="danger" hidden=move || !works.get() aria-disabled=move || busy.get().to_string() on:click=revoke>
                    "Revoke now"
                </button>
            </div>
        </section>
    }
}

/// Ends every ephemeral key of the project.
#[component]
fn EndAll(project: String) -> impl IntoView {
    let toasts = use_toasts();
    let [asked, busy] = [(); 2].map(|()| RwSignal::new(false));
    let held = StoredValue::new(project);
    let end = Callback::new(move |()| {
        busy.set(true);
        let project = held.get_value();
        spawn_local(async move {
            let answer = client::end_ephemeral_keys(&project).await;
            toasts.say(
                answer.err().map_or_else(
                    || "All ephemeral keys and widget tokens of this project are revoked.".to_owned(),
                    |problem| problem.text(),
                ),
                None,
            );
            set_if_alive(asked, false);
            set_if_alive(busy, false);
        });
    });
    view! {
        <button type="button" class="button" data-kind="danger" on:click=move |_| asked.set(true)>"Revoke all"</button>
        <ConfirmDialog
            id="revoke-ephemeral"
            open=asked
            title=Signal::stored("Revoke all ephemeral keys?".to_owned())
            confirm=Signal::stored("Revoke all".to_owned())
            busy
            on_cancel=Callback::new(move |()| asked.set(false))
            on_confirm=end
        >
            <p>"Every ephemeral key and every widget token of this project stops working immediately, also those that other people and programs created. API keys still work."</p>
        </ConfirmDialog>
    }
}
