//! The form to create or change a key.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    api::{Key, KeyDetails},
    console::{
        catalog::use_catalog,
        client::{self, ClientError},
        clock::{self, use_now},
        components::{Failure, Notice, TextArea, TextField, focus_first_problem},
        load::{LoadState, load},
        state::{ExpiryDraft, ExpiryRule, KeyDraft, Problems, blocks, combined, combined_text, description_hint, relative},
    },
    key::{EditionId, KeyCreation, Policy},
    picker::{
        PickerInputs,
        icons::{self, Icon},
        paint::painted,
        state::{Strings, counted, verdict},
    },
    scope::{DateTime, Level, Report, Runtime},
};

/// The entries of the form.
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
    pub inputs: PickerInputs,
    policy: Signal<Option<Policy>>,
    /// What the policy says about the expiry, once it is known.
    pub rule: Signal<Option<ExpiryRule>>,
}

impl KeyForm {
    /// A form for a new key, or for `saved`. `policy` is that of the project, once it is known.
    pub fn new(saved: Option<RwSignal<KeyDetails>>, policy: Signal<Option<Policy>>) -> Self {
        let key = saved.map(|saved| saved.with_untracked(|saved| saved.key.clone()));
        let draft = key.as_ref().map_or_else(KeyDraft::default, KeyDraft::of);
        let expiry = RwSignal::new(draft.expiry.clone());
        let runs_in = RwSignal::new(None);
        let previous = RwSignal::new(key.map(|key| key.scopes));
        let scopes = RwSignal::new(previous.get_untracked().unwrap_or_default());
        let rule = Signal::derive(move || {
            policy.get().map(|policy| match saved {
                Some(saved) => saved.with(|saved| ExpiryRule::of_saved(policy, saved)),
                None => ExpiryRule::of_new_secret(policy),
            })
        });
        let inputs = inputs(scopes, expiry, runs_in, previous, policy);
        Self {
            name: RwSignal::new(draft.name),
            id: RwSignal::new(draft.id),
            description: RwSignal::new(draft.description),
            expiry,
            runs_in,
            scopes,
            problems: RwSignal::new(Problems::default()),
            report: inputs.report(),
            previous,
            inputs,
            policy,
            rule,
        }
    }

    /// The current draft.
    pub fn draft(self) -> KeyDraft {
        KeyDraft { name: self.name.get(), id: self.id.get(), description: self.description.get(), expiry: self.expiry.get() }
    }

    /// Resets the form to a saved key.
    pub fn reset(self, key: &Key) {
        let draft = KeyDraft::of(key);
        self.name.set(draft.name);
        self.description.set(draft.description);
        self.expiry.set(draft.expiry);
        self.scopes.set(key.scopes.clone());
        self.previous.set(Some(key.scopes.clone()));
        self.problems.set(Problems::default());
    }

    /// Puts the changes that are not saved yet on top of a newer state of the key.
    pub fn rebase(self, before: &Key, after: &Key) {
        self.name.update(|name| *name = combined_text(&before.name, name, &after.name));
        self.description.update(|text| *text = combined_text(&before.description, text, &after.description));
        self.scopes.update(|scopes| *scopes = combined(&before.scopes, scopes, &after.scopes));
        self.previous.set(Some(after.scopes.clone()));
    }

    /// The body to send. Where something is wrong, each field shows it, the first of them gets the focus, and there is no body.
    pub fn accept<T>(self, body: Result<T, Problems>) -> Option<T> {
        let refused = untrack(|| self.expiry_refusal(clock::now())).is_some();
        let body = match body {
            Ok(body) => {
                self.problems.set(Problems::default());
                (!refused).then_some(body)
            }
            Err(problems) => {
                self.problems.set(problems);
                None
            }
        };
        if body.is_none() {
            focus_first_problem();
        }
        body
    }

    /// What is wrong with the expiry, for its field.
    pub fn expiry_problem(self) -> Signal<Option<String>> {
        let now = use_now();
        Signal::derive(move || self.problems.with(|problems| problems.expiry.clone()).or_else(|| self.expiry_refusal(now.get())))
    }

    fn expiry_refusal(self, now: DateTime) -> Option<String> {
        let expire = self.expiry.with(|draft| draft.resolve(now, clock::parse_local)).ok()?;
        self.rule.get().and_then(|rule| rule.refusal(expire, now))
    }

