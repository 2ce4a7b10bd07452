//! Scopes as a table: one row per resource, with columns for read and write.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    opens::Opens,
    picker::Picker,
    prose::Prose,
    state::{Count, Group, Hit, Resource, Text, Ticks, label, of_column, of_scope, resources, sensitive_reason, visible},
    text::{marked, marked_operation},
    tristate::{ScopeBox, Tristate},
};

pub(super) fn view(picker: Picker) -> AnyView {
    view! { <Matrix picker /> }.into_any()
}

#[component]
fn Matrix(picker: Picker) -> impl IntoView {
    let places = memo(move || picker.groups.get().into_iter().enumerate().collect::<Vec<_>>());
    let others = memo(move || {
        let catalog = picker.catalog();
        let is_other = |at: &usize| catalog.scopes().get(*at).is_some_and(|scope| !matches!(scope.id.action(), Some("read" | "write")));
        picker.offered.with(|offered| offered.iter().any(is_other))
    });
    view! {
        <table class="matrix" part="table" data-others=move || others.get().to_string()>
            <caption class="visually-hidden">{picker.text(Text::MatrixCaption)}</caption>
            <thead>
                <tr>
                    <th scope="col">{picker.text(Text::Resource)}</th>
                    <th scope="col"><ColumnBox picker label=Text::Read action="read" /></th>
                    <th scope="col"><ColumnBox picker label=Text::Write action="write" /></th>
                    <th scope="col" hidden=move || !others.get()>{picker.text(Text::OtherAction)}</th>
                </tr>
            </thead>
            <For each=move || places.get() key=move |(place, group)| (*place, group.id.clone(), group.scopes.clone(), picker.inputs.edition.get()) let((place, group))>
                <Body picker place group others />
            </For>
        </table>
    }
}

