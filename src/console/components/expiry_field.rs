//! When a key expires: presets, never, or an exact time.

use leptos::prelude::*;

use crate::console::{
    clock,
    state::{ExpiryChoice, ExpiryDraft, ExpiryRule, relative},
};

/// Chooses when a key expires, and shows the exact time.
#[component]
pub(in crate::console) fn ExpiryField(
    draft: RwSignal<ExpiryDraft>,
    choices: &'static [ExpiryChoice],
    #[prop(into)] problem: Signal<Option<String>>,
    /// What the project's policy says, once it is known; choices that break it are disabled.
    rule: Signal<Option<ExpiryRule>>,
    /// Tells the fields apart where a page has several.
    #[prop(default = "expiry")]
    id: &'static str,
) -> impl IntoView {
    let now = clock::use_now();
    let choice = memo(move || draft.with(|draft| draft.choice));
    let choose = move |choice: ExpiryChoice| {
        draft.update(|draft| {
            draft.choice = choice;
            if choice == ExpiryChoice::Exact && draft.exact.is_empty() {
                let start = draft.saved.filter(|saved| *saved > clock::now()).unwrap_or_else(|| clock::now().plus_seconds(30 * 86_400));
                draft.exact = clock::to_local_field(start);
            }
        });
    };
    let is_disabled =
        move |offered| rule.get().is_some_and(|rule| draft.with(|draft| rule.choice_refusal(draft, offered, now.get())).is_some());
    let sentence = dynamic(move || rule.get().and_then(|rule| draft.with(|draft| rule.sentence(draft, choices, now.get()))));
    let chips = choices
        .iter()
        .copied()
        .map(|offered| {
            view! {
                <label class="chip">
                    <input type="radio" name=id disabled=move || is_disabled(offered) prop:checked=move || choice.get() == offered on:change=move |_| choose(offered) />
                    <span>{offered.label()}</span>
                </label>
            }
        })
        .collect_view();
    let meaning = move || match draft.get().resolve(now.get(), clock::parse_local) {
        Ok(Some(at)) => {
            let counted = match choice.get() {
                ExpiryChoice::Days(days) => format!(", {days} × 24 hours after you save"),
                _ => String::new(),
            };
            let verb = if at <= now.get() { "Expired" } else { "Expires" };
            format!("{verb} {} ({}){counted}.", clock::long(at), relative(at, now.get()))
        }
        Ok(None) => "Never expires. The key works until you disable or delete it.".to_owned(),
        Err(_) => "Not set yet.".to_owned(),
    };
    // Only where it is wanted: neither the field nor the zone is cheap to make.
    let is_exact = memo(move || choice.get() == ExpiryChoice::Exact);
    let exact = dynamic(move || {
        is_exact.get().then(|| {
            view! {
                <div class="exact">
                    <label class="visually-hidden" for=format!("{id}-exact")>"Date and time"</label>
                    <input
                        id=format!("{id}-exact")
                        class="input"
                        type="datetime-local"
                        aria-describedby=format!("{id}-zone {id}-meaning")
                        aria-invalid=move || problem.get().is_some().to_string()
                        prop:value=move || draft.with(|draft| draft.exact.clone())
                        on:input:target=move |event| draft.update(|draft| draft.exact = event.target().value())
                    />
                    <span class="field-hint" id=format!("{id}-zone")>{format!("Your time zone: {}", clock::zone())}</span>
                </div>
            }
        })
    });
    view! {
        <fieldset class="field">
            <legend class="field-label">"Expires"</legend>
            <div class="chips">{chips}</div>
            <p class="field-hint">{sentence}</p>
            {exact}
            <p class="field-hint" id=format!("{id}-meaning")>{meaning}</p>
            <p class="field-error" role="alert">{move || problem.get()}</p>
        </fieldset>
    }
}
