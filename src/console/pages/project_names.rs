//! The known names of projects, for the breadcrumb of each page.

use std::collections::HashMap;

use leptos::{prelude::*, task::spawn_local};

use crate::console::{
    client,
    components::{Crumb, Crumbs},
    route::Page,
};

/// The names of projects that were shown.
#[derive(Clone, Copy)]
pub(in crate::console) struct ProjectNames {
    names: RwSignal<HashMap<String, String>>,
    /// The project that was shown last: the navigation leads to its pages.
    pub last: RwSignal<Option<String>>,
}

impl ProjectNames {
    /// Without any name yet.
    pub fn start() -> Self {
        Self { names: RwSignal::new(HashMap::new()), last: RwSignal::new(None) }
    }

    /// Stores a name.
    pub fn learn(self, project: &str, name: &str) {
        self.names.update(|names| drop(names.insert(project.to_owned(), name.to_owned())));
    }

    /// The project is gone.
    pub fn forget(self, project: &str) {
        self.names.update(|names| drop(names.remove(project)));
        if self.last.with_untracked(|last| last.as_deref() == Some(project)) {
            self.last.set(None);
        }
    }

    /// The name of a project; its id until the name is known.
    pub fn name(self, project: String) -> Signal<String> {
        if self.names.with_untracked(|names| !names.contains_key(&project)) {
            let id = project.clone();
            // It is asked for once.
            self.names.update_untracked(|names| drop(names.insert(id.clone(), id.clone())));
            spawn_local(async move {
                // If this fails, the id is shown instead, and the page reports the error.
                if let Ok(found) = client::project(&id).await {
                    self.learn(&id, &found.name);
                }
            });
        }
        Signal::derive(move || self.names.with(|names| names.get(&project).cloned().unwrap_or_else(|| project.clone())))
    }
}

/// The breadcrumb of the overview of a project.
pub(super) fn crumbs_to_project(project: &str) -> Vec<Crumb> {
    let names: ProjectNames = expect_context();
    let keys = Page::Keys { project: project.to_owned() };
    let text = |text: &'static str| Signal::stored(text.to_owned());
    vec![
        Crumb::to(text(Page::Projects.title()), Page::Projects),
        Crumb::to(names.name(project.to_owned()), keys),
        Crumb::here(text("Overview")),
    ]
}

/// The breadcrumb of another page of a project's integration.
pub(super) fn crumbs_to_integration(project: &str, title: &'static str) -> impl IntoView + use<> {
    let mut steps = crumbs_to_project(project);
    steps.push(Crumb::here(Signal::stored("Integration".to_owned())));
    steps.push(Crumb::here(Signal::stored(title.to_owned())));
    view! { <Crumbs steps /> }
}

/// The breadcrumb of the API keys of a project.
pub(super) fn crumbs_to_keys(project: &str, is_last: bool) -> Vec<Crumb> {
    let keys = Page::Keys { project: project.to_owned() };
    let title = Signal::stored(keys.title().to_owned());
    let mut crumbs = crumbs_to_project(project);
    crumbs.push(Crumb::here(Signal::stored("Integration".to_owned())));
    crumbs.push(if is_last { Crumb::here(title) } else { Crumb::to(title, keys) });
    crumbs
}
