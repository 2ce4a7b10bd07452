//! Forms to change the own name and password.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{ErrorType, UpdateAccountName, UpdatePassword},
    console::{
        client::{self, ClientError},
        components::{Failure, Section, TextField, focus_first_problem},
        load::set_if_alive,
        session::{SessionState, use_session},
        state::{PasswordDraft, PasswordProblems, name_problem, password_rule},
    },
};

#[component]
pub(super) fn NameForm() -> impl IntoView {
    let session = use_session();
    let saved = session.state.with_untracked(|state| match state {
        SessionState::In(account) => account.name.clone(),
        _ => String::new(),
    });
    let name = RwSignal::new(saved);
    let problem = RwSignal::new(None::<String>);
    let (error, busy, status) = (RwSignal::new(None::<ClientError>), RwSignal::new(false), RwSignal::new(""));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let body = UpdateAccountName { name: name.get_untracked().trim().to_owned() };
        error.set(None);
        status.set("");
        problem.set(name_problem(&body.name));
        if problem.with_untracked(Option::is_some) {
            return focus_first_problem();
        }
        busy.set(true);
        spawn_local(async move {
            match client::update_name(&body).await {
                Ok(account) => {
                    set_if_alive(name, account.name.clone());
                    set_if_alive(status, "Your name was saved.");
                    session.state.set(SessionState::In(Box::new(account)));
                }
                Err(refused) => set_if_alive(error, Some(refused)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <form on:submit=submit novalidate>
            <Section id="account-name-title" title="Name" about="The name that the console shows for you. You sign in with your email address.">
                <TextField id="account-name" label="Name" value=name autocomplete="name" hint=Signal::stored("Optional.".to_owned()) problem=problem />
                <Outcome error status />
                <div>
                    <button type="submit" class="button" aria-disabled=move || busy.get().to_string()>
                        {move || if busy.get() { "Saving…" } else { "Save name" }}
                    </button>
                </div>
            </Section>
        </form>
    }
}

#[component]
pub(super) fn PasswordForm(
    /// Called once the password is changed and the other sessions have ended.
    on_done: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let [old, new, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let problems = RwSignal::new(PasswordProblems::default());
    let (error, busy, status) = (RwSignal::new(None::<ClientError>), RwSignal::new(false), RwSignal::new(""));
    let email = session.state.with_untracked(|state| match state {
        SessionState::In(account) => account.email.clone(),
        _ => String::new(),
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let draft = PasswordDraft { old: old.get_untracked(), new: new.get_untracked(), again: again.get_untracked() };
        error.set(None);
        status.set("");
        problems.set(draft.problems());
        if problems.with_untracked(PasswordProblems::is_any) {
            return focus_first_problem();
        }
        busy.set(true);
        spawn_local(async move {
            match client::update_password(&UpdatePassword { password: draft.new, old_password: draft.old }).await {
                Ok(_) => {
                    for field in [old, new, again] {
                        set_if_alive(field, String::new());
                    }
                    set_if_alive(status, "Your password was changed. All your other sessions were ended.");
                    on_done.run(());
                }
                Err(refused) if refused.is(ErrorType::InvalidCredentials) => {
                    set_if_alive(problems, PasswordProblems::of_old(&refused.text()));
                    focus_first_problem();
                }
                Err(refused) => set_if_alive(error, Some(refused)),
            }
            set_if_alive(busy, false);
        });
    };
    let old_problem = Signal::derive(move || problems.with(|problems| problems.old.clone()));
    let new_problem = Signal::derive(move || problems.with(|problems| problems.new.clone()));
    let again_problem = Signal::derive(move || problems.with(|problems| problems.again.clone()));
    view! {
        <form on:submit=submit novalidate>
            <Section
                id="account-password-title"
                title="Password"
                about="Changing your password ends all your other sessions. If you have forgotten your password, ask the operator of this server to reset it."
            >
                // For password managers, which look for the name that a password belongs to.
                <input type="email" autocomplete="username" value=email hidden readonly />
                <TextField
                    id="old-password"
                    label="Current password"
                    value=old
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    problem=old_problem
                />
                <TextField
                    id="new-password"
                    label="New password"
                    value=new
                    kind="password"
                    autocomplete="new-password"
                    required=true
                    hint=Signal::stored(password_rule())
                    problem=new_problem
                />
                <TextField
                    id="new-password-again"
                    label="Confirm new password"
                    value=again
                    kind="password"
                    autocomplete="new-password"
                    required=true
                    problem=again_problem
                />
                <Outcome error status />
                <div>
                    <button type="submit" class="button" aria-disabled=move || busy.get().to_string()>
                        {move || if busy.get() { "Changing…" } else { "Change password" }}
                    </button>
                </div>
            </Section>
        </form>
    }
}

/// The result: an error, or a message of success.
#[component]
fn Outcome(error: RwSignal<Option<ClientError>>, status: RwSignal<&'static str>) -> impl IntoView {
    view! {
        {move || error.get().map(|error| view! { <Failure error /> })}
        <p class="form-state" role="status">{move || status.get()}</p>
    }
}
