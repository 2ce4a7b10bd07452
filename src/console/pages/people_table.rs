//! The table of people, with a menu of actions for each.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    api::ListedAccount,
    console::{
        clock,
        components::{
            Moment,
            icons::{self, Icon},
        },
        route::Page,
        state::{PersonAction, ago_to_the_day, person_actions, person_name, person_state, relative, shown},
    },
};

#[component]
pub(super) fn PeopleTable(people: Vec<ListedAccount>, on_act: Callback<(PersonAction, ListedAccount)>) -> impl IntoView {
    let menu = RwSignal::new(None::<String>);
    let clicked = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let inside = target.and_then(|target| target.closest(".keys-menu").ok().flatten()).is_some();
        if !inside && menu.with_untracked(Option::is_some) {
            menu.set(None);
        }
    });
    on_cleanup(move || clicked.remove());
    let now = clock::use_now();
    let row = |account: ListedAccount| {
        let (name, email) = (shown(person_name(&account)), account.email.clone());
        let state = {
            let account = account.clone();
            move || {
                let (tone, label) = person_state(&account, now.get());
                view! { <span class="pill" data-tone=tone>{label}</span> }
            }
        };
        let you = account.current.then(|| view! { " "<a class="tag" href=Page::Account.path()>"You"</a> });
        let factor = account.second_factor.then(|| view! { " "<span class="tag" data-tone="fine">"Second factor"</span> });
        view! {
            <tr>
                <th scope="row">
                    <span class="keys-stack">
                        <span><bdi>{name.clone()}</bdi>{you}{factor}</span>
                        <span class="field-hint">{email}</span>
                    </span>
                </th>
                <td>{state}</td>
                <td data-wide="medium"><Moment at=account.accessed_at.0 text=ago_to_the_day /></td>
                <td data-wide="large">{account.sessions}</td>
                <td data-wide="large"><Moment at=account.created_at.0 text=relative /></td>
                <td class="keys-menu">{(!person_actions(&account).is_empty()).then(|| view! { <PersonMenu account name menu on_act /> })}</td>
            </tr>
        }
    };
    let rows = people.into_iter().map(row).collect_view();
    view! {
        <table class="table plain-rows">
            <caption class="visually-hidden">"People"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col" data-wide="medium">"Last seen"</th>
                    <th scope="col" data-wide="large">"Sessions"</th>
                    <th scope="col" data-wide="large">"Created"</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn PersonMenu(
    account: ListedAccount,
    name: String,
    menu: RwSignal<Option<String>>,
    on_act: Callback<(PersonAction, ListedAccount)>,
) -> impl IntoView {
    let id = StoredValue::new(account.id.clone());
    let is_open = memo(move || menu.with(|menu| id.with_value(|id| menu.as_ref() == Some(id))));
    let button = NodeRef::<html::Button>::new();
    let toggle = move |_| menu.set(if is_open.get_untracked() { None } else { Some(id.get_value()) });
    let close = move || {
        menu.set(None);
        if let Some(button) = button.get_untracked() {
            drop(button.focus());
        }
    };
    let content = move || {
        let actions = person_actions(&account)
            .iter()
            .map(|action| {
                let (action, account) = (*action, account.clone());
                let kind = if action == PersonAction::Delete { "danger" } else { "plain" };
                let act = move |_| {
                    close();
                    on_act.run((action, account.clone()));
                };
                view! { <button type="button" class="button" data-kind=kind on:click=act>{action.label()}</button> }
            })
            .collect_view();
        view! { <div class="menu">{actions}</div> }
    };
    view! {
        <div on:keydown=move |event| if event.key() == "Escape" && is_open.get_untracked() { close() }>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                aria-label=format!("Actions for {name}")
                aria-expanded=move || is_open.get().to_string()
                node_ref=button
                on:click=toggle
            >
                <Icon path=icons::MORE />
            </button>
            {move || is_open.get().then(&content)}
        </div>
    }
}
