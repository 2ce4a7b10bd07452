//! What an edit grants and revokes.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    inputs::PickerInputs,
    state::{Difference, counted},
};

/// What the chosen scopes grant and revoke compared to the saved ones. Shows nothing for a new key.
#[component]
pub fn ChangesPanel(
    /// The inputs of the picker.
    inputs: PickerInputs,
) -> impl IntoView {
    let difference = Memo::new(move |_| {
        let saved = inputs.previous.get()?;
        Some(Difference::between(&inputs.catalog(), &saved, &inputs.scopes.get()))
    });
    let panel = move |difference: Difference| {
        let body = if difference.is_empty() {
            view! { <p class="panel-quiet">"No changes to the saved scopes."</p> }.into_any()
        } else {
            view! {
                <ChangeList inputs tone="granted" names=difference.granted />
                <ChangeList inputs tone="revoked" names=difference.revoked />
            }
            .into_any()
        };
        view! {
            <section class="changes" aria-labelledby="changes-title">
                <h3 class="panel-title" id="changes-title">"Changes to scopes"</h3>
                {body}
            </section>
        }
    };
    move || difference.get().map(panel)
}

#[component]
fn ChangeList(inputs: PickerInputs, tone: &'static str, names: Vec<String>) -> impl IntoView {
    let path = if tone == "granted" { icons::PLUS } else { icons::MINUS };
    (!names.is_empty()).then(|| {
        let (catalog, title) = (inputs.catalog(), format!("{} {tone}", counted(names.len(), "scope")));
        view! {
            <p class="changes-count">{title}</p>
            <ul class="changes-list" data-tone=tone>
                {names
                    .into_iter()
                    .map(|id| {
                        let name = catalog.scope(&id).and_then(|scope| scope.name.clone()).map(|name| view! { <span dir="auto">{name}" "</span> });
                        view! { <li><Icon path /><span>{name}<code dir="auto">{id}</code></span></li> }
                    })
                    .collect_view()}
            </ul>
        }
    })
}
