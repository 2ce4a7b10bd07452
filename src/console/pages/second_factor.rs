//! The second factor of the own account: setting it up, its recovery codes, turning it off.

use leptos::{prelude::*, task::spawn_local};

use super::focus;
use crate::{
    api::{ConfirmSecondFactor, CreateSecondFactor, EnableSecondFactor, ErrorType, NewSecondFactor, SecondFactor},
    console::{
        client::{ClientError, second_factor as client},
        clock,
        components::{CopyButton, Failure, Loading, Section, TextField, focus_first_problem, icons, icons::Icon},
        download,
        load::{Load, LoadState, load, set_if_alive},
        router::{Guard, use_router},
        session::{SessionState, use_session},
        state::{code_problem, factor_state, grouped, recovery_file},
    },
};

const NOT_STORED: Guard = Guard {
    title: "Leave without the recovery codes?",
    text: "You have not copied the recovery codes, and you cannot see them again. Without them, you lose access if you lose your phone.",
    leave: "Leave without them",
};

/// What the section shows.
#[derive(Clone, PartialEq)]
enum Step {
    /// Whether it is on, and what can be done.
    Idle,
    /// Asks for the password before anything is set up.
    Password,
    /// Shows the secret and asks for the first code.
    Scan(NewSecondFactor),
    /// Asks for password and code, to turn it off.
    TurnOff,
    /// Asks for password and code, for new recovery codes.
    Renew,
    /// Shows recovery codes.
    Codes(Vec<String>),
}

#[component]
pub(super) fn SecondFactorSection(
    /// Called once other sessions have ended.
    on_done: Callback<()>,
) -> impl IntoView {
    let factor = load(client::get);
    let step = RwSignal::new(Step::Idle);
    let done = Callback::new(move |next: Step| {
        step.set(next);
        factor.reload.run(());
        on_done.run(());
    });
    let content = dynamic(move || match step.get() {
        Step::Idle => view! { <Idle factor step /> }.into_any(),
        Step::Password => view! { <PasswordStep step /> }.into_any(),
        Step::Scan(new) => view! { <ScanStep new step done /> }.into_any(),
        Step::TurnOff => view! { <ConfirmStep renews=false step done /> }.into_any(),
        Step::Renew => view! { <ConfirmStep renews=true step done /> }.into_any(),
        Step::Codes(codes) => view! { <RecoveryCodes codes step /> }.into_any(),
    });
    view! {
        <Section
            id="account-factor-title"
            title="Second factor"
            about="Signing in asks for your password and for a code from an authenticator app. Turning it on or off ends all your other sessions."
        >
            {content}
        </Section>
    }
}

#[component]
fn Idle(factor: Load<SecondFactor>, step: RwSignal<Step>) -> impl IntoView {
    let to = move |next: Step, field: &'static str| {
        step.set(next);
        focus(field);
    };
    move || match factor.value.get() {
        LoadState::Loading => view! { <Loading what="your second factor" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=factor.reload /> }.into_any(),
        LoadState::Ready(found) => {
            let text = factor_state(&found, clock::long);
            let actions = if found.enabled {
                view! {
                    <button type="button" class="button" on:click=move |_| to(Step::Renew, "factor-password")>"New recovery codes"</button>
                    <button type="button" class="button" data-kind="danger" on:click=move |_| to(Step::TurnOff, "factor-password")>
                        "Turn off"
                    </button>
                }
                .into_any()
            } else {
                view! { <button type="button" class="button" on:click=move |_| to(Step::Password, "factor-password")>"Set up"</button> }
                    .into_any()
            };
            view! {
                <p id="factor-state" tabindex="-1">{text}</p>
                <div class="row">{actions}</div>
            }
            .into_any()
        }
    }
}

