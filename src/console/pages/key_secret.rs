//! The status of a key and its secret: rotating it, and disabling or enabling the key.

use leptos::{prelude::*, task::spawn_local};

use super::{focus, keys::endpoint};
use crate::{
    api::{KeyDetails, RotateKey, UpdateKeyStatus},
    console::{
        app::focus_heading,
        catalog::use_catalog,
        client::{self, ClientError, Tagged},
        clock,
        components::{ConfirmDialog, Failure, RotateDialog, SecretPanel, Snippets, StatusPill},
        load::set_if_alive,
        route::Page,
        router::{Guard, use_router},
        state::{ExpiryDraft, ExpiryRule, Overlap, Prefill, remaining, status},
        toast::{Toasts, use_toasts},
    },
    key::{Policy, hint},
    picker::icons::{ERROR, Icon},
};

const NOT_COPIED: Guard = Guard {
    title: "Leave without the new secret?",
    text: "You have not copied the new secret, and you cannot see it again. Without it, the key cannot be used once the old secret expires.",
    leave: "Leave without it",
};

/// The actions on the secret of a key.
#[derive(Clone, Copy)]
pub(super) struct Secrets {
    project: StoredValue<String>,
    saved: RwSignal<KeyDetails>,
    /// Takes what an action answers.
    receive: Callback<Tagged<KeyDetails>>,
    toasts: Toasts,
    /// The new secret, shown once.
    fresh: RwSignal<Option<String>>,
    copied: RwSignal<bool>,
    rotating: RwSignal<bool>,
    disabling: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
}

