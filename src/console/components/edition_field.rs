//! The edition whose scopes the keys of a project can have.

use leptos::prelude::*;

use crate::{
    console::state::{edition_choices, edition_meaning},
    key::EditionId,
    scope::Catalog,
};

/// Chooses one edition of the catalog, or any, and explains the effect.
#[component]
pub(in crate::console) fn EditionField(
    /// The catalog with the editions to choose from.
    catalog: &'static Catalog,
    #[prop(into)] chosen: Signal<Option<EditionId>>,
    on_choose: Callback<Option<EditionId>>,
    /// The saved edition; it stays an option.
    #[prop(into)]
    saved: Signal<Option<EditionId>>,
) -> impl IntoView {
    let choose = move |event: web_sys::Event| on_choose.run(event_target_value(&event).parse().ok());
    let options = dynamic(move || {
        let choices = edition_choices(catalog, saved.get()).into_iter();
        choices
            .map(|(edition, label)| {
                let value = edition.map(|id| id.as_str().to_owned()).unwrap_or_default();
                view! { <option value=value prop:selected=move || chosen.get() == edition>{label}</option> }
            })
            .collect_view()
    });
    view! {
        <div class="field">
            <label class="field-label" for="policy-edition-choice">"Keys can have the scopes of"</label>
            <select id="policy-edition-choice" class="input select" aria-describedby="policy-edition-meaning" on:change=choose>
                {options}
            </select>
            <p class="field-hint" id="policy-edition-meaning">{move || edition_meaning(catalog, chosen.get())}</p>
        </div>
    }
}