/// A form of one step: what it sends, and what a refusal is about.
#[derive(Clone, Copy)]
struct Form {
    password: RwSignal<String>,
    password_problem: RwSignal<Option<String>>,
    code: RwSignal<String>,
    code_problem: RwSignal<Option<String>>,
    error: RwSignal<Option<ClientError>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Self {
            password: RwSignal::new(String::new()),
            password_problem: RwSignal::new(None),
            code: RwSignal::new(String::new()),
            code_problem: RwSignal::new(None),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether it can be sent; shows what is missing.
    fn check(self, has_password: bool, has_code: bool) -> bool {
        let missing = has_password && self.password.with_untracked(String::is_empty);
        self.password_problem.set(missing.then(|| "Enter your current password.".to_owned()));
        self.code_problem.set(if has_code { self.code.with_untracked(|code| code_problem(code)) } else { None });
        self.error.set(None);
        let complete = !missing && self.code_problem.with_untracked(Option::is_none);
        if !complete {
            focus_first_problem();
        }
        complete && !self.busy.get_untracked()
    }

    fn refuse(self, error: ClientError) {
        set_if_alive(self.busy, false);
        if error.is(ErrorType::InvalidCredentials) {
            set_if_alive(self.password_problem, Some(error.text()));
            focus_first_problem();
        } else if error.is(ErrorType::CodeInvalid) {
            set_if_alive(self.code_problem, Some(error.text()));
            focus_first_problem();
        } else {
            set_if_alive(self.error, Some(error));
        }
    }
}

#[component]
fn PasswordField(form: Form) -> impl IntoView {
    view! {
        <TextField
            id="factor-password"
            label="Password"
            value=form.password
            kind="password"
            autocomplete="current-password"
            required=true
            problem=form.password_problem
        />
    }
}

#[component]
fn CodeField(form: Form, hint: &'static str) -> impl IntoView {
    view! {
        <TextField
            id="factor-code"
            label="Code"
            value=form.code
            autocomplete="one-time-code"
            code=true
            required=true
            hint=Signal::stored(hint.to_owned())
            problem=form.code_problem
        />
    }
}

/// The error, the button that sends the form, and the one that leaves it.
#[component]
fn Actions(form: Form, label: &'static str, step: RwSignal<Step>) -> impl IntoView {
    let cancel = move |_| {
        step.set(Step::Idle);
        focus("factor-state");
    };
    view! {
        {move || form.error.get().map(|error| view! { <Failure error /> })}
        <div class="row">
            <button type="submit" class="button" data-kind="primary" aria-disabled=move || form.busy.get().to_string()>{label}</button>
            <button type="button" class="button" on:click=cancel>"Cancel"</button>
        </div>
    }
}

#[component]
fn PasswordStep(step: RwSignal<Step>) -> impl IntoView {
    let form = Form::new();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !form.check(true, false) {
            return;
        }
        form.busy.set(true);
        let body = CreateSecondFactor { password: form.password.get_untracked() };
        spawn_local(async move {
            match client::create(&body).await {
                Ok(new) => {
                    set_if_alive(step, Step::Scan(new));
                    focus("factor-scan");
                }
                Err(error) => form.refuse(error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit novalidate>
            <PasswordField form />
            <Actions form label="Continue" step />
        </form>
    }
}

#[component]
fn ScanStep(new: NewSecondFactor, step: RwSignal<Step>, done: Callback<Step>) -> impl IntoView {
    let form = Form::new();
    let token = new.token;
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !form.check(false, true) {
            return;
        }
        form.busy.set(true);
        let body = EnableSecondFactor { token: token.clone(), code: form.code.get_untracked() };
        spawn_local(async move {
            match client::enable(&body).await {
                Ok(made) => {
                    let _: Option<()> = done.try_run(Step::Codes(made.recovery_codes));
                }
                Err(error) => form.refuse(error),
            }
        });
    };
    let size = new.qr.size + 8;
    view! {
        <form class="stack" on:submit=submit novalidate>
            <p id="factor-scan" tabindex="-1">"Scan this QR code with an authenticator app, or enter the key below it."</p>
            <svg class="qr" role="img" aria-label="QR code for your authenticator app" viewBox=format!("-4 -4 {size} {size}")>
                <path d=new.qr.path />
            </svg>
            <div class="secret-line">
                <code class="secret-text" aria-label="Key" role="group">{grouped(&new.secret)}</code>
                <CopyButton text=Signal::stored(new.secret) what="key" />
            </div>
            <CodeField form hint="The 6 digits that the app shows now." />
            <Actions form label="Turn on" step />
        </form>
    }
}

#[component]
fn ConfirmStep(
    /// Whether it makes new recovery codes, instead of turning the second factor off.
    renews: bool,
    step: RwSignal<Step>,
    done: Callback<Step>,
) -> impl IntoView {
    let form = Form::new();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !form.check(true, true) {
            return;
        }
        form.busy.set(true);
        let body = ConfirmSecondFactor { password: form.password.get_untracked(), code: form.code.get_untracked() };
        spawn_local(async move {
            let next = if renews {
                client::renew_codes(&body).await.map(|made| Step::Codes(made.recovery_codes))
            } else {
                client::disable(&body).await.map(|()| Step::Idle)
            };
            match next {
                Ok(next) => {
                    let _: Option<()> = done.try_run(next);
                }
                Err(error) => form.refuse(error),
            }
        });
    };
    let (about, label) = if renews {
        ("Your earlier recovery codes stop working.", "Create new codes")
    } else {
        ("Signing in then asks for your password only.", "Turn off")
    };
    view! {
        <form class="stack" on:submit=submit novalidate>
            <p>{about}</p>
            <PasswordField form />
            <CodeField form hint="The 6 digits that your app shows now, or a recovery code." />
            <Actions form label step />
        </form>
    }
}

#[component]
fn RecoveryCodes(codes: Vec<String>, step: RwSignal<Step>) -> impl IntoView {
    let (router, session) = (use_router(), use_session());
    router.set_guard(Some(NOT_STORED));
    on_cleanup(move || router.set_guard(None));
    focus("factor-codes-title");
    let stored = Callback::new(move |()| router.set_guard(None));
    let email = session.state.with_untracked(|state| match state {
        SessionState::In(account) => account.email.clone(),
        _ => String::new(),
    });
    let list = codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view();
    let text = Signal::stored(codes.join("\n"));
    let save = move |_| {
        let host = window().location().host().unwrap_or_default();
        if download::save("scopewise-recovery-codes.txt", "text/plain", &recovery_file(&email, &host, &codes)) {
            stored.run(());
        }
    };
    let finish = move |_| {
        step.set(Step::Idle);
        focus("factor-state");
    };
    view! {
        <section class="secret" aria-labelledby="factor-codes-title">
            <h3 class="secret-title" id="factor-codes-title" tabindex="-1">
                <Icon path=icons::WARNING />
                "Store the recovery codes now"
            </h3>
            <p class="secret-about">
                "This is the only time that you can see them. Each code works once, instead of a code of your app. Store them where you store passwords, not on the phone with the app."
            </p>
            <ul class="recovery-codes" aria-label="Recovery codes">{list}</ul>
            <div class="row">
                <CopyButton text what="recovery codes" prominent=true on_copied=stored />
                <button type="button" class="button" on:click=save>"Download"</button>
                <button type="button" class="button" on:click=finish>"I have stored the codes"</button>
            </div>
        </section>
    }
}