impl Secrets {
    /// No action is running yet. `receive` takes the answer of each.
    pub fn new(project: String, saved: RwSignal<KeyDetails>, receive: Callback<Tagged<KeyDetails>>) -> Self {
        Self {
            project: StoredValue::new(project),
            saved,
            receive,
            toasts: use_toasts(),
            fresh: RwSignal::new(None),
            copied: RwSignal::new(false),
            rotating: RwSignal::new(false),
            disabling: RwSignal::new(false),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// The guard of the page.
    pub fn guard(self) -> Option<Guard> {
        (self.fresh.with(Option::is_some) && !self.copied.get()).then_some(NOT_COPIED)
    }

    fn ask_to_rotate(self) {
        self.error.set(None);
        self.rotating.set(true);
    }

    fn rotate(self, overlap: Overlap, draft: &ExpiryDraft) {
        let Ok(expire) = draft.of_new_secret(clock::now(), clock::parse_local) else { return };
        let (project, id) = self.begin();
        spawn_local(async move {
            match client::rotate_key(&project, &id, RotateKey { overlap_seconds: overlap.seconds(), expire }).await {
                Ok(mut answer) => {
                    let secret = std::mem::take(&mut answer.value.key.secret);
                    answer.value.key.secret = hint(&secret);
                    set_if_alive(self.copied, false);
                    set_if_alive(self.fresh, Some(secret));
                    self.receive.try_run(answer);
                    set_if_alive(self.rotating, false);
                    focus("secret-title");
                }
                Err(problem) => set_if_alive(self.error, Some(problem)),
            }
            set_if_alive(self.busy, false);
        });
    }

    fn switch(self, enabled: bool) {
        let (project, id) = self.begin();
        spawn_local(async move {
            match client::set_key_status(&project, &id, UpdateKeyStatus { enabled }).await {
                Ok(answer) => {
                    self.receive.try_run(answer);
                    set_if_alive(self.disabling, false);
                    let text = if enabled { "The key is enabled." } else { "The key is disabled. Its requests are refused." };
                    self.toasts.say(text.to_owned(), Some(Callback::new(move |()| self.switch(!enabled))));
                }
                Err(problem) => set_if_alive(self.error, Some(problem)),
            }
            set_if_alive(self.busy, false);
        });
    }

    fn end_overlap(self) {
        let (project, id) = self.begin();
        spawn_local(async move {
            match client::end_overlap(&project, &id).await {
                Ok(answer) => {
                    self.receive.try_run(answer);
                    self.toasts.say("The old secret no longer works.".to_owned(), None);
                }
                Err(problem) => set_if_alive(self.error, Some(problem)),
            }
            set_if_alive(self.busy, false);
        });
    }

    fn begin(self) -> (String, String) {
        self.busy.set(true);
        self.error.set(None);
        (self.project.get_value(), self.saved.with_untracked(|saved| saved.key.id.clone()))
    }
}

/// The new secret, shown once, and when the old one expires.
#[component]
pub(super) fn FreshSecret(secrets: Secrets) -> impl IntoView {
    let ends = dynamic(move || match secrets.saved.with(|saved| saved.overlap_until.0) {
        Some(at) => format!("The old secret works until {}.", clock::long(at)),
        None => "The old secret no longer works.".to_owned(),
    });
    dynamic(move || {
        secrets.fresh.get().map(|secret| {
            let done = move |_| {
                secrets.fresh.set(None);
                focus_heading();
            };
            let on_copied = Callback::new(move |()| secrets.copied.set(true));
            view! {
                <div class="created rotated">
                    <SecretPanel hint=hint(&secret) secret=secret.clone() on_copied />
                    <p class="row">
                        <button type="button" class="button" data-kind="primary" on:click=done>"I have stored the secret"</button>
                        <span>{ends}</span>
                    </p>
                    <Snippets
                        catalog=use_catalog()
                        endpoint=endpoint()
                        project=secrets.project.get_value()
                        hint=hint(&secret)
                        secret
                        on_stored=on_copied
                    />
                </div>
            }
        })
    })
}

/// Warns about a secret that was used from a web page.
#[component]
pub(super) fn Exposed(secrets: Secrets) -> impl IntoView {
    let exposed = memo(move || secrets.saved.with(|saved| saved.exposed_at.0));
    dynamic(move || {
        exposed.get().map(|at| {
            view! {
                <div class="notice" data-tone="error" role="alert">
                    <Icon path=ERROR />
                    <p>
                        <strong>{format!("This key was used from a web page on {}. Anyone may have read it.", clock::long(at))}</strong>
                        " Rotate the secret, and keep the new one on a server."
                    </p>
                    <button type="button" class="button" data-kind="danger" on:click=move |_| secrets.ask_to_rotate()>"Rotate now"</button>
                </div>
            }
        })
    })
}

/// The status of the key, and what is done in an incident: rotating the secret, disabling the key.
#[component]
pub(super) fn KeyActions(
    secrets: Secrets,
    /// The policy of the project, once it is known.
    policy: Signal<Option<Policy>>,
) -> impl IntoView {
    let Secrets { saved, rotating, disabling, busy, error, .. } = secrets;
    let enabled = memo(move || saved.with(|saved| saved.enabled));
    let switch = move |_| match (enabled.get_untracked(), busy.get_untracked()) {
        (_, true) => {}
        (true, false) => {
            error.set(None);
            disabling.set(true);
        }
        (false, false) => secrets.switch(true),
    };
    // A link to the rotation, from the list.
    let router = use_router();
    if router.query.get_untracked() == "?rotate" {
        router.write_query(String::new(), false);
        secrets.ask_to_rotate();
    }
    let now = clock::use_now();
    // Once it is over, there is nothing to revoke.
    let overlap = memo(move || saved.with(|saved| saved.overlap_until.0).filter(|until| *until > now.get()));
    let pill = memo(move || saved.with(|saved| (status(saved, now.get()), saved.exposed_at.0.is_some())));
    // A form with the same scopes: what is changed there does not touch this key.
    let copy = move || {
        let create = Page::KeyCreate { project: secrets.project.get_value() };
        let filled = saved.with(|saved| Prefill {
            name: format!("Copy of {}", saved.key.name),
            description: saved.key.description.clone(),
            scopes: saved.key.scopes.clone(),
            ..Prefill::default()
        });
        create.path() + &filled.query()
    };
    let outside = move || error.get().filter(|_| !rotating.get() && !disabling.get());
    view! {
        <div class="key-actions">
            <p class="row">
                {move || {
                    let (status, exposed) = pill.get();
                    view! { <StatusPill status exposed /> }
                }}
                <code class="key-hint" title="The beginning and the end of the secret">{move || saved.with(|saved| saved.key.secret.clone())}</code>
                <button type="button" class="button" on:click=move |_| secrets.ask_to_rotate()>"Rotate secret"</button>
                <button type="button" class="button" aria-disabled=move || busy.get().to_string() on:click=switch>
                    {move || if enabled.get() { "Disable key" } else { "Enable key" }}
                </button>
                <a class="button" href=copy>"Duplicate"</a>
            </p>
            {move || {
                overlap.get().map(|until| {
                    view! {
                        <p class="row">
                            <span>
                                {move || format!("The old secret also works for {}, until {}.", remaining(until, now.get()), clock::long(until))}
                            </span>
                            <button type="button" class="button" aria-disabled=move || busy.get().to_string() on:click=move |_| {
                                if !busy.get_untracked() {
                                    secrets.end_overlap();
                                }
                            }>"Revoke the old secret now"</button>
                        </p>
                    }
                })
            }}
            {move || outside().map(|error| view! { <Failure error /> })}
        </div>
        <RotateDialog
            open=rotating
            expire=Signal::derive(move || saved.with(|saved| saved.key.expire.0))
            rule=Signal::derive(move || policy.get().map(ExpiryRule::of_new_secret))
            exposed=Signal::derive(move || saved.with(|saved| saved.exposed_at.0.is_some()))
            busy
            error
            on_rotate=Callback::new(move |(overlap, draft): (Overlap, ExpiryDraft)| secrets.rotate(overlap, &draft))
        />
        <ConfirmDialog
            id="disable-key"
            open=disabling
            title=Signal::stored("Disable this key?".to_owned())
            confirm=Signal::derive(move || if busy.get() { "Disabling…" } else { "Disable key" }.to_owned())
            cancel="Keep it enabled"
            busy
            on_cancel=Callback::new(move |()| disabling.set(false))
            on_confirm=Callback::new(move |()| secrets.switch(false))
        >
            <p>"Requests with this key are refused immediately. You can enable the key again at any time."</p>
            {move || error.get().map(|error| view! { <Failure error /> })}
        </ConfirmDialog>
    }
}
