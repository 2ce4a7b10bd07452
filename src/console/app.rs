//! Puts the console together: what all pages share, and which page is shown.

use std::time::Duration;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    catalog::{CatalogState, ServerCatalog, provide_catalog},
    client::ClientError,
    clock::{self, Now},
    components::{ConfirmDialog, Failure, Header, Loading},
    pages::{KeysPage, NotFoundPage, Palette, ProjectNames, ProjectsPage, SignInPage},
    part::{FetchPart, Part, PartState},
    route::Page,
    router::Router,
    session::{Session, SessionState},
    shortcuts::{self, ShortcutsDialog},
    state::Find,
    tabs::{self, Message},
    theme,
    toast::{ToastRegion, Toasts},
};
use crate::picker::paint::{painted_first, when_idle};

/// Shows the console instead of what the page shows while it waits.
pub(super) fn start(fetch: FetchPart) {
    // A task of its own: the browser can answer a click between compiling and this.
    let mount = move || {
        if let Some(waiting) = document().get_element_by_id("frame") {
            waiting.remove();
        }
        mount_to_body(move || view! { <App fetch /> });
    };
    set_timeout(mount, Duration::ZERO);
}

/// What is known about the session, as far as it decides which page is shown.
#[derive(Clone, Copy, PartialEq)]
enum AuthGate {
    Waiting,
    Failed,
    Closed,
    Open,
}

#[component]
fn App(fetch: FetchPart) -> impl IntoView {
    let router = Router::start();
    let part = Part::start(fetch);
    let catalog = ServerCatalog::new(part);
    let session = Session::start(catalog);
    provide_context(router);
    provide_context(session);
    provide_context(catalog);
    provide_context(part);
    provide_context(Now::start());
    let toasts = Toasts::start();
    provide_context(toasts);
    let names = ProjectNames::start();
    provide_context(names);
    let theme = theme::start(|chosen| tabs::notify(Message::Theme(chosen)));
    let page = memo(move || router.page.get());
    let is_here = memo(move || match part.state.get() {
        _ if !page.get().needs_part() => AuthGate::Open,
        PartState::Waiting => AuthGate::Waiting,
        PartState::Failed => AuthGate::Failed,
        PartState::Ready => AuthGate::Open,
    });
    let gate = memo(move || match session.state.get() {
        // A page that needs neither is not rebuilt when the answer arrives.
        _ if !page.get().needs_account() && !page.get().needs_catalog() => is_here.get(),
        SessionState::Unknown => AuthGate::Waiting,
        SessionState::Failed(_) => AuthGate::Failed,
        SessionState::Out { .. } if page.get().needs_account() => AuthGate::Closed,
        _ if !page.get().needs_catalog() => is_here.get(),
        _ => match catalog.state.get() {
            CatalogState::Waiting => AuthGate::Waiting,
            CatalogState::Failed(_) => AuthGate::Failed,
            CatalogState::Ready(_) => AuthGate::Open,
        },
    });
    // A page is built again where the server has got another catalog; what is shown instead of it is not, with what is typed there.
    let judged_by = memo(move || match (gate.get(), catalog.state.get()) {
        (AuthGate::Open, CatalogState::Ready(served)) if page.get().needs_catalog() => Some(served),
        _ => None,
    });
    let scene = memo(move || (page.get(), gate.get(), judged_by.get()));
    let built = move |page: Page, gate: AuthGate| match (page, gate) {
        (Page::NotFound, _) => view! { <NotFoundPage /> }.into_any(),
        (_, AuthGate::Waiting) => view! { <Loading what="Scopewise" /> }.into_any(),
        (_, AuthGate::Failed) => view! { <Unreachable session catalog part /> }.into_any(),
        (Page::SignIn, _) | (_, AuthGate::Closed) => view! { <SignInPage /> }.into_any(),
        (Page::Projects, AuthGate::Open) => view! { <ProjectsPage /> }.into_any(),
        (Page::Keys { project }, AuthGate::Open) => view! { <KeysPage project /> }.into_any(),
        (page, AuthGate::Open) => part.get().map(|later| (later.page)(page)).into_any(),
    };
    let shown = dynamic(move || {
        let (page, gate, judged_by) = scene.get();
        if let Some(served) = judged_by {
            provide_catalog(served);
        }
        built(page, gate)
    });
    effect(move |before: Option<Page>| {
        let (page, gate, _) = scene.get();
        match before {
            // The browser announces the first page; later ones are announced by moving the focus to their heading.
            None => {}
            // What a page waited for has come: whoever has gone on to the sidebar meanwhile stays there.
            Some(before) if before == page && gate == AuthGate::Open && is_outside_main() => {}
            Some(_) => focus_heading(),
        }
        page
    });
    effect(move |_| {
        let title = if gate.get() == AuthGate::Closed { Page::SignIn.title() } else { page.get().title() };
        let subject = router.subject.get();
        let separator = if subject.is_empty() { "" } else { " · " };
        document().set_title(&format!("{subject}{separator}{title} · Scopewise"));
    });
    Effect::new(move |_| {
        if page.get().needs_part() {
            part.load();
            // While the answer is on its way.
            when_idle(clock::prepare);
        }
    });
    tabs::follow(move |message| match message {
        // Unsaved work stays; saving it says that the session has ended.
        Message::Session if router.has_guard() => {}
        Message::Session => session.refresh(),
        Message::Theme(chosen) => theme.set(chosen),
    });
    let project = memo(move || page.get().project().map(str::to_owned));
    effect(move |_| {
        if let Some(project) = project.get() {
            names.last.set(Some(project));
        }
    });
    let last = Signal::from(names.last);
    // Without an account, the server would not say the name.
    let named = memo(move || names.last.get().filter(|_| session.is_in()));
    let linked = Signal::derive(move || named.get().map(|id| (id.clone(), names.name(id))));
    let (find, help) = (RwSignal::new(None::<Find>), RwSignal::new(false));
    shortcuts::follow(router, last, Signal::derive(move || session.is_in()), find, help);
    let dialogs = painted_first(move || {
        view! {
            <Palette find project=last />
            <ShortcutsDialog open=help />
            <LeaveDialog router />
        }
        .into_any()
    });
    let main = NodeRef::<html::Main>::new();
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            drop(main.focus());
        }
    };
    view! {
        <a class="skip" href="#content" on:click=skip>"Skip to content"</a>
        <div class="app">
            <Header theme page project=linked find />
            <main id="content" class="main" tabindex="-1" node_ref=main>{shown}</main>
        </div>
        {dialogs}
        <ToastRegion toasts />
    }
}

