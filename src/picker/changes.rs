//! What an edit grants and revokes.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    picker::Picker,
    state::{Difference, Text, visible},
};

/// What the chosen scopes grant and revoke compared to the saved ones. Shows nothing for a new key.
#[component]
pub(super) fn ChangesPanel(
    /// The picker.
    picker: Picker,
) -> impl IntoView {
    let difference = memo(move || {
        let inputs = picker.inputs;
        let saved = inputs.previous.get()?;
        Some(Difference::between(&inputs.catalog(), &saved, &inputs.scopes.get()))
    });
    let panel = move |difference: Difference| {
        let body = if difference.is_empty() {
            view! { <p class="panel-quiet">{picker.text(Text::NoChanges)}</p> }.into_any()
        } else {
            view! {
                <ChangeList picker tone="granted" names=difference.granted />
                <ChangeList picker tone="revoked" names=difference.revoked />
            }
            .into_any()
        };
        view! {
            <section class="changes" part="changes" aria-labelledby="changes-title">
                <h3 class="panel-title" part="title" id="changes-title">{picker.text(Text::Changes)}</h3>
                {body}
            </section>
        }
    };
    dynamic(move || difference.get().map(panel))
}

#[component]
fn ChangeList(picker: Picker, tone: &'static str, names: Vec<String>) -> impl IntoView {
    let path = if tone == "granted" { icons::PLUS } else { icons::MINUS };
    (!names.is_empty()).then(|| {
        let catalog = picker.catalog();
        let (one, many) = if tone == "granted" { (Text::GrantedOne, Text::GrantedMany) } else { (Text::RevokedOne, Text::RevokedMany) };
        let title = picker.counted(names.len(), one, many);
        view! {
            <p class="changes-count">{title}</p>
            <ul class="changes-list" data-tone=tone>
                {names
                    .into_iter()
                    .map(|id| {
                        let name = catalog.scope(&id).and_then(|scope| scope.name.clone()).map(|name| view! { <span dir="auto">{visible(&name)}" "</span> });
                        view! { <li><Icon path /><span>{name}<code dir="auto">{visible(&id)}</code></span></li> }
                    })
                    .collect_view()}
            </ul>
        }
    })
}
