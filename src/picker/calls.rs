//! What the code will call: operations to choose, and the scopes for them.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    icons::{self, Icon},
    picker::Picker,
    prose::Prose,
    state::{Call, Layout, Plan, Query, Text, calls_in, plan, set_all, sorted, visible},
    text::marked_operation,
};

/// So many operations are listed for a search.
const LISTED: usize = 20;

pub(super) fn view(picker: Picker) -> AnyView {
    view! { <Calls picker /> }.into_any()
}

pub(super) fn planned(picker: Picker) -> AnyView {
    view! { <CallsPanel picker /> }.into_any()
}

/// The list in this mode: a search's operations, or a text to paste.
#[component]
fn Calls(picker: Picker) -> impl IntoView {
    let results = memo(move || picker.query.with(|query| query.as_ref().map(|query| operations(picker, query))));
    let is_searching = memo(move || picker.query.with(Option::is_some));
    let rows = memo(move || results.with(|results| results.as_ref().map(|(rows, _)| rows.clone()).unwrap_or_default()));
    let more = dynamic(move || {
        let all = results.with(|results| results.as_ref().map_or(0, |(_, all)| *all));
        match all {
            0 => picker.text(Text::NoOperation),
            _ => all
                .checked_sub(LISTED)
                .filter(|more| *more > 0)
                .map(|more| picker.fill(Text::MoreOperations, &[("count", &more.to_string())]))
                .unwrap_or_default(),
        }
    });
    view! {
        <div class="calls">
            <div hidden=move || !is_searching.get()>
                <ul class="calls-found">
                    <For each=move || rows.get() key=|at| *at let(at)>
                        <Operation picker at />
                    </For>
                </ul>
                <p class="field-hint calls-more" part="note" role="status">{more}</p>
            </div>
            <div class="calls-paste" hidden=move || is_searching.get()><PasteCode picker /></div>
        </div>
        <CallsPanel picker />
    }
}

/// The positions of the operations that a search finds, each id once, the first of them; and how many there are.
fn operations(picker: Picker, query: &Query) -> (Vec<usize>, usize) {
    let catalog = picker.catalog();
    let all = picker.index().operations(&catalog, query);
    // Entries that share an id follow each other.
    let mut all: Vec<usize> = all.into_iter().map(|(at, _)| at).collect();
    let id = |at: &usize| catalog.operations().get(*at).map(|operation| operation.id.as_str());
    all.dedup_by(|a, b| id(a) == id(b));
    let count = all.len();
    all.truncate(LISTED);
    (all, count)
}

#[component]
fn Operation(picker: Picker, at: usize) -> impl IntoView {
    let operation = picker.catalog().operations().get(at).cloned()?;
    let (id, own, called) = (operation.id.clone(), operation.id.clone(), operation.id.clone());
    let is_called = memo(move || picker.inputs.called().is_some_and(|calls| calls.contains(&called)));
    Some(view! {
        <li class="scope" part="scope">
            <label class="scope-choice">
                <input
                    type="checkbox"
                    class="box"
                    part="checkbox"
                    aria-disabled=move || picker.is_read_only().then_some("true")
                    prop:checked=move || is_called.get()
                    on:change:target=move |event| {
                        let add = event.target().checked();
                        if !picker.inputs.read_only.get_untracked() {
                            picker.inputs.calls.update(|calls| {
                                calls.retain(|call| *call != own);
                                if add {
                                    calls.push(own.clone());
                                }
                            });
                        }
                        event.target().set_checked(is_called.get_untracked());
                    }
                />
                <span class="scope-text">
                    <code class="scope-name" part="scope-name" dir="auto">{move || {
                        picker.query.track();
                        marked_operation(picker, &id)
                    }}</code>
                    <span class="opens-route" dir="ltr">{visible(&format!("{} {}", operation.method, operation.path))}</span>
                </span>
            </label>
        </li>
    })
}

#[component]
fn PasteCode(picker: Picker) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let status = RwSignal::new(String::new());
    let find = move |_: MouseEvent| {
        let found = text.with_untracked(|text| calls_in(&picker.catalog(), text));
        let mut new = 0;
        picker.inputs.calls.update(|calls| {
            for call in found {
                if !calls.contains(&call) {
                    calls.push(call);
                    new += 1;
                }
            }
        });
        status.set(if new == 0 { picker.text(Text::NoCalls) } else { picker.counted(new, Text::CallsOne, Text::CallsMany) });
        if new > 0 {
            text.set(String::new());
        }
    };
    view! {
        <p class="field-hint" part="note">{picker.text(Text::CallsAbout)}</p>
        <label class="field-label" for="picker-code">{picker.text(Text::CodeLabel)}</label>
        <textarea
            id="picker-code"
            class="input mono"
            part="field"
            rows="6"
            spellcheck="false"
            prop:value=move || text.get()
            on:input:target=move |event| text.set(event.target().value())
        ></textarea>
        <div class="row">
            <button
                type="button"
                class="button"
                part="button"
                disabled=move || picker.is_read_only() || text.with(|text| text.trim().is_empty())
                on:click=find
            >
                {picker.text(Text::FindCalls)}
            </button>
            <span class="field-hint" role="status">{move || status.get()}</span>
        </div>
    }
}

