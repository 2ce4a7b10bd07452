//! The policy of a project: what API keys can do with keys, how long secrets live, editions, and keys in web pages.

use leptos::{prelude::*, task::spawn_local};

use super::project_names::crumbs_to_project;
use crate::{
    console::{
        catalog::use_catalog,
        client::{self, ClientError},
        components::{
            Choices, Crumb, Crumbs, EditionField, Failure, Loading, RadioOption, SaveActions, Section, TextField, focus_first_problem,
        },
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::{Guard, use_router},
        state::{Lifetime, PolicyDraft},
    },
    key::{BrowserUse, KeyCreation, Policy},
};

const UNSAVED: Guard =
    Guard { title: "Leave without saving?", text: "Your changes to the key policy will be lost.", leave: "Leave without saving" };

#[component]
pub(in crate::console) fn PolicyPage(project: String) -> impl IntoView {
    let saved = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move { client::policy(&project).await }
        })
    };
    let here = Page::Policy { project: project.clone() };
    let mut crumbs = crumbs_to_project(&project);
    crumbs.push(Crumb::here(Signal::stored("Settings".to_owned())));
    crumbs.push(Crumb::here(Signal::stored(here.title().to_owned())));
    let editor = project.clone();
    let body = dynamic(move || match saved.value.get() {
        LoadState::Loading => view! { <Loading what="the key policy" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        LoadState::Ready(saved) => view! { <PolicyEditor project=editor.clone() policy=saved.policy /> }.into_any(),
    });
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1">"Key policy"</h1>
        <p class="lead">"Rules for the API keys of this project. Existing keys keep their scopes and expiry."</p>
        {body}
    }
}

#[component]
fn PolicyEditor(project: String, policy: Policy) -> impl IntoView {
    let router = use_router();
    let saved = RwSignal::new(policy);
    let draft = RwSignal::new(PolicyDraft::of(policy));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let problem = RwSignal::new(None::<String>);
    let changed = memo(move || draft.with(PolicyDraft::policy) != Ok(saved.get()));
    effect(move |_| router.set_guard(changed.get().then_some(UNSAVED)));
    on_cleanup(move || router.set_guard(None));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !changed.get_untracked() {
            return;
        }
        error.set(None);
        let policy = draft.with_untracked(PolicyDraft::policy);
        problem.set(policy.as_ref().err().cloned());
        let Ok(policy) = policy else { return focus_first_problem() };
        busy.set(true);
        let project = project.clone();
        spawn_local(async move {
            match client::update_policy(&project, policy).await {
                Ok(answer) => {
                    set_if_alive(draft, PolicyDraft::of(answer.policy));
                    set_if_alive(saved, answer.policy);
                }
                Err(refused) => set_if_alive(error, Some(refused)),
            }
            set_if_alive(busy, false);
        });
    };
    let discard = Callback::new(move |()| {
        problem.set(None);
        draft.set(PolicyDraft::of(saved.get_untracked()));
    });
    view! {
        <form on:submit=submit novalidate>
            <Section id="policy-creation" title="Keys that create keys" about="What an API key with the keys.write scope can do. This rule does not apply to people who use the console.">
                <Choices
                    name="key-creation"
                    legend="What API keys can do with keys"
                    options=key_creation_offers()
                    chosen=Signal::derive(move || draft.with(|draft| draft.key_creation))
                    on_choose=Callback::new(move |choice| draft.update(|draft| draft.key_creation = choice))
                />
            </Section>
            <LifeSection draft problem />
            <Section id="policy-edition" title="Edition" about="Which scopes a key can have. Choose the server version that your keys are for, so that no key gets a scope that this version does not have.">
                <EditionField
                    catalog=use_catalog()
                    chosen=Signal::derive(move || draft.with(|draft| draft.edition))
                    on_choose=Callback::new(move |edition| draft.update(|draft| draft.edition = edition))
                    saved=Signal::derive(move || saved.get().edition)
                />
            </Section>
            <Section id="policy-browser" title="Keys in web pages" about="A key in a web page is public: anyone who opens the page can read it.">
                <Choices
                    name="browser-use"
                    legend="What happens when a key is used from a web page"
                    options=browser_use_offers()
                    chosen=Signal::derive(move || draft.with(|draft| draft.browser_use))
                    on_choose=Callback::new(move |choice| draft.update(|draft| draft.browser_use = choice))
                />
            </Section>
            {move || error.get().map(|error| view! { <Failure error /> })}
            <div class="form-bar" role="group" aria-label="Summary">
                <div class="form-actions">
                    <SaveActions changed busy label="Save policy" on_discard=discard />
                </div>
            </div>
        </form>
    }
}

