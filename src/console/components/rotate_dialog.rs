//! Asks how long the old secret stays valid before a key gets a new one.

use leptos::{html, prelude::*};

use super::{
    dialog::{if_closed, keep_open},
    expiry_field::ExpiryField,
    failure::Failure,
};
use crate::{
    console::{
        client::ClientError,
        clock,
        state::{ExpiryChoice, ExpiryDraft, ExpiryRule, Overlap, relative},
    },
    scope::DateTime,
};

/// Asks when the old secret expires.
#[component]
pub(in crate::console) fn RotateDialog(
    open: RwSignal<bool>,
    /// The expiry of the key; `None` is never.
    #[prop(into)]
    expire: Signal<Option<DateTime>>,
    /// What the project's policy says about a new secret, once it is known.
    rule: Signal<Option<ExpiryRule>>,
    #[prop(into)] exposed: Signal<bool>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] error: Signal<Option<ClientError>>,
    /// Gets the new expiry of the key, too.
    on_rotate: Callback<(Overlap, ExpiryDraft)>,
) -> impl IntoView {
    let now = clock::use_now();
    let dialog = NodeRef::<html::Dialog>::new();
    let chosen = RwSignal::new(Overlap::Day);
    let draft = RwSignal::new(ExpiryDraft::new());
    let problem = RwSignal::new(None::<String>);
    keep_open(dialog, open.into(), move || {
        chosen.set(Overlap::suggested(exposed.get()));
        let mut fitted = ExpiryDraft::for_new_secret(expire.get(), clock::now());
        if let Some(rule) = rule.get() {
            rule.fit(&mut fitted, clock::now());
        }
        draft.set(fitted);
        problem.set(None);
    });
    let chips = Overlap::ALL
        .iter()
        .copied()
        .map(|offered| {
            view! {
                <label class="chip">
                    <input type="radio" name="overlap" prop:checked=move || chosen.get() == offered on:change=move |_| chosen.set(offered) />
                    <span>{offered.label()}</span>
                </label>
            }
        })
        .collect_view();
    let meaning = dynamic(move || match chosen.get().ends(now.get(), expire.get()) {
        None => "The old secret stops working immediately. Code that uses it fails until you give it the new secret.".to_owned(),
        Some(at) => format!(
            "Both secrets work until {} ({}), so that you can replace the old one without downtime. The old secret never outlives the key’s expiry.",
            clock::long(at),
            relative(at, now.get())
        ),
    });
    let risk =
        move || (exposed.get() && chosen.get() != Overlap::None).then_some("Anyone who has read the old secret can use it until then.");
    view! {
        <dialog
            class="dialog"
            aria-labelledby="rotate-title"
            aria-describedby="rotate-text"
            node_ref=dialog
            on:close=move |event| if_closed(&event, || open.set(false))
        >
            <h2 class="dialog-title" id="rotate-title">"Rotate the secret"</h2>
            <div class="stack">
                <p class="dialog-text" id="rotate-text">"The key keeps its ID and scopes and gets a new secret. You can see the new secret only once."</p>
                <fieldset class="field">
                    <legend class="field-label">"The old secret expires"</legend>
                    <div class="chips">{chips}</div>
                    <p class="field-hint" role="status">{meaning}</p>
                    <p class="field-error" role="alert">{risk}</p>
                </fieldset>
                <ExpiryField id="rotate-expiry" draft choices=ExpiryChoice::FOR_SAVED problem rule />
                {move || error.get().map(|error| view! { <Failure error /> })}
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| open.set(false)>"Cancel"</button>
                    <button
                        type="button"
                        class="button"
                        data-kind="primary"
                        aria-disabled=move || busy.get().to_string()
                        on:click=move |_| {
                            if busy.get_untracked() {
                                return;
                            }
                            let draft = draft.get_untracked();
                            let now = clock::now();
                            let refused = match draft.resolve(now, clock::parse_local) {
                                Ok(expire) => rule.get_untracked().and_then(|rule| rule.refusal(expire, now)),
                                Err(error) => Some(error.to_string()),
                            };
                            match refused {
                                None => on_rotate.run((chosen.get_untracked(), draft)),
                                refused => problem.set(refused),
                            }
                        }
                    >
                        {move || if busy.get() { "Rotating…" } else { "Rotate secret" }}
                    </button>
                </div>
            </div>
        </dialog>
    }
}
