//! A few options to choose from, each with an explanation.

use leptos::prelude::*;

/// One option.
#[derive(Clone, Copy)]
pub(in crate::console) struct RadioOption<T> {
    /// The value.
    pub value: T,
    /// Its label.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub about: &'static str,
}

/// Chooses one of a few.
#[component]
pub(in crate::console) fn Choices<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    legend: &'static str,
    options: Vec<RadioOption<T>>,
    #[prop(into)] chosen: Signal<T>,
    on_choose: Callback<T>,
) -> impl IntoView {
    let options = options
        .into_iter()
        .enumerate()
        .map(|(index, RadioOption { value, label, about })| {
            let about_id = format!("{name}-{index}");
            view! {
                <label class="option">
                    <input
                        type="radio"
                        name=name
                        aria-label=label
                        aria-describedby=about_id.clone()
                        prop:checked=move || chosen.get() == value
                        on:change=move |_| on_choose.run(value)
                    />
                    <span>
                        <strong>{label}</strong>
                        <span class="field-hint" id=about_id.clone()>{about}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="visually-hidden">{legend}</legend>
            {options}
        </fieldset>
    }
}