/// Whether the focus is on something beside the page, like the sidebar or a dialog.
fn is_outside_main() -> bool {
    document().active_element().is_some_and(|active| active.tag_name() != "BODY" && active.closest("main").ok().flatten().is_none())
}

/// Moves the focus to the heading of the page after the next render.
pub(super) fn focus_heading() {
    request_animation_frame(|| {
        let heading = document().query_selector("main h1").ok().flatten();
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(heading.focus());
        }
    });
}

/// Moves the focus to the page as a whole after the next render, without scrolling: what had the focus is gone.
pub(super) fn focus_main() {
    request_animation_frame(|| {
        let main = document().get_element_by_id("content").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(main) = main {
            drop(main.focus());
        }
    });
}

/// Asks before a page with unsaved work is left.
#[component]
fn LeaveDialog(router: Router) -> impl IntoView {
    let asked = memo(move || router.asked());
    // Kept while the dialog closes, so that its text does not vanish first.
    let words = Memo::new(move |before: Option<&Option<_>>| asked.get().or(before.copied().flatten()));
    view! {
        <ConfirmDialog
            id="leave"
            open=Signal::derive(move || asked.get().is_some())
            title=Signal::derive(move || words.get().map_or("", |guard| guard.title).to_owned())
            confirm=Signal::derive(move || words.get().map_or("Leave", |guard| guard.leave).to_owned())
            cancel="Stay on this page"
            on_cancel=Callback::new(move |()| router.stay())
            on_confirm=Callback::new(move |()| router.leave())
        >
            <p>{move || words.get().map_or("", |guard| guard.text)}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Unreachable(session: Session, catalog: ServerCatalog, part: Part) -> impl IntoView {
    let error = move || match (session.state.get(), catalog.state.get(), part.state.get()) {
        (SessionState::Failed(error), ..) | (_, CatalogState::Failed(error), _) => Some(error),
        (.., PartState::Failed) => Some(ClientError::Part),
        _ => None,
    };
    let retry = Callback::new(move |()| {
        part.load();
        session.refresh();
    });
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"Scopewise"</h1>
            {move || error().map(|error| view! { <Failure error on_retry=retry /> })}
        </div>
    }
}
