//! The list of a project's keys: search, filters, order, pages and rows. The address bar holds all of it.

use std::sync::Arc;

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{
    key_bulk::Bulk,
    key_list_parts::{NoKeys, Pager, SORTS, first_range, window_height},
    key_rows::KeyRows,
};
use crate::{
    api::{KeyCounts, KeyDetails, KeyFilter, SECRET_HASH_PREFIX, UpdateKeyStatus},
    console::{
        catalog::{Served, use_server_catalog},
        client,
        components::{ConfirmDialog, Failure, KeyTable, Loading},
        density, digest,
        load::{LoadState, load, set_if_alive},
        pace::{Pace, Pause},
        part::use_part,
        route::Page,
        router::use_router,
        state::{Density, ListView, approach, around, filter_label, looks_like_secret, number, shown, visible},
        toast::use_toasts,
    },
    key::hint,
    picker::{
        icons::{Icon, SEARCH},
        paint::{after_paint, frame_painted},
    },
};

/// Counting the keys with sensitive scopes reads every key: of more than these, they are not counted.
const COUNTED: usize = 20_000;

/// So many milliseconds after the last letter, the list is searched.
const SEARCH_PAUSE: u64 = 80;

#[component]
pub(super) fn KeyList(project: String) -> impl IntoView {
    let (router, toasts, catalog, part) = (use_router(), use_toasts(), use_server_catalog(), use_part());
    let rows = KeyRows::new(project.clone());
    let (first_view, first_row) = ListView::of_query(&router.query.get_untracked());
    let typed = RwSignal::new(first_view.search.clone());
    let view = RwSignal::new(first_view);
    let body = NodeRef::<html::Tbody>::new();
    let density = density::start();
    let row_height = move || density.get_untracked().row_height();
    let in_view = StoredValue::new(first_range(first_row, row_height()));
    let range = RwSignal::new(in_view.get_value());
    // The row to scroll to with the next answer.
    let goal = StoredValue::new(Some(first_row).filter(|row| *row > 0));
    let [typing, scrolling] = [(); 2].map(|()| Pause(StoredValue::new(0)));
    let counts = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move {
                // The keys themselves are asked for first.
                frame_painted().await;
                client::count_keys(&project).await
            }
        })
    };
    // The last ones, also while newer ones are on their way.
    let known = Memo::new(move |before: Option<&Option<KeyCounts>>| match counts.value.get() {
        LoadState::Ready(counts) => Some(counts),
        _ => before.copied().flatten(),
    });
    let is_counted = memo(move || known.get().is_some() || counts.value.with(|counts| matches!(counts, LoadState::Failed(_))));
    let sensitive = RwSignal::new(None::<usize>);
    let counted = StoredValue::new(project.clone());
    effect(move |_| {
        if known.get().is_none_or(|counts| counts.all > COUNTED) {
            return;
        }
        spawn_local(async move {
            let query = format!("filter={}&limit=1", KeyFilter::Sensitive.as_str());
            let Some(project) = counted.try_get_value() else { return };
            if let Ok(found) = client::search_keys(&project, &query).await {
                set_if_alive(sensitive, (!found.has_more).then_some(found.total));
            }
        });
    });
    // How far the first row is above what covers the top of the window: the head of the table, where it stays.
    let above = move || {
        body.get_untracked().map_or(0.0, |body| {
            let covered = body.previous_element_sibling().map_or(0.0, |head| head.get_bounding_client_rect().bottom());
            covered - body.get_bounding_client_rect().top()
        })
    };
    // Whether the next step comes with the next frame.
    let stepping = StoredValue::new(false);
    let step = move || {
        let (visible, there) = (in_view.get_value(), range.get_untracked());
        let wanted = around(visible, rows.rows.with_untracked(Vec::len));
        let next = approach(there, visible, wanted);
        if next != there {
            range.set(next);
        }
        next == wanted
    };
    let steps = Pace(stepping, step);
    let measure = move || {
        let count = rows.rows.with_untracked(Vec::len);
        let visible = visible(above(), window_height(), row_height(), count);
        in_view.set_value(visible);
        steps.start();
        let (first, last) = around(visible, count);
        rows.want(&view.get_untracked(), first, last);
    };
    effect(move |_| {
        rows.rows.track();
        if rows.rows.with_untracked(Vec::is_empty) {
            return;
        }
        let look = move || {
            // The list that was there before does not take the goal of the one that is on its way.
            let is_there = rows.stale.try_get_untracked() == Some(false);
            if let Some(row) = is_there.then(|| goal.try_update_value(Option::take).flatten()).flatten() {
                #[allow(clippy::cast_precision_loss, reason = "a page has a thousand rows")]
                let beyond = (row * row_height()) as f64 - above();
                window().scroll_by_with_x_and_y(0.0, beyond);
            }
            if !range.is_disposed() {
                measure();
            }
        };
        // Before the rows are shown, they need to be laid out only where they are scrolled to.
        if goal.with_value(Option::is_some) { request_animation_frame(look) } else { after_paint(look) }
    });
    let scrolled = window_event_listener(ev::scroll, move |_| {
        measure();
        scrolling.then(300, move || {
            // Another list is on its way: the address has its row already.
            if rows.stale.get_untracked() || goal.with_value(Option::is_some) {
                return;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float saturates")]
            let row = above().max(0.0) as usize / row_height();
            router.write_query(view.get_untracked().query(row), false);
        });
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    let bulk = Bulk::new(
        project.clone(),
        Callback::new(move |()| {
            rows.start(&view.get_untracked(), range.get_untracked().0);
            counts.reload.run(());
        }),
    );
    provide_context(bulk);
    let (selection, is_used) = (bulk.selection(rows, view), bulk.is_used());
    // Shows another list. A step is one that the back button reverts.
    let show = move |changed: ListView, is_step: bool| {
        if above() > 0.0 {
            goal.set_value(Some(0));
        }
        bulk.clear();
        router.write_query(changed.query(0), is_step);
        rows.start(&changed, 0);
        view.set(changed);
    };
    let change = move |act: &dyn Fn(&mut ListView)| {
        let mut changed = view.get_untracked();
        act(&mut changed);
        show(changed, true);
    };
    // The back button, and links to this page.
    effect(move |before: Option<()>| {
        let (asked, row) = ListView::of_query(&router.query.get());
        if before.is_some() && view.get_untracked() != asked {
            goal.set_value(Some(row));
            rows.start(&asked, row);
            typed.set(asked.search.clone());
            view.set(asked);
        }
    });
    rows.start(&view.get_untracked(), first_row);
    let search = move |text: String| {
        if looks_like_secret(&text) {
            // The secret leaves neither the page nor this function; what is searched for is its hash.
            let secret = text.trim().to_owned();
            typed.set(hint(&secret));
            spawn_local(async move {
                let words = digest::sha256(&secret).await.map_or_else(|| hint(&secret), |hash| format!("{SECRET_HASH_PREFIX}{hash}"));
                if !typed.is_disposed() {
                    typed.set(words.clone());
                    show(ListView { search: words, ..ListView::default() }, true);
                }
            });
            return;
        }
        typed.set(text);
        typing.then(SEARCH_PAUSE, move || {
            let search = typed.get_untracked();
            show(ListView { search, page: 0, ..view.get_untracked() }, false);
        });
    };
    let is_waiting = memo(move || rows.total.get().is_none() && rows.error.with(Option::is_none));
    let is_empty = memo(move || rows.total.get().is_some_and(|(total, _)| total == 0) && view.with(ListView::is_whole) && !rows.busy.get());
    let found = dynamic(move || match (rows.total.get(), view.with(|view| view.search.starts_with(SECRET_HASH_PREFIX))) {
        (Some((0, _)), true) => "No key of this project has this secret".to_owned(),
        (Some(_), true) => "This key has the secret".to_owned(),
        (Some((1, false)), _) => "1 key".to_owned(),
        (Some((total, more)), _) => format!("{}{} keys", if more { "More than " } else { "" }, number(total)),
        (None, _) => String::new(),
    });
    let asked = RwSignal::new(None::<Arc<KeyDetails>>);
    let switching = RwSignal::new(false);
    let again = StoredValue::new(None::<Callback<(Arc<KeyDetails>, bool)>>);
    let switch = {
        let project = StoredValue::new(project.clone());
        Callback::new(move |(key, enabled): (Arc<KeyDetails>, bool)| {
            switching.set(true);
            spawn_local(async move {
                let answer = client::set_key_status(&project.get_value(), &key.key.id, UpdateKeyStatus { enabled }).await;
                if switching.is_disposed() {
                    return;
                }
                match answer {
                    Ok(answer) => {
                        rows.replace(answer.value);
                        counts.reload.run(());
                        let text = format!("{} is {}.", shown(&key.key.name), if enabled { "enabled" } else { "disabled" });
                        let undo = again
                            .get_value()
                            .map(|again| Callback::new(move |()| again.try_run((key.clone(), !enabled)).unwrap_or_default()));
                        toasts.say(text, undo);
                    }
                    Err(problem) => toasts.say(problem.text(), None),
                }
                asked.set(None);
                switching.set(false);
            });
        })
    };
    again.set_value(Some(switch));
    let on_switch = Callback::new(move |key: Arc<KeyDetails>| if key.enabled { asked.set(Some(key)) } else { switch.run((key, true)) });
    let retry = Callback::new(move |()| rows.start(&view.get_untracked(), 0));
    let page_of = project.clone();
    let list = move || {
        let project = project.clone();
        view! {
            <div class="list-bar">
                <div class="search">
                    <Icon path=SEARCH />
                    <input
                        type="search"
                        class="input"
                        aria-label="Search keys"
                        placeholder="Search names, IDs and scopes, or paste a secret"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=move || typed.get()
                        on:input:target=move |event| search(event.target().value())
                    />
                </div>
                <label class="choice list-sort">
                    <span>"Sort by"</span>
                    <select class="input select" on:change=move |event| {
                        let sort = event_target_value(&event).parse().unwrap_or_default();
                        change(&|view| view.sort_by(sort));
                    }>
                        {SORTS
                            .iter()
                            .map(|(sort, label)| {
                                view! { <option value=sort.as_str() prop:selected=move || view.with(|view| view.sort == *sort)>{*label}</option> }
                            })
                            .collect_view()}
                    </select>
                </label>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    aria-pressed=move || (density.get() == Density::Compact).to_string()
                    on:click=move |_| {
                        density.update(|density| *density = if *density == Density::Compact { Density::Normal } else { Density::Compact });
                        request_animation_frame(move || {
                            if !range.is_disposed() {
                                measure();
                            }
                        });
                    }
                >
                    "Compact"
                </button>
                <p class="list-count" role="status">{found}</p>
            </div>
            <fieldset class="chips filters">
                <legend class="visually-hidden">"Filter"</legend>
                {move || KeyFilter::ALL
                    .iter()
                    .map(|(filter, _)| *filter)
                    // The others have no use before they are counted.
                    .filter(|filter| is_counted.get() || *filter == KeyFilter::All || view.with_untracked(|view| view.filter == *filter))
                    .map(|filter| {
                        let count = move || match filter {
                            KeyFilter::Sensitive => sensitive.get(),
                            filter => known.get().and_then(|counts| counts.of(filter)),
                        };
                        // A filter that finds nothing is not offered.
                        let is_offered = move || known.get().is_none() || count() != Some(0);
                        let is_chosen = move || view.with(|view| view.filter == filter);
                        view! {
                            <label class="chip" hidden=move || !is_chosen() && !is_offered()>
                                <input
                                    type="radio"
                                    name="filter"
                                    prop:checked=is_chosen
                                    on:change=move |_| change(&|view| {
                                        view.filter = filter;
                                        view.page = 0;
                                    })
                                />
                                <span>{filter_label(filter)}" "<small>{move || count().map(number)}</small></span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            {move || rows.error.get().map(|error| view! { <Failure error on_retry=retry /> })}
            <KeyTable
                catalog
                project
                rows=rows.rows
                edition=rows.edition
                total=Signal::derive(move || rows.total.get().map_or(0, |(total, _)| total))
                is_empty=memo(move || !is_waiting.get() && rows.rows.with(Vec::is_empty))
                range
                in_view
                view
                busy=rows.busy
                stale=rows.stale
                body
                density
                selection
                on_sort=Callback::new(move |sort| change(&|view| view.sort_by(sort)))
                on_switch
            />
            {move || is_waiting.get().then(|| view! { <Loading what="API keys" /> })}
            {move || {
                (rows.total.get().is_some_and(|(total, _)| total == 0) && !rows.busy.get()).then(|| {
                    view! {
                        <div class="empty">
                            <p class="empty-text">"No keys match the search and the filter."</p>
                            <p>
                                <button type="button" class="button" on:click=move |_| {
                                    typed.set(String::new());
                                    show(ListView::default(), true);
                                }>"Show all keys"</button>
                            </p>
                        </div>
                    }
                })
            }}
            <Pager
                total=Signal::derive(move || rows.total.get().map_or(0, |(total, _)| total))
                page=Signal::derive(move || view.with(|view| view.page))
                on_page=Callback::new(move |page| change(&|view| view.page = page))
            />
            {move || part.get().filter(|_| is_used.get() && catalog.get().is_some()).map(|later| (later.bulk)())}
        }
    };
    view! {
        {move || {
            if is_empty.get() {
                view! { <NoKeys create=Page::KeyCreate { project: page_of.clone() } catalog=catalog.get().map(Served::catalog) /> }.into_any()
            } else {
                list().into_any()
            }
        }}
        <ConfirmDialog
            id="disable-key"
            open=Signal::derive(move || asked.with(Option::is_some))
            title=Signal::derive(move || asked.with(|asked| asked.as_ref().map_or_else(String::new, |key| format!("Disable {}?", shown(&key.key.name)))))
            confirm=Signal::derive(move || if switching.get() { "Disabling…" } else { "Disable key" }.to_owned())
            cancel="Keep it enabled"
            busy=switching
            on_cancel=Callback::new(move |()| asked.set(None))
            on_confirm=Callback::new(move |()| {
                if let Some(key) = asked.get_untracked() {
                    switch.run((key, false));
                }
            })
        >
            <p>"Requests with this key are refused immediately. You can enable the key again at any time."</p>
        </ConfirmDialog>
    }
}
