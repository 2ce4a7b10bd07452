//! What a scope opens, one click away.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    picker::Picker,
    state::{Text, opened, visible},
};

/// So many operations are listed.
const LISTED: usize = 200;

/// A button that lists the operations that a scope opens.
#[component]
pub(super) fn Opens(
    picker: Picker,
    at: usize,
    name: String,
    /// Which scope of its line it is, where several are on one.
    #[prop(optional_no_strip)]
    action: Option<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let list = format!("scope-{name}-opens");
    let panel = move || {
        open.get().then(|| {
            let catalog = picker.catalog();
            let all = opened(&catalog, at);
            let count = picker.counted(all.len(), Text::OpensOne, Text::OpensMany);
            let more = all
                .len()
                .checked_sub(LISTED)
                .filter(|more| *more > 0)
                .map(|more| view! { <li>{picker.counted(more, Text::OneMore, Text::More)}</li> });
            let row = |opened: &super::state::OpenedBy| {
                let operation = catalog.operations().get(opened.operation)?;
                let with = (!opened.with.is_empty()).then(|| picker.fill(Text::OpensWith, &[("scopes", &opened.with.join(", "))]));
                Some(view! {
                    <li>
                        <code dir="auto">{visible(&operation.id)}</code>
                        <span class="opens-route" dir="ltr">{visible(&format!("{} {}", operation.method, operation.path))}</span>
                        {with}
                    </li>
                })
            };
            let rows = all.iter().take(LISTED).filter_map(row).collect_view();
            view! { <p>{count}</p><ul class="opens-list">{rows}{more}</ul> }
        })
    };
    view! {
        <button
            type="button"
            class="scope-opens"
            tabindex="-1"
            aria-expanded=move || open.get().to_string()
            aria-controls=list.clone()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <span>{action.map_or_else(|| picker.text(Text::Opens), |action| picker.fill(Text::OpensAction, &[("action", &action)]))}</span>
            <span class="visually-hidden">": "{picker.fill(Text::OpensWhat, &[("scope", &name)])}</span>
            <Icon path=icons::CHEVRON />
        </button>
        <div class="opens" id=list hidden=move || !open.get()>{panel}</div>
    }
}