#[component]
fn LifeSection(draft: RwSignal<PolicyDraft>, problem: RwSignal<Option<String>>) -> impl IntoView {
    let days = RwSignal::new(draft.with_untracked(|draft| draft.days.clone()));
    // The field and the draft update each other; equal values end the loop.
    effect(move |_| {
        let written = draft.with(|draft| draft.days.clone());
        if days.get_untracked() != written {
            days.set(written);
        }
    });
    effect(move |_| {
        let written = days.get();
        if draft.with_untracked(|draft| draft.days != written) {
            draft.update(|draft| draft.days = written);
        }
    });
    let lifetime = memo(move || draft.with(|draft| draft.lifetime));
    let chips = Lifetime::ALL
        .iter()
        .copied()
        .map(|offered| {
            view! {
                <label class="chip">
                    <input
                        type="radio"
                        name="lifetime"
                        prop:checked=move || lifetime.get() == offered
                        on:change=move |_| draft.update(|draft| draft.lifetime = offered)
                    />
                    <span>{offered.label()}</span>
                </label>
            }
        })
        .collect_view();
    let limited = move || lifetime.get() != Lifetime::Unlimited;
    view! {
        <Section id="policy-life" title="Lifetime of secrets" about="Applies to people, API keys and the command line. A leaked or forgotten secret then stops working without any action from you.">
            <fieldset class="field">
                <legend class="field-label">"Maximum lifetime"</legend>
                <div class="chips">{chips}</div>
                <p class="field-hint">"Counts from the creation of the key or its last rotation. With a limit, every new key needs an expiry."</p>
            </fieldset>
            <div hidden=move || lifetime.get() != Lifetime::Other>
                <TextField id="policy-days" label="Days" value=days problem=problem />
            </div>
            <label class="option">
                <input
                    type="checkbox"
                    class="box"
                    aria-label="Every new key needs an expiry"
                    aria-describedby="require-expiry-about"
                    disabled=limited
                    prop:checked=move || limited() || draft.with(|draft| draft.require_expiry)
                    on:change:target=move |event| draft.update(|draft| draft.require_expiry = event.target().checked())
                />
                <span>
                    <strong>"Every new key needs an expiry"</strong>
                    <span class="field-hint" id="require-expiry-about">
                        {move || if limited() { "The maximum lifetime already requires one." } else { "Any date is allowed, but not “Never”." }}
                    </span>
                </span>
            </label>
        </Section>
    }
}

fn key_creation_offers() -> Vec<RadioOption<KeyCreation>> {
    let offer = |value, label, about| RadioOption { value, label, about };
    vec![
        offer(
            KeyCreation::Any,
            "Create any key",
            "The key can create keys with any scopes and any expiry. With keys.write, it has full access.",
        ),
        offer(
            KeyCreation::Subset,
            "Create keys within its own scopes",
            "The key can create keys only with scopes that it has, and with an expiry no later than its own.",
        ),
        offer(
            KeyCreation::Denied,
            "Create no keys",
            "Only people create keys. The key can still delete keys, and rotate keys whose scopes it has.",
        ),
    ]
}

fn browser_use_offers() -> Vec<RadioOption<BrowserUse>> {
    let offer = |value, label, about| RadioOption { value, label, about };
    vec![
        offer(BrowserUse::Reject, "Refuse and report", "Refuse the request and mark the key as exposed."),
        offer(BrowserUse::Report, "Allow and report", "Allow the request and mark the key as exposed."),
        offer(BrowserUse::Allow, "Allow", "Allow the request and record nothing. Use this only for tests on your own machine."),
    ]
}