/// The operations that the code calls, with what opens each, and the smallest set of scopes for them. Shows nothing where none is known.
#[component]
fn CallsPanel(picker: Picker) -> impl IntoView {
    let planned = memo(move || {
        let calls = picker.inputs.called().filter(|calls| !calls.is_empty())?;
        let (edition, tier) = picker.target();
        Some(picker.inputs.scopes.with(|scopes| plan(&picker.catalog(), &calls, scopes, edition.as_deref(), tier)))
    });
    let row = move |call: Call| {
        let Call { operation, scopes, is_open } = call;
        let names = scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
        let text = match (is_open, scopes.is_empty()) {
            (true, true) => picker.text(Text::CallOpenToAll),
            (true, false) => picker.fill(Text::CallOpen, &[("scopes", &names)]),
            (false, true) => picker.text(Text::CallImpossible),
            (false, false) => picker.fill(Text::CallNeeds, &[("scopes", &names)]),
        };
        let own = operation.clone();
        let is_said = picker.inputs.calls.with(|calls| calls.contains(&operation));
        let remove = is_said.then(|| {
            view! {
                <button
                    type="button"
                    class="button call-remove"
                    part="button"
                    data-kind="quiet"
                    aria-label=picker.fill(Text::RemoveCall, &[("operation", &operation)])
                    on:click=move |_| picker.inputs.calls.update(|calls| calls.retain(|call| *call != own))
                >
                    <Icon path=icons::CLOSE />
                </button>
            }
        });
        view! {
            <li class="call" data-open=is_open.to_string()>
                <Icon path=if is_open { icons::FINE } else { icons::WARNING } />
                <span class="call-text"><code dir="auto">{visible(&operation)}</code><span class="call-through"><Prose text /></span></span>
                {remove}
            </li>
        }
    };
    let actions = move |plan: &Plan| {
        let catalog = picker.catalog();
        let chosen = picker.inputs.scopes.get();
        let missing = plan.missing.clone();
        let grant = (!missing.is_empty()).then(|| {
            let label = picker.counted(missing.len(), Text::GrantMissingOne, Text::GrantMissingMany);
            let all = set_all(&catalog, &chosen, missing.iter().map(String::as_str), true);
            view! { <button type="button" class="button" part="button" data-kind="primary" on:click=move |_| picker.change_all(all.clone())>{label}</button> }
        });
        // What the catalog does not know survives.
        let mut smallest = plan.smallest.clone();
        smallest.extend(chosen.iter().filter(|name| catalog.scope(name).is_none()).cloned());
        let smallest = sorted(&catalog, smallest);
        let is_smaller = chosen.iter().any(|name| !smallest.contains(name));
        let exact = (is_smaller && !plan.smallest.is_empty()).then(|| {
            let label = picker.counted(plan.smallest.len(), Text::UseExactlyOne, Text::UseExactlyMany);
            view! { <button type="button" class="button" part="button" on:click=move |_| picker.change_all(smallest.clone())>{label}</button> }
        });
        let clear = (!picker.inputs.calls.with(Vec::is_empty)).then(|| {
            view! {
                <button type="button" class="button" part="button" data-kind="quiet" on:click=move |_| picker.inputs.calls.set(Vec::new())>
                    {picker.text(Text::ClearCalls)}
                </button>
            }
        });
        let names = plan.smallest.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
        let set =
            (!plan.smallest.is_empty()).then(|| view! { <p><Prose text=picker.fill(Text::SmallestSet, &[("scopes", &names)]) /></p> });
        view! { {set}<div class="row calls-actions" hidden=move || picker.is_read_only()>{grant}{exact}{clear}</div> }
    };
    dynamic(move || {
        planned.get().map(|plan| {
            let open = plan.calls.iter().filter(|call| call.is_open).count().to_string();
            let title = picker.fill(Text::CallsOpen, &[("open", &open), ("count", &plan.calls.len().to_string())]);
            let actions = actions(&plan);
            view! {
                <section class="calls-plan" part="calls" aria-labelledby="calls-title">
                    <h3 class="panel-title" part="title" id="calls-title">{picker.text(Text::CallsTitle)}</h3>
                    <p class="calls-count" role="status">{title}</p>
                    <ul class="calls-list">{plan.calls.into_iter().map(row).collect_view()}</ul>
                    {actions}
                </section>
            }
        })
    })
}

/// The same next to the other layouts.
#[component]
pub(super) fn CallsAside(picker: Picker) -> impl IntoView {
    let is_known = |calls: Option<Vec<String>>| calls.is_some_and(|calls| !calls.is_empty());
    let is_shown = memo(move || picker.view.with(|view| view.layout != Layout::Calls) && is_known(picker.inputs.called()));
    dynamic(move || is_shown.get().then(|| picker.later(move |later| (later.planned)(picker))))
}
