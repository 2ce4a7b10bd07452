//! What a scope opens, one click away.

use leptos::prelude::*;

use super::{
    picker::Picker,
    state::{Text, opened, visible},
};

/// So many operations are listed.
const LISTED: usize = 200;

/// A button that lists the operations that scopes open. `name` is what a person calls them.
#[component]
pub(super) fn Opens(picker: Picker, scopes: Vec<usize>, name: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let list = format!("scope-{name}-opens");
    let label = format!("{}: {}", picker.text(Text::Opens), picker.fill(Text::OpensWhat, &[("scope", &name)]));
    // The panel is made when it is opened: most never are.
    let id = list.clone();
    let panel = dynamic(move || {
        open.get().then(|| {
            let scopes = scopes.clone();
            let all = picker.later(move |later| (later.opens)(picker, &scopes));
            view! { <div class="opens" part="operations" id=id.clone()>{all}</div> }
        })
    });
    view! {
        <button
            type="button"
            class="scope-opens"
            part="opens"
            tabindex="-1"
            aria-expanded=move || open.get().to_string()
            aria-controls=list
            aria-label=label
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {picker.text(Text::Opens)}
        </button>
        {panel}
    }
}

/// The operations that scopes open.
pub(super) fn view(picker: Picker, scopes: &[usize]) -> AnyView {
    scopes.iter().map(|at| operations(picker, *at)).collect_view().into_any()
}

fn operations(picker: Picker, at: usize) -> impl IntoView {
    let catalog = picker.catalog();
    let name = catalog.scopes().get(at).map(|scope| scope.id.as_str().to_owned()).unwrap_or_default();
    let all = opened(&catalog, at);
    let count = picker.counted(all.len(), Text::OpensOne, Text::OpensMany);
    let more = all.len().checked_sub(LISTED).filter(|more| *more > 0);
    let more = more.map(|more| view! { <li>{picker.fill(Text::More, &[("count", &more.to_string())])}</li> });
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
    view! { <p><code>{name}</code>": "{count}</p><ul class="opens-list">{rows}{more}</ul> }
}
