//! Scopes by service: a group with a checkbox for all of it, and one row per scope.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    later::LaterState,
    opens::Opens,
    paint::{growing, settled},
    picker::Picker,
    prose::Prose,
    state::{Count, Group, Hit, Text, can_pile, includes, of_other, of_scope, of_service, sensitive_reason, visible},
    text::{marked, marked_operation},
    tristate::{ScopeBox, Tristate},
};

/// So many services fill a window. The others follow with the frames after the first one.
const FIRST: usize = 12;

/// The list by service.
#[component]
pub(super) fn Services(picker: Picker) -> impl IntoView {
    let places = memo(move || picker.groups.get().into_iter().enumerate().collect::<Vec<_>>());
    // Where the list has had the focus before, it leads there again.
    let is_new = picker.at.with_untracked(Option::is_none);
    let listed = growing(if is_new { FIRST } else { usize::MAX }, FIRST, move || places.with_untracked(Vec::len));
    view! {
        <For each=move || places.with(|places| places.iter().take(listed.get()).cloned().collect::<Vec<_>>()) key=move |(place, group)| (*place, group.id.clone(), group.scopes.clone(), picker.inputs.edition.get()) let((place, group))>
            <ServiceGroup picker place group />
        </For>
    }
}

#[component]
fn ServiceGroup(picker: Picker, place: usize, group: Group) -> impl IntoView {
    let Group { id, name, scopes } = group;
    let piles = can_pile(&name).then_some("");
    let name = visible(&name);
    let catalog = picker.catalog();
    let total = scopes.iter().filter(|at| catalog.scopes().get(**at).is_some_and(|scope| !scope.deprecated)).count();
    let shown = memo(move || picker.shown.with(|shown| shown.groups.get(place).cloned().unwrap_or_default()));
    // Of the visible ones, and of all.
    let counts = settled(move || {
        picker.ticks.with(|ticks| {
            let chosen = scopes.iter().filter(|at| ticks.is_chosen(**at)).count();
            (shown.with(|shown| shown.count(ticks)), chosen)
        })
    });
    let now = Signal::derive(move || shown.with_untracked(|shown| shown.count(&picker.ticks_now())).tri());
    let chosen = move || counts.get().1;
    let open = memo(move || shown.with(|shown| shown.is_open));
    let rows = memo(move || shown.with(|shown| shown.rows().to_vec()));
    let is_visible = memo(move || shown.with(|shown| shown.is_visible()));
    let is_narrowed = memo(move || picker.query.with(Option::is_some) || picker.view.with(|view| view.only.is_some()));
    let on_set = Callback::new(move |all: bool| picker.choose_positions(&shown.with_untracked(|shown| shown.scopes.clone()), all));
    let (title, body, stop) = (format!("service-{id}"), format!("service-{id}-scopes"), of_service(&id));
    view! {
        <div class="service" part="service" role="group" aria-labelledby=title.clone() hidden=move || !is_visible.get()>
            <div class="service-head" part="service-head">
                <Tristate
                    picker
                    label=picker.fill(Text::AllOfService, &[("service", &name)])
                    state=Signal::derive(move || counts.get().0.tri())
                    now
                    stop
                    name=name.clone()
                    expanded=open
                    on_set
                />
                <button
                    type="button"
                    class="service-fold"
                    tabindex="-1"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=body.clone()
                    on:click=move |_| picker.view.update(|view| view.toggle(&id))
                >
                    <span class="service-name" part="service-name" id=title.clone() dir="auto" data-piles=piles>{marked(picker, &name)}</span>
                    <span class="service-count" part="service-count" data-some=move || (chosen() > 0).to_string()>
                        {move || picker.fill(Text::SomeOf, &[("count", &chosen().to_string()), ("total", &total.to_string())])}
                        <span class="visually-hidden">" "{picker.text(Text::Selected)}</span>
                    </span>
                    <Icon path=icons::CHEVRON />
                </button>
            </div>
            <ul class="scopes" id=body hidden=move || !open.get() data-pairs=move || (!is_narrowed.get()).to_string()>
                <For each=move || rows.get() key=|at| *at let(at)>
                    <ScopeRow picker at />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn ScopeRow(picker: Picker, at: usize) -> impl IntoView {
    let scope = picker.scope(at)?;
    let catalog = picker.catalog();
    let name = scope.id.as_str().to_owned();
    let (title, described) = (format!("scope-{name}"), format!("scope-{name}-about"));
    let deprecated = scope.deprecated.then(|| {
        let text = match &scope.successor {
            Some(successor) => picker.fill(Text::DeprecatedUse, &[("scope", successor.as_str())]),
            None => picker.text(Text::Deprecated),
        };
        view! { <span class="tag" part="tag" data-tone="quiet">{text}</span> }
    });
    let sensitive = picker.with_strings(|strings| sensitive_reason(strings, &catalog, &scope, picker.edition().as_deref())).map(|reason| {
        view! {
            <span class="scope-why" part="warning" data-piles=can_pile(&reason).then_some("")>
                <Icon path=icons::WARNING />
                <span>
                    <strong>{picker.text(Text::Sensitive)}" "</strong>
                    <Prose text=visible(&reason) />
                </span>
            </span>
        }
    });
    let includes = picker.with_strings(|strings| includes(strings, &catalog, &scope)).map(|text| view! { <span><Prose text /></span> });
    let tick = picker.tick(at);
    let locked = Signal::derive(move || picker.is_read_only() || (!tick.with(|tick| tick.chosen) && picker.is_refused(at)));
    let held = dynamic(move || {
        tick.with(|tick| tick.through.as_deref().map(|through| note(icons::FINE, picker.fill(Text::HeldThrough, &[("scope", through)]))))
    });
    let refused = dynamic(move || picker.is_refused(at).then(|| note(icons::HINT, picker.text(Text::CannotGrant))));
    let hit = memo(move || picker.found.with(|found| found.as_ref().and_then(|found| found.hit(at).cloned())));
    let opens = dynamic(move || match (hit.get(), picker.inputs.later.get_untracked()) {
        (Some(Hit::Operation { operation, more }), LaterState::Ready(later)) => {
            // The words of the search are marked in it.
            picker.query.track();
            (later.opened)(picker, operation, more)
        }
        _ => ().into_any(),
    });
    let piles = scope.name.as_deref().is_some_and(can_pile).then_some("");
    let called = match &scope.name {
        Some(display) => view! {
            <span class="scope-title" part="scope-name" id=title.clone() dir="auto">{marked(picker, display)}" "<bdi class="scope-id">{marked(picker, &name)}</bdi></span>
        }
        .into_any(),
        None => view! { <span class="scope-name" part="scope-name" id=title.clone()>{marked(picker, &name)}</span> }.into_any(),
    };
    Some(view! {
        <li class="scope" part="scope" data-action=scope.id.action().map(str::to_owned) data-chosen=move || tick.with(|tick| tick.chosen.to_string())>
            <label class="scope-choice">
                <ScopeBox
                    picker
                    name=name.clone()
                    chosen=Signal::derive(move || tick.with(|tick| tick.chosen))
                    locked
                    stop=of_scope(at)
                    labelled=title
                    described=described.clone()
                />
                <span class="scope-text">
                    <span class="scope-line" data-piles=piles>{called}{deprecated}</span>
                    <span class="scope-about" part="scope-about" id=described>
                        <span dir="auto" data-piles=can_pile(&scope.description).then_some("")>{marked(picker, &scope.description)}</span>
                        {includes}
                        {held}
                        {refused}
                        {opens}
                        {sensitive}
                    </span>
                </span>
            </label>
            <Opens picker scopes=vec![at] name />
        </li>
    })
}

/// An operation that a search finds, which the scope opens, and how many others.
pub(super) fn opened(picker: Picker, operation: usize, more: usize) -> AnyView {
    let catalog = picker.catalog();
    let id = catalog.operations().get(operation).map(|operation| operation.id.clone()).unwrap_or_default();
    let more = (more > 0).then(|| picker.fill(Text::AndMore, &[("count", &more.to_string())]));
    view! {
        <span class="scope-opened" part="scope-note">
            <Icon path=icons::OPENS />
            <span>{picker.text(Text::OpensOperation)}" "<code dir="auto">{marked_operation(picker, &id)}</code>" "{more}</span>
        </span>
    }
    .into_any()
}

/// A line about a scope.
fn note(path: &'static str, text: String) -> impl IntoView {
    view! { <span class="scope-held" part="scope-note"><Icon path /><span><Prose text /></span></span> }
}

/// Chosen or saved scopes that are not offered, from an older or newer server. They are shown, and only the person removes them.
#[component]
pub(super) fn OtherScopes(picker: Picker) -> impl IntoView {
    let shown = picker.others_shown;
    let tri = move |selection: &[String]| shown.with(|names| Count::of(names.iter().map(String::as_str), selection)).tri();
    let state = Signal::derive(move || picker.seen.with(|selection| tri(selection)));
    let now = Signal::derive(move || picker.inputs.scopes.with_untracked(|selection| tri(selection)));
    let on_set = Callback::new(move |all: bool| {
        let names = shown.get_untracked();
        picker.choose_all(&names.iter().map(String::as_str).collect::<Vec<_>>(), all);
    });
    view! {
        <div class="service" part="service" role="group" aria-labelledby="service-others" hidden=move || shown.with(Vec::is_empty)>
            <div class="service-head" part="service-head">
                <Tristate
                    picker
                    label=picker.text(Text::AllOthers)
                    state
                    now
                    stop=of_other("")
                    name=picker.text(Text::Others)
                    on_set
                />
                <span class="service-fold">
                    <span class="service-name" part="service-name" id="service-others">{picker.text(Text::Others)}</span>
                </span>
            </div>
            <ul class="scopes">
                <For each=move || shown.get() key=String::clone let(name)>
                    <OtherRow picker name />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn OtherRow(picker: Picker, name: String) -> impl IntoView {
    let own = name.clone();
    let chosen = memo(move || picker.seen.with(|scopes| scopes.contains(&own)));
    // A name that is no scope's can have anything in it.
    let title = name.bytes().fold("other-".to_owned(), |id, byte| format!("{id}{byte:02x}"));
    view! {
        <li class="scope" part="scope" data-chosen=move || chosen.get().to_string()>
            <label class="scope-choice">
                <ScopeBox
                    picker
                    name=name.clone()
                    chosen
                    locked=Signal::derive(move || picker.is_read_only())
                    stop=of_other(&name)
                    labelled=title.clone()
                />
                <span class="scope-text">
                    <bdi class="scope-name" part="scope-name" id=title>{marked(picker, &name)}</bdi>
                </span>
            </label>
        </li>
    }
}