#[component]
fn Body(picker: Picker, place: usize, group: Group, others: Memo<bool>) -> impl IntoView {
    let Group { id, name, scopes } = group;
    let all = StoredValue::new(resources(&picker.catalog(), &scopes));
    let lines = memo(move || {
        let listed = picker.shown.with(|shown| shown.groups.get(place).map(|group| group.rows().to_vec()).unwrap_or_default());
        all.with_value(|all| {
            (0..all.len())
                .filter(|line| all.get(*line).is_some_and(|line| line.scopes().any(|at| listed.contains(&at))))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <tbody hidden=move || lines.with(Vec::is_empty)>
            <tr class="matrix-service" part="service-head">
                <th scope="rowgroup" colspan=move || if others.get() { "4" } else { "3" } id=format!("matrix-{id}") dir="auto">{visible(&name)}</th>
            </tr>
            <For each=move || lines.get() key=|line| *line let(line)>
                {all.with_value(|all| all.get(line).cloned()).map(|line| view! { <Line picker line others /> })}
            </For>
        </tbody>
    }
}

/// The head of a column, with a checkbox for all visible scopes of the column.
#[component]
fn ColumnBox(picker: Picker, label: Text, action: &'static str) -> impl IntoView {
    let scopes = memo(move || {
        let catalog = picker.catalog();
        let is_own = |at: &usize| catalog.scopes().get(*at).is_some_and(|scope| scope.id.action() == Some(action));
        picker.shown.with(|shown| shown.groups.iter().flat_map(|group| &group.scopes).copied().filter(is_own).collect::<Vec<_>>())
    });
    let tri = move |ticks: &Ticks| {
        let chosen = scopes.with(|scopes| scopes.iter().filter(|at| ticks.is_chosen(**at)).count());
        Count { chosen, total: scopes.with(Vec::len) }.tri()
    };
    let on_set = Callback::new(move |all: bool| picker.choose_positions(&scopes.get_untracked(), all));
    let label = picker.text(label);
    view! {
        <span class="matrix-column">
            <Tristate
                picker
                label=picker.fill(Text::AllOfColumn, &[("column", &label)])
                state=Signal::derive(move || picker.ticks.with(tri))
                now=Signal::derive(move || tri(&picker.ticks_now()))
                stop=of_column(action)
                name=String::new()
                on_set
            />
            {label}
        </span>
    }
}

#[component]
fn Line(picker: Picker, line: Resource, others: Memo<bool>) -> impl IntoView {
    let catalog = picker.catalog();
    let scopes: Vec<usize> = line.scopes().collect();
    let why = scopes
        .iter()
        .filter_map(|at| {
            let scope = catalog.scopes().get(*at)?;
            let reason = picker.with_strings(|strings| sensitive_reason(strings, &catalog, scope, picker.edition().as_deref()))?;
            let action = scope.id.action().unwrap_or_default();
            Some(view! {
                <span class="scope-why" part="warning" id=format!("matrix-{}-why", scope.id)>
                    <Icon path=icons::WARNING />
                    <span>
                        <strong>{picker.fill(Text::SensitiveAction, &[("action", action)])}" "</strong>
                        <Prose text=visible(&reason) />
                    </span>
                </span>
            })
        })
        .collect_view();
    let is_deprecated = scopes.iter().all(|at| catalog.scopes().get(*at).is_some_and(|scope| scope.deprecated));
    let deprecated = is_deprecated.then(|| view! { <span class="tag" part="tag" data-tone="quiet">{picker.text(Text::Deprecated)}</span> });
    let own = scopes.clone();
    let opened = dynamic(move || {
        let hits = picker.found.with(|found| {
            let hit = |at: &usize| match found.as_ref()?.hit(*at)? {
                Hit::Operation { operation, .. } => Some(*operation),
                Hit::Text => None,
            };
            own.iter().filter_map(hit).collect::<Vec<_>>()
        });
        picker.query.track();
        let catalog = picker.catalog();
        let line = |operation: usize| {
            let id = catalog.operations().get(operation).map(|operation| operation.id.clone()).unwrap_or_default();
            view! {
                <span class="scope-opened" part="scope-note">
                    <Icon path=icons::OPENS />
                    <span>{picker.text(Text::OpensOperation)}" "<code dir="auto">{marked_operation(picker, &id)}</code></span>
                </span>
            }
        };
        hits.into_iter().map(line).collect_view()
    });
    let opens = view! { <Opens picker scopes=scopes.clone() name=line.name.clone() /> };
    let other = line.other.into_iter().map(|at| view! { <Cell picker at column="3" /> }).collect_view();
    view! {
        <tr class="matrix-line" part="scope">
            <th scope="row">
                <span class="scope-line">
                    <span class="scope-name" part="scope-name">{marked(picker, &line.name)}</span>
                    {deprecated}
                </span>
                {opened}
                {why}
                <div class="matrix-opens">{opens}</div>
            </th>
            <td>{line.read.map(|at| view! { <Cell picker at column="1" /> })}</td>
            <td>{line.write.map(|at| view! { <Cell picker at column="2" /> })}</td>
            <td class="matrix-other" hidden=move || !others.get()>{other}</td>
        </tr>
    }
}

#[component]
fn Cell(picker: Picker, at: usize, column: &'static str) -> impl IntoView {
    let scope = picker.scope(at)?;
    let catalog = picker.catalog();
    let name = scope.id.as_str().to_owned();
    let is_sensitive = picker.is_sensitive(&name);
    let described = is_sensitive.then(|| format!("matrix-{name}-why"));
    let own = visible(&label(&catalog, &name));
    let tick = picker.tick(at);
    let label = Signal::derive(move || match tick.get().through {
        Some(through) => picker.fill(Text::LabelHeldThrough, &[("label", &own), ("scope", &through)]),
        None => own.clone(),
    });
    // The columns say the others.
    let action = scope.id.action().filter(|action| !["read", "write"].contains(action)).map(str::to_owned);
    Some(view! {
        <label class="matrix-cell" data-sensitive=is_sensitive.to_string() data-held=move || tick.with(|tick| tick.through.is_some()).to_string()>
            <ScopeBox
                picker
                name
                chosen=Signal::derive(move || tick.with(|tick| tick.chosen))
                locked=Signal::derive(move || picker.is_read_only() || (!tick.with(|tick| tick.chosen) && picker.is_refused(at)))
                stop=of_scope(at)
                column
                label
                described=described.unwrap_or_default()
            />
            {action}
        </label>
    })
}
