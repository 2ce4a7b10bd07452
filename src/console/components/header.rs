//! The header of every page.

use leptos::prelude::*;

use crate::console::{
    route::Page,
    session::{SessionState, use_session},
    theme::Theme,
};

#[component]
pub(in crate::console) fn Header(theme: RwSignal<Theme>) -> impl IntoView {
    let session = use_session();
    let account = move || match session.state.get() {
        SessionState::In(account) => {
            let name = if account.name.is_empty() { account.email } else { account.name };
            Some(view! {
                <a class="header-link" href=Page::Account.path()>
                    <span class="visually-hidden">"Account: "</span>
                    <bdi>{name}</bdi>
                </a>
            })
        }
        _ => None,
    };
    let choose = move |event: web_sys::Event| {
        let label = event_target_value(&event);
        theme.set(Theme::ALL.iter().copied().find(|theme| theme.label() == label).unwrap_or_default());
    };
    view! {
        <header class="header">
            <div class="header-inner">
                <a class="brand" href=Page::Projects.path()>
                    <Logo />
                    <span>"Scopewise"</span>
                </a>
                <div class="header-side">
                    <select class="input select header-theme" aria-label="Theme" on:change=choose>
                        {Theme::ALL
                            .iter()
                            .copied()
                            .map(|offered| {
                                view! {
                                    <option value=offered.label() prop:selected=move || theme.get() == offered>{offered.label()}</option>
                                }
                            })
                            .collect_view()}
                    </select>
                    {account}
                </div>
            </div>
        </header>
    }
}

/// A key whose bow is a scope: a ring with its four marks.
#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle cx="9.5" cy="12" r="6" />
            <path d="M9.5 4v3M9.5 17v3M1.5 12h3M15.5 12h7M19 12v3.5" />
            <circle class="logo-dot" cx="9.5" cy="12" r="1.5" />
        </svg>
    }
}
