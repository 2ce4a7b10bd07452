//! The list of projects, and a form to create one.

use leptos::{html, prelude::*, task::spawn_local};

use super::ProjectNames;
use crate::{
    api::{CreateProject, Project},
    console::{
        client::{self, ClientError},
        components::{Failure, Loading, TextField, Time, if_closed, keep_open},
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::use_router,
    },
    key::{KeyName, PROJECT_ID_RULE, ProjectId},
};

#[component]
pub(in crate::console) fn ProjectsPage() -> impl IntoView {
    let projects = load(client::projects);
    let open = RwSignal::new(false);
    let empty = move || matches!(projects.value.get(), LoadState::Ready(list) if list.projects.is_empty());
    let body = dynamic(move || match projects.value.get() {
        LoadState::Loading => view! { <Loading what="projects" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=projects.reload /> }.into_any(),
        LoadState::Ready(list) if list.projects.is_empty() => view! { <FirstProject /> }.into_any(),
        LoadState::Ready(list) => view! { <ProjectTable projects=list.projects /> }.into_any(),
    });
    view! {
        <div class="page-head">
            <h1 class="title" tabindex="-1">"Projects"</h1>
            <button type="button" class="button" data-kind="primary" hidden=empty on:click=move |_| open.set(true)>
                "Create project"
            </button>
        </div>
        {body}
        <CreateDialog open />
    }
}

#[component]
fn ProjectTable(projects: Vec<Project>) -> impl IntoView {
    let names: ProjectNames = expect_context();
    let rows = projects
        .into_iter()
        .map(|project| {
            names.learn(&project.id, &project.name);
            let page = Page::Keys { project: project.id.clone() };
            view! {
                <tr>
                    <th scope="row" class="keys-name"><a href=page.path() dir="auto">{project.name}</a></th>
                    <td><code>{project.id}</code></td>
                    <td data-wide="medium">{project.created_at.0.map(|at| view! { <Time at /> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table keys">
            <caption class="visually-hidden">"Projects"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Project ID"</th>
                    <th scope="col" data-wide="medium">"Created"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn FirstProject() -> impl IntoView {
    view! {
        <section class="empty" aria-labelledby="first-project">
            <h2 class="empty-title" id="first-project">"Create your first project"</h2>
            <p class="empty-text">
                "A project is one application with its data. Its API keys work only in this project, so create a separate project for each application and each environment, such as staging and production."
            </p>
            <CreateForm />
        </section>
    }
}

#[component]
fn CreateDialog(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, open.into(), || ());
    view! {
        <dialog class="dialog" aria-labelledby="create-project-title" node_ref=dialog on:close=move |event| if_closed(&event, || open.set(false))>
            <h2 class="dialog-title" id="create-project-title">"Create project"</h2>
            // Built each time it opens, so that dismissed entries are gone.
            {move || open.get().then(|| view! { <CreateForm on_cancel=Callback::new(move |()| open.set(false)) /> })}
        </dialog>
    }
}

#[component]
fn CreateForm(#[prop(optional)] on_cancel: Option<Callback<()>>) -> impl IntoView {
    let router = use_router();
    let names: ProjectNames = expect_context();
    let [name, id] = [(); 2].map(|()| RwSignal::new(String::new()));
    let name_problem = RwSignal::new(None::<String>);
    let id_problem = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (typed_name, typed_id) = (name.get_untracked().trim().to_owned(), id.get_untracked().trim().to_owned());
        name_problem.set(typed_name.parse::<KeyName>().err().map(|error| format!("A name {error}.")));
        let id_error = if typed_id.is_empty() { None } else { typed_id.parse::<ProjectId>().err() };
        id_problem.set(id_error.map(|error| format!("An ID {error}.")));
        if busy.get_untracked() || name_problem.with_untracked(Option::is_some) || id_problem.with_untracked(Option::is_some) {
            crate::console::components::focus_first_problem();
            return;
        }
        busy.set(true);
        error.set(None);
        let body = CreateProject { project_id: if typed_id.is_empty() { "unique()".to_owned() } else { typed_id }, name: typed_name };
        spawn_local(async move {
            match client::create_project(&body).await {
                Ok(project) => {
                    names.learn(&project.id, &project.name);
                    router.go(Page::Keys { project: project.id });
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <form class="stack" on:submit=submit novalidate>
            <TextField id="project-name" label="Name" value=name problem=name_problem required=true />
            <TextField
                id="project-id"
                label="Project ID"
                value=id
                code=true
                placeholder="Generated if empty"
                problem=id_problem
                hint=Signal::stored(format!("Optional. You cannot change it later. {PROJECT_ID_RULE}."))
            />
            {move || error.get().map(|error| view! { <Failure error /> })}
            <div class="dialog-actions">
                {on_cancel.map(|cancel| {
                    view! { <button type="button" class="button" on:click=move |_| cancel.run(())>"Cancel"</button> }
                })}
                <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Creating…" } else { "Create project" }}
                </button>
            </div>
        </form>
    }
}
