//! The tabs of a project.

use leptos::prelude::*;

use crate::console::route::Page;

/// Links to the pages of a project; `here` is the current one.
#[component]
pub(in crate::console) fn ProjectNav(project: String, here: Page) -> impl IntoView {
    let pages = [Page::Keys { project: project.clone() }, Page::Policy { project: project.clone() }, Page::Audit { project }];
    let links = pages
        .into_iter()
        .map(|page| {
            let current = (page == here).then_some("page");
            view! { <li><a class="tab" href=page.path() aria-current=current>{page.title()}</a></li> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label="Project"><ul>{links}</ul></nav> }
}
