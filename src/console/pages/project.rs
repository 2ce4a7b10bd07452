//! A project: what an SDK needs to connect to it, its name, and its deletion.

use leptos::{prelude::*, task::spawn_local};

use super::{ProjectNames, keys::endpoint, project_names::crumbs_to_project};
use crate::{
    api::Project,
    console::{
        client::{self, ClientError},
        components::{ConfirmDialog, CopyLine, Crumb, Crumbs, Failure, Loading, Section, TextField, Time, focus_first_problem},
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::use_router,
        state::shown,
        toast::use_toasts,
    },
    key::KeyName,
};

#[component]
pub(in crate::console) fn ProjectPage(project: String) -> impl IntoView {
    let saved = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move { client::project(&project).await }
        })
    };
    let mut crumbs = crumbs_to_project(&project);
    crumbs.push(Crumb::here(Signal::stored("Settings".to_owned())));
    let body = dynamic(move || match saved.value.get() {
        LoadState::Loading => view! { <Loading what="the project" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        LoadState::Ready(project) => view! { <ProjectSettings project /> }.into_any(),
    });
    view! {
        <Crumbs steps=crumbs />
        <div class="page-head"><h1 class="title" tabindex="-1">"Project"</h1></div>
        {body}
    }
}

#[component]
fn ProjectSettings(project: Project) -> impl IntoView {
    let names: ProjectNames = expect_context();
    let toasts = use_toasts();
    let id = StoredValue::new(project.id.clone());
    let saved = RwSignal::new(project.name.clone());
    let name = RwSignal::new(project.name);
    let problem = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let written = name.get_untracked().trim().to_owned();
        if busy.get_untracked() || saved.with_untracked(|saved| *saved == written) {
            return;
        }
        error.set(None);
        problem.set(written.parse::<KeyName>().err().map(|error| format!("A name {error}.")));
        if problem.with_untracked(Option::is_some) {
            return focus_first_problem();
        }
        busy.set(true);
        let project = id.get_value();
        spawn_local(async move {
            match client::rename_project(&project, &written).await {
                Ok(project) => {
                    names.learn(&project.id, &project.name);
                    set_if_alive(name, project.name.clone());
                    set_if_alive(saved, project.name);
                    toasts.say("The project is renamed.".to_owned(), None);
                }
                Err(refused) => set_if_alive(error, Some(refused)),
            }
            set_if_alive(busy, false);
        });
    };
    let unchanged = move || name.with(|name| saved.with(|saved| name.trim() == saved));
    view! {
        <Section id="project-connect" title="Connection" about="What an SDK needs to reach this project, in addition to an API key.">
            <CopyLine label="Endpoint" text=Signal::stored(endpoint()) what="endpoint" />
            <CopyLine label="Project ID" text=Signal::stored(project.id) what="project ID" />
            <div class="copy-line"><span class="copy-label">"Created"</span>{project.created_at.0.map(|at| view! { <Time at /> })}</div>
        </Section>
        <form on:submit=submit novalidate>
            <Section id="project-naming" title="Name" about="People see the name. Programs use the project ID, which stays the same.">
                <TextField id="project-name" label="Name" value=name problem=problem required=true />
                {move || error.get().map(|error| view! { <Failure error /> })}
                <div>
                    <button type="submit" class="button" aria-disabled=move || (busy.get() || unchanged()).to_string()>
                        {move || if busy.get() { "Saving…" } else { "Rename project" }}
                    </button>
                </div>
            </Section>
        </form>
        <DeleteProject id name=saved />
    }
}

#[component]
fn DeleteProject(id: StoredValue<String>, name: RwSignal<String>) -> impl IntoView {
    let names: ProjectNames = expect_context();
    let (router, toasts) = (use_router(), use_toasts());
    let [asked, busy] = [(); 2].map(|()| RwSignal::new(false));
    let error = RwSignal::new(None::<ClientError>);
    let delete = Callback::new(move |()| {
        busy.set(true);
        error.set(None);
        let (project, name) = (id.get_value(), shown(&name.get_untracked()));
        spawn_local(async move {
            match client::delete_project(&project).await {
                Ok(()) => {
                    toasts.say(format!("{name} is deleted."), None);
                    router.replace(Page::Projects);
                    names.forget(&project);
                }
                Err(refused) => {
                    set_if_alive(error, Some(refused));
                    set_if_alive(asked, false);
                }
            }
            set_if_alive(busy, false);
        });
    });
    view! {
        <Section id="project-delete" title="Delete project" about="Deletes the project with its API keys, dev keys and policy. Its audit log stays in the log of the server.">
            {move || error.get().map(|error| view! { <Failure error /> })}
            <div>
                <button type="button" class="button" data-kind="danger" on:click=move |_| asked.set(true)>"Delete this project"</button>
            </div>
        </Section>
        <ConfirmDialog
            id="delete-project"
            open=asked
            title=Signal::derive(move || format!("Delete {}?", shown(&name.get())))
            confirm=Signal::stored("Delete project".to_owned())
            cancel="Keep it"
            busy
            word=Signal::derive(move || id.get_value())
            on_cancel=Callback::new(move |()| asked.set(false))
            on_confirm=delete
        >
            <p>"Every API key and dev key of this project stops working immediately. You cannot undo this."</p>
        </ConfirmDialog>
    }
}