    /// Whether the report forbids saving; then the page scrolls to it.
    pub fn is_blocked(self) -> bool {
        let previous = self.previous.get_untracked().unwrap_or_default();
        let blocked = self.report.with_untracked(|report| blocks(report, &previous));
        if blocked {
            self.show_report();
        }
        blocked
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
    // The same rule as on the server.
    let edition = move || {
        let named = policy.get().and_then(|policy| policy.edition);
        catalog.edition_of_keys(named.as_ref().map(EditionId::as_str)).map(str::to_owned)
    };
    PickerInputs {
        previous: previous.into(),
        runs_in: runs_in.into(),
        expire: Signal::derive(move || expiry.get().stated(now.get(), clock::parse_local)),
        now: Signal::derive(move || Some(now.get())),
        edition: memo(edition).into(),
        beyond_edition: Signal::derive(move || Some(policy.get().unwrap_or_default().beyond_edition())),
        ..PickerInputs::new(catalog, scopes)
    }
}

/// The policy of a project, once it is known. Without it, the form cannot warn; the server checks in any case.
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
pub(super) fn TextFields(
    form: KeyForm,
    /// The name has a place of its own.
    #[prop(optional)]
    only_description: bool,
) -> impl IntoView {
    let name = (!only_description).then(|| {
        view! {
            <TextField
                id="key-name"
                label="Name"
                value=form.name
                required=true
                problem=Signal::derive(move || form.problems.with(|problems| problems.name.clone()))
            />
        }
    });
    view! {
        {name}
        <TextArea
            id="key-description"
            label="Description"
            value=form.description
            rows=3
            placeholder="For example: Imports orders every night. Ask Ada before you delete it."
            hint=Signal::derive(move || form.description.with(|written| description_hint(written)))
            problem=Signal::derive(move || form.problems.with(|problems| problems.description.clone()))
        />
    }
}

/// What the project's policy changes about what the check says of keys.write.
#[component]
pub(super) fn LimitedNotice(form: KeyForm) -> impl IntoView {
    // The check knows no policy, and says that such a key has full access.
    let is_limited = memo(move || {
        form.policy.get().is_some_and(|policy| policy.key_creation == KeyCreation::Subset)
            && form.scopes.with(|scopes| scopes.iter().any(|scope| scope == "keys.write"))
    });
    dynamic(move || {
        is_limited.get().then(|| {
            view! {
                <Notice>
                    <p>"The policy of this project limits keys.write: keys that this key creates have only scopes that it has itself."</p>
                </Notice>
            }
        })
    })
}

/// A summary of the form with its buttons, and why saving failed. It is always visible.
#[component]
pub(super) fn FormBar(form: KeyForm, error: RwSignal<Option<ClientError>>, children: Children) -> impl IntoView {
    let now = use_now();
    let report: RwSignal<Report> = painted(form.report.into());
    let scopes: RwSignal<Vec<String>> = painted(form.scopes.into());
    let failed = NodeRef::<html::Div>::new();
    effect(move |_| {
        if error.with(Option::is_some) {
            request_animation_frame(move || {
                if let Some(failed) = failed.try_get_untracked().flatten() {
                    drop(failed.focus());
                }
            });
        }
    });
    let expires = dynamic(move || match form.expiry.get().resolve(now.get(), clock::parse_local) {
        Ok(Some(at)) if at <= now.get() => format!("expired {}", relative(at, now.get())),
        Ok(Some(at)) => format!("expires {}", clock::day(at)),
        Ok(None) => "never expires".to_owned(),
        Err(_) => "no expiry yet".to_owned(),
    });
    let level = move || {
        report.with(|report| match report.all().map(|diagnostic| diagnostic.level).min() {
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
                <strong>{move || scopes.with(|scopes| counted(scopes.len(), "scope"))}</strong>
                <span>{expires}</span>
                <span class="form-verdict" data-level=level>
                    {move || view! { <Icon path=icon() /> }}
                    {move || report.with(|report| verdict(&Strings::default(), report))}
                </span>
            </p>
            <div class="form-actions">{children()}</div>
            <div class="form-failed" tabindex="-1" node_ref=failed>{move || error.get().map(|error| view! { <Failure error /> })}</div>
        </div>
    }
}
