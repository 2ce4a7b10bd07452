//! What a key opens: a picture, the list next to it, and how the key can get more access.

use leptos::prelude::*;

use super::icons::{Icon, NEXT};
use crate::{
    console::state::{Climb, ReachMap, ServiceReach},
    picker::{
        icons::{FINE, MINUS, WARNING},
        state::{sentence, visible},
    },
    scope::{Catalog, counted},
};

/// So many operations of a service are on the page.
const LISTED: usize = 300;

/// What a set of scopes opens, in a few words.
pub(in crate::console) fn opens_words(map: &ReachMap) -> String {
    match map.open {
        0 => "Opens no operation that needs a scope".to_owned(),
        open => format!("Opens {open} of {} in {}", counted(map.total, "operation"), counted(map.open_services(), "service")),
    }
}

/// The services as blocks: as wide as they have operations, filled by what is open.
#[component]
pub(in crate::console) fn OpensMap(
    catalog: &'static Catalog,
    #[prop(into)] scopes: Signal<Vec<String>>,
    /// The edition that the key is for.
    edition: Signal<Option<String>>,
) -> impl IntoView {
    let map = memo(move || ReachMap::of(catalog, &scopes.get(), edition.get().as_deref()));
    let chosen = RwSignal::new(None::<String>);
    // The service whose operations are listed: the chosen one, or else the first that is open.
    let listed = memo(move || {
        map.with(|map| {
            let wanted = chosen.get();
            let found = map.services.iter().find(|service| Some(&service.id) == wanted.as_ref());
            let found = found.or_else(|| map.services.iter().find(|service| service.open > 0)).or_else(|| map.services.first());
            found.cloned()
        })
    });
    let block = move |service: ServiceReach| {
        let ServiceReach { id, name, open, total, .. } = service;
        let own = id.clone();
        let is_listed = memo(move || listed.with(|listed| listed.as_ref().is_some_and(|listed| listed.id == own)));
        let level = if open == 0 {
            "none"
        } else if open == total {
            "all"
        } else {
            "some"
        };
        view! {
            <li class="opens-block" style:--operations=total.to_string() style:--open=open.to_string()>
                <button
                    type="button"
                    class="opens-fill"
                    data-open=level
                    aria-pressed=move || is_listed.get().to_string()
                    on:click=move |_| chosen.set(Some(id.clone()))
                >
                    <span class="opens-name" dir="auto">{visible(&name)}</span>
                    <span class="opens-count">{format!("{open} of {total}")}<span class="visually-hidden">" operations open"</span></span>
                </button>
            </li>
        }
    };
    let list = move || listed.get().map(|service| operations(catalog, service));
    view! {
        <p class="opens-words" role="status">{move || map.with(opens_words)}"."</p>
        {move || map.with(|map| climbs(&map.climbs))}
        <div class="opens-view">
            <ul class="opens-map" aria-label="What the key opens, by service">
                {move || map.with(|map| map.services.iter().cloned().map(block).collect_view())}
            </ul>
            <section class="opens-side" aria-labelledby="opens-list-title">{list}</section>
        </div>
    }
    .into_any()
}

/// The operations of a service, the open ones first.
fn operations(catalog: &'static Catalog, service: ServiceReach) -> impl IntoView {
    let row = |(position, is_open): &(usize, bool)| {
        let operation = catalog.operations().get(*position)?;
        let word = if *is_open { "Open: " } else { "Not open: " };
        Some(view! {
            <li data-open=is_open.to_string()>
                <Icon path=if *is_open { FINE } else { MINUS } />
                <span>
                    <span class="visually-hidden">{word}</span>
                    <code dir="auto">{visible(&operation.id)}</code>
                    <span class="opens-route" dir="ltr">{visible(&format!("{} {}", operation.method, operation.path))}</span>
                </span>
            </li>
        })
    };
    let rows = service.operations.iter().take(LISTED).filter_map(row).collect_view();
    let more = service.operations.len().checked_sub(LISTED).filter(|more| *more > 0);
    view! {
        <h3 class="panel-title" id="opens-list-title">{format!("{}: {} of {}", visible(&service.name), service.open, counted(service.total, "operation"))}</h3>
        <ul class="opens-operations" tabindex="0" aria-labelledby="opens-list-title">
            {rows}
            {more.map(|more| view! { <li>{format!("{more} more")}</li> })}
        </ul>
    }
    .into_any()
}

/// The ways to more access, each as a path.
fn climbs(climbs: &[Climb]) -> Option<impl IntoView + use<>> {
    let step = |text: &String| view! { <li><Icon path=NEXT /><span>{plain(text)}</span></li> };
    let path = |climb: &Climb| {
        view! {
            <li class="climb-way">
                <p class="climb-why"><Icon path=WARNING /><span><code>{visible(&climb.scope)}</code>": "{plain(&climb.reason)}</span></p>
                <ol class="climb-path">{climb.steps.iter().map(step).collect_view()}</ol>
            </li>
        }
    };
    (!climbs.is_empty()).then(|| {
        view! {
            <section class="climbs" aria-labelledby="climbs-title">
                <h3 class="panel-title" id="climbs-title">"How this key can get more access"</h3>
                <ul>{climbs.iter().map(path).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// A message without the marks of what it quotes.
fn plain(text: &str) -> String {
    sentence(text).replace('`', "")
}
