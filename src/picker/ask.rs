//! The question before one click grants much.

use leptos::{html, prelude::*};

use super::{
    picker::Picker,
    prose::Prose,
    state::{Ask, Text, label, sensitive_reason, visible},
};

#[component]
pub(super) fn AskDialog(picker: Picker) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (picker.ask.with(Option::is_some), dialog.open()) {
            // Once the answers are on the page: the dialog gives the focus to one of them.
            (true, false) => request_animation_frame(move || {
                if dialog.is_connected() && !dialog.open() {
                    drop(dialog.show_modal());
                }
            }),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let body = dynamic(move || {
        let Ask { sensitive, others, all, calm } = picker.ask.get()?;
        let catalog = picker.catalog();
        let count = sensitive.len() + others.len();
        let answer = move |scopes: Vec<String>| {
            picker.ask.set(None);
            picker.change(scopes);
        };
        let named = |name: &String| {
            let reason = catalog
                .scope(name)
                .and_then(|scope| picker.with_strings(|strings| sensitive_reason(strings, &catalog, scope, picker.edition().as_deref())));
            view! { <li><strong dir="auto">{visible(&label(&catalog, name))}</strong>" "{reason.map(|text| view! { <Prose text /> })}</li> }
        };
        let sensitive_part = (!sensitive.is_empty()).then(|| {
            view! {
                <p>{picker.counted(sensitive.len(), Text::AskSensitiveOne, Text::AskSensitiveMany)}</p>
                <ul class="ask-sensitive">{sensitive.iter().map(named).collect_view()}</ul>
            }
        });
        let others_part = (!others.is_empty()).then(|| {
            let title = if sensitive.is_empty() { Text::AskAll } else { Text::AskOthers };
            let names = others.iter().map(|name| view! { <li><code>{visible(name)}</code></li> }).collect_view();
            view! { <p>{picker.text(title)}</p><ul class="ask-others">{names}</ul> }
        });
        let without = (!sensitive.is_empty() && !others.is_empty()).then(|| {
            view! {
                <button type="button" class="button" part="button" on:click=move |_| answer(calm.clone())>
                    {picker.counted(others.len(), Text::AskCalmOne, Text::AskCalmMany)}
                </button>
            }
        });
        Some(view! {
            <h3 class="panel-title" part="title" id="ask-title">{picker.fill(Text::AskTitle, &[("count", &count.to_string())])}</h3>
            <div class="ask-body" tabindex="0" role="group" aria-labelledby="ask-title">{sensitive_part}{others_part}</div>
            <div class="row ask-answers">
                <button type="button" class="button" part="button" autofocus on:click=move |_| picker.ask.set(None)>{picker.text(Text::Cancel)}</button>
                {without}
                <button type="button" class="button" part="button" data-kind="primary" on:click=move |_| answer(all.clone())>
                    {picker.fill(Text::AskGrantAll, &[("count", &count.to_string())])}
                </button>
            </div>
        })
    });
    view! {
        <dialog class="ask" part="dialog" role="alertdialog" aria-labelledby="ask-title" node_ref=dialog on:close=move |_| picker.ask.set(None)>{body}</dialog>
    }
}
