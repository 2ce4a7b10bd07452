//! The form that creating and changing a key share.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{
    api::Key,
    console::{
        catalog::use_catalog,
        client,
        clock::{self, use_now},
        components::{TextArea, TextField, focus_first_problem},
        load::{LoadState, load},
        state::{ExpiryDraft, KeyDraft, Problems, blocks, description_hint, relative},
    },
    key::Policy,
    picker::{
        PickerInputs, ScopePicker,
        icons::{self, Icon},
        state::{counted, verdict},
    },
    scope::{Level, Report, Runtime, Tier},
};

/// What a person is writing about a key.
#[derive(Clone, Copy)]
pub(super) struct KeyForm {
    pub name: RwSignal<String>,
    pub id: RwSignal<String>,
    pub description: RwSignal<String>,
    pub expiry: RwSignal<ExpiryDraft>,
    pub runs_in: RwSignal<Option<Runtime>>,
    pub scopes: RwSignal<Vec<String>>,
    pub problems: RwSignal<Problems>,
    pub report: Memo<Report>,
    pub previous: RwSignal<Option<Vec<String>>>,
    policy: Signal<Option<Policy>>,
}

impl KeyForm {
    /// A form that begins with a draft. `previous` are the saved scopes of a key that is being changed. `policy` is that of the project,
    /// once it is known.
    pub fn new(draft: &KeyDraft, scopes: Vec<String>, previous: Option<Vec<String>>, policy: Signal<Option<Policy>>) -> Self {
        let expiry = RwSignal::new(draft.expiry.clone());
        let runs_in = RwSignal::new(None);
        let scopes = RwSignal::new(scopes);
        let previous = RwSignal::new(previous);
        let inputs = inputs(scopes, expiry, runs_in, previous, policy);
        Self {
            name: RwSignal::new(draft.name.clone()),
            id: RwSignal::new(draft.id.clone()),
            description: RwSignal::new(draft.description.clone()),
            expiry,
            runs_in,
            scopes,
            problems: RwSignal::new(Problems::default()),
            report: inputs.report(),
            previous,
            policy,
        }
    }

    /// What has been written so far.
    pub fn draft(self) -> KeyDraft {
        KeyDraft { name: self.name.get(), id: self.id.get(), description: self.description.get(), expiry: self.expiry.get() }
    }

    /// Goes back to a saved key.
    pub fn reset(self, key: &Key) {
        let draft = KeyDraft::of(key);
        self.name.set(draft.name);
        self.description.set(draft.description);
        self.expiry.set(draft.expiry);
        self.scopes.set(key.scopes.clone());
        self.previous.set(Some(key.scopes.clone()));
        self.problems.set(Problems::default());
    }

    /// What the draft comes to; where something is wrong, each field says so and the first of them has the focus.
    pub fn told<T>(self, body: Result<T, Problems>) -> Option<T> {
        match body {
            Ok(body) => {
                self.problems.set(Problems::default());
                Some(body)
            }
            Err(problems) => {
                self.problems.set(problems);
                focus_first_problem();
                None
            }
        }
    }

    /// Whether the report forbids saving; then it is brought into sight.
    pub fn is_blocked(self) -> bool {
        let previous = self.previous.get_untracked().unwrap_or_default();
        let blocked = self.report.with_untracked(|report| blocks(report, &previous));
        if blocked {
            self.show_report();
        }
        blocked
    }

    fn inputs(self) -> PickerInputs {
        inputs(self.scopes, self.expiry, self.runs_in, self.previous, self.policy)
    }

    fn show_report(self) {
        let title = document().get_element_by_id("report-title").and_then(|title| title.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(title) = title {
            title.scroll_into_view();
            drop(title.focus());
        }
    }
}

fn inputs(
    scopes: RwSignal<Vec<String>>,
    expiry: RwSignal<ExpiryDraft>,
    runs_in: RwSignal<Option<Runtime>>,
    previous: RwSignal<Option<Vec<String>>>,
    policy: Signal<Option<Policy>>,
) -> PickerInputs {
    let (now, catalog) = (use_now(), use_catalog());
    // As the server asks the model.
    let edition = move || match policy.get().and_then(|policy| policy.edition) {
        Some(edition) => Some(edition.as_str().to_owned()),
        None => catalog.server_edition().map(|edition| edition.id.clone()),
    };
    PickerInputs {
        catalog,
        scopes,
        previous: previous.into(),
        runs_in: runs_in.into(),
        expire: Signal::derive(move || expiry.get().stated(now.get(), clock::parse_local)),
        now: Signal::derive(move || Some(now.get())),
        edition: Memo::new(move |_| edition()).into(),
        beyond_edition: Signal::derive(move || Some(policy.get().unwrap_or_default().beyond_edition())),
        tier: Tier::Project,
    }
}

/// The policy of a project, once it is known. Without an answer a form gives no advice; the server judges in any case.
pub(super) fn policy_of(project: &str) -> Signal<Option<Policy>> {
    let project = project.to_owned();
    let policy = load(move || {
        let project = project.clone();
        async move { client::policy(&project).await }
    });
    Signal::derive(move || match policy.value.get() {
        LoadState::Ready(answer) => Some(answer.policy),
        _ => None,
    })
}

/// Name and description.
#[component]
pub(super) fn TextFields(form: KeyForm) -> impl IntoView {
    view! {
        <TextField
            id="key-name"
            label="Name"
            value=form.name
            required=true
            placeholder="Such as: nightly export, production"
            problem=Signal::derive(move || form.problems.with(|problems| problems.name.clone()))
        />
        <TextArea
            id="key-description"
            label="Description"
            value=form.description
            rows=3
            placeholder="Such as: imports orders every night; ask Ada before you delete it"
            hint=Signal::derive(move || form.description.with(|written| description_hint(written)))
            problem=Signal::derive(move || form.problems.with(|problems| problems.description.clone()))
        />
    }
}

/// Chooses scopes. What is on offer depends on the edition that the project's policy names.
#[component]
pub(super) fn FormScopes(form: KeyForm) -> impl IntoView {
    let inputs = form.inputs();
    let edition = inputs.edition;
    move || {
        edition.track();
        view! { <ScopePicker inputs report=form.report /> }
    }
}

/// What saving would come to, and the buttons that do it. It stays in sight.
#[component]
pub(super) fn FormBar(form: KeyForm, children: Children) -> impl IntoView {
    let now = use_now();
    let expires = move || match form.expiry.get().resolve(now.get(), clock::parse_local) {
        Ok(Some(at)) if at <= now.get() => format!("expired {}", relative(at, now.get())),
        Ok(Some(at)) => format!("expires {}", clock::day(at)),
        Ok(None) => "never expires".to_owned(),
        Err(_) => "no expiry yet".to_owned(),
    };
    let level = move || {
        form.report.with(|report| match report.all().map(|finding| finding.level).min() {
            Some(Level::Error) => "error",
            Some(Level::Warning) => "warning",
            Some(Level::Hint) => "hint",
            None => "fine",
        })
    };
    let icon = move || match level() {
        "error" => icons::ERROR,
        "warning" => icons::WARNING,
        "hint" => icons::HINT,
        _ => icons::FINE,
    };
    view! {
        <div class="form-bar" role="group" aria-label="Summary">
            <p class="form-summary">
                <strong>{move || form.scopes.with(|scopes| counted(scopes.len(), "scope"))}</strong>
                <span>{expires}</span>
                <span class="form-verdict" data-level=level>
                    {move || view! { <Icon path=icon() /> }}
                    {move || form.report.with(verdict)}
                </span>
            </p>
            <div class="form-actions">{children()}</div>
        </div>
    }
}
