//! How a key was used in the last days: how often, what it called, and which scopes nothing needed.

use leptos::prelude::*;

use super::{focus, key_form::KeyForm};
use crate::{
    api::{KeyDetails, OperationUse, UseReport},
    console::{
        catalog::use_catalog,
        client, clock,
        components::{Failure, Loading},
        load::{LoadState, load},
        state::{heights, shown, thousands, unneeded},
    },
    picker::state::visible,
    scope::{DateTime, counted},
};

/// So many operations are on the page.
const LISTED: usize = 200;
const HALF_A_DAY: i64 = 12 * 60 * 60 * 1000;
const DAY: i64 = 2 * HALF_A_DAY;
/// What is counted, and what is not.
const COUNTED: &str = "Counts requests that the key opened: those that a gateway asks about, those that are verified with an operation, \
                       and those to this server. Days are in UTC. Where several servers share a database, requests of the last half minute may be missing.";

#[component]
pub(super) fn KeyUse(project: String, saved: RwSignal<KeyDetails>, form: KeyForm) -> impl IntoView {
    let key = saved.with_untracked(|saved| saved.key.id.clone());
    let found = load(move || {
        let (project, key) = (project.clone(), key.clone());
        async move { client::key_use(&project, &key).await }
    });
    view! {
        <section class="use" aria-labelledby="use-title">
            <h3 class="panel-title" id="use-title" tabindex="-1">"Last 30 days"</h3>
            {dynamic(move || match found.value.get() {
                LoadState::Loading => view! { <Loading what="the use of the key" /> }.into_any(),
                LoadState::Failed(error) => view! { <Failure error on_retry=found.reload /> }.into_any(),
                LoadState::Ready(report) if !report.operations.is_empty() => view! { <Report report saved form /> }.into_any(),
                LoadState::Ready(_) => view! { <p class="empty-text">"No request of this key was counted."</p> }.into_any(),
            })}
            <p class="field-hint">{COUNTED}</p>
        </section>
    }
    .into_any()
}

#[component]
fn Report(report: UseReport, saved: RwSignal<KeyDetails>, form: KeyForm) -> impl IntoView {
    let catalog = use_catalog();
    let all: u64 = report.days.iter().fold(0, |all, day| all.saturating_add(*day));
    let requests = if all == 1 { "1 request".to_owned() } else { format!("{} requests", thousands(all)) };
    let words = format!("{requests} called {}.", counted(report.operations.len(), "operation"));
    let rows = report.operations.iter().take(LISTED).map(row).collect_view();
    let more = report.operations.len().checked_sub(LISTED).filter(|more| *more > 0);
    let bars = bars(&report);
    let unneeded = memo(move || saved.with(|saved| unneeded(catalog, &saved.key.scopes, &report, form.inputs.edition.get())));
    let idle =
        memo(move || form.scopes.with(|chosen| unneeded.get().into_iter().filter(|scope| chosen.contains(scope)).collect::<Vec<_>>()));
    let deselect = move |_| {
        let idle = idle.get_untracked();
        form.scopes.update(|chosen| chosen.retain(|scope| !idle.contains(scope)));
        // The button is gone. The bar with the changes is there, for every tab.
        focus("use-title");
    };
    let idle_part = dynamic(move || {
        let idle = idle.get();
        (!idle.is_empty()).then(|| {
            let (these, them) = if idle.len() == 1 { ("this scope", "it") } else { ("these scopes", "them") };
            let names = idle.iter().map(|scope| view! { <li><code dir="auto">{shown(scope)}</code></li> }).collect_view();
            view! {
                <div class="use-idle">
                    <p><strong>{format!("No counted request needed {these}.")}</strong></p>
                    <ul class="use-scopes">{names}</ul>
                    <p class="panel-quiet">
                        {format!(
                            "Something that runs less often than every 30 days may still need {them}, and so may requests that are verified \
                             by their scopes: these are not counted."
                        )}
                    </p>
                    <p><button type="button" class="button" on:click=deselect>{format!("Deselect {these}")}</button></p>
                </div>
            }
        })
    });
    view! {
        <p>{words}</p>
        {bars}
        <table class="table use-table">
            <caption class="visually-hidden">"Requests by operation, the most first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Operation"</th>
                    <th scope="col" class="use-number">"Requests"</th>
                    <th scope="col">"Last called"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {more.map(|more| view! { <p class="panel-quiet">{format!("{more} more")}</p> })}
        {idle_part}
    }
    .into_any()
}

fn row(used: &OperationUse) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><code dir="auto">{visible(&used.operation)}</code></th>
            <td class="use-number">{thousands(used.requests)}</td>
            <td>{used.last_day.0.map(day_text)}</td>
        </tr>
    }
}

/// A bar for each day. The sentence says what matters to whoever does not see them.
fn bars(report: &UseReport) -> impl IntoView + use<> {
    let first = report.since.0;
    let day = |at: usize| {
        let after = i64::try_from(at).unwrap_or_default().saturating_mul(DAY);
        first.map(|first| day_text(first.plus_milliseconds(after))).unwrap_or_default()
    };
    let most = report.days.iter().enumerate().max_by_key(|(_, requests)| **requests);
    let most = most.map(|(at, requests)| format!("The most were {} on {}.", thousands(*requests), day(at)));
    let bar = |(at, (height, requests)): (usize, (u64, &u64))| {
        view! { <li title=format!("{}: {}", day(at), thousands(*requests)) style:--height=format!("{height}%")></li> }
    };
    let bars = heights(&report.days).into_iter().zip(&report.days).enumerate().map(bar).collect_view();
    let last = report.days.len().saturating_sub(1);
    view! {
        <ol class="use-days" aria-hidden="true">{bars}</ol>
        <p class="use-ends" aria-hidden="true"><span>{day(0)}</span><span>{day(last)}</span></p>
        <p class="panel-quiet">{most}</p>
    }
}

/// A day of UTC: its noon is on the same day in nearly every time zone.
fn day_text(begin: DateTime) -> String {
    clock::day(begin.plus_milliseconds(HALF_A_DAY))
}
