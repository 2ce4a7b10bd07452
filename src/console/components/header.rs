//! The navigation around every page: a sidebar, and on narrow windows a bar with a menu.

use leptos::{html, prelude::*};

use super::icons::{self, Icon};
use crate::console::{
    route::Page,
    session::{SessionState, use_session},
    state::{Find, project_pages},
    theme::Theme,
};

#[component]
pub(in crate::console) fn Header(
    theme: RwSignal<Theme>,
    /// The page that is shown.
    page: Memo<Page>,
    /// The project whose pages are linked, if one is known: its id and its name.
    project: Signal<Option<(String, Signal<String>)>>,
    /// Opens the command palette.
    find: RwSignal<Option<Find>>,
) -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let menu = NodeRef::<html::Button>::new();
    // A page was chosen.
    effect(move |_| {
        page.track();
        open.set(false);
    });
    let close = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            if let Some(menu) = menu.get_untracked() {
                drop(menu.focus());
            }
        }
    };
    let is_in = memo(move || session.is_in());
    let account = move || match session.state.get() {
        SessionState::In(account) => {
            let name = if account.name.is_empty() { account.email } else { account.name };
            let link = view! {
                <a class="nav-link" href=Page::Account.path() aria-current=move || current(&page.get(), &Page::Account)>
                    <Icon path=icons::PERSON />
                    <span class="visually-hidden">"Account: "</span>
                    <bdi>{name}</bdi>
                </a>
            };
            Some(link.into_any())
        }
        SessionState::Out { .. } if page.get().needs_account() || !page.get().needs_catalog() => None,
        SessionState::Out { .. } => Some(sign_in()),
        _ => None,
    };
    let choose = move |event: web_sys::Event| {
        let label = event_target_value(&event);
        theme.set(Theme::ALL.iter().copied().find(|theme| theme.label() == label).unwrap_or_default());
    };
    let of_project = dynamic(move || {
        let (id, name) = project.get().filter(|_| is_in.get())?;
        let links = project_pages(&id).into_iter().map(|(to, label)| link(page, to, label)).collect_view();
        Some(view! {
            <button type="button" class="switcher" aria-haspopup="dialog" on:click=move |_| find.set(Some(Find::Projects))>
                <span class="visually-hidden">"Switch project. Current: "</span>
                <bdi>{move || name.get()}</bdi>
                <Icon path=icons::SWITCH />
            </button>
            <nav aria-label="Project"><ul class="nav">{links}</ul></nav>
        })
    });
    view! {
        <header class="header" data-open=move || open.get().to_string() on:keydown=close>
            <div class="header-bar">
                <a class="brand" href=Page::Projects.path()>
                    <Logo />
                    <span>"Scopewise"</span>
                </a>
                <button
                    type="button"
                    class="button header-menu"
                    data-kind="quiet"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="menu"
                    node_ref=menu
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon path=icons::MENU />
                    "Menu"
                </button>
            </div>
            <div id="menu" class="header-panel">
                {move || is_in.get().then(|| {
                    view! {
                        <button type="button" class="finder" aria-haspopup="dialog" on:click=move |_| find.set(Some(Find::Everything))>
                            <Icon path=icons::SEARCH />
                            <span>"Go to…"</span>
                            <kbd>"Ctrl K"</kbd>
                        </button>
                    }
                })}
                {of_project}
                <nav class="nav-tools" aria-label="Reference">
                    <ul class="nav">{link(page, Page::Checker, "Checker")}{link(page, Page::Scopes, "Scopes")}</ul>
                </nav>
                <div class="header-foot">
                    {move || is_in.get().then(|| view! { <ul class="nav">{link(page, Page::People, "People")}</ul> })}
                    {account}
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
                </div>
            </div>
        </header>
    }
}

/// For pages that show something without an account.
fn sign_in() -> AnyView {
    view! {
        <a class="nav-link" href=Page::SignIn.path()>
            <Icon path=icons::PERSON />
            "Sign in"
        </a>
    }
    .into_any()
}

/// What a link to `to` says about the page that is shown.
fn current(shown: &Page, to: &Page) -> Option<&'static str> {
    if shown == to {
        Some("page")
    } else if shown.section() == *to {
        Some("true")
    } else {
        None
    }
}

fn link(page: Memo<Page>, to: Page, label: &'static str) -> AnyView {
    let path = match to {
        Page::Keys { .. } => icons::KEY,
        Page::Ephemeral { .. } => icons::CLOCK,
        Page::DevKeys { .. } => icons::CODE,
        Page::Audit { .. } => icons::LIST,
        Page::Policy { .. } => icons::SHIELD,
        Page::Checker => icons::FINE,
        Page::Scopes => icons::BOOK,
        Page::People => icons::PEOPLE,
        _ => icons::SLIDERS,
    };
    let href = to.path();
    view! {
        <li>
            <a class="nav-link" href=href aria-current=move || current(&page.get(), &to)>
                <Icon path />
                {label}
            </a>
        </li>
    }
    .into_any()
}

/// A key whose bow is a scope: a ring with its four marks. index.html draws it as well.
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
