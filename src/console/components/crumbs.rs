//! The path to a page.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::console::route::Page;

/// One step of the path.
#[derive(Clone)]
pub(in crate::console) struct Crumb {
    /// Its text.
    pub label: Signal<String>,
    /// Where it leads; `None` for a step that is not a page, and for the last one.
    pub page: Option<Page>,
}

impl Crumb {
    /// A step that leads to a page.
    pub fn to(label: impl Into<Signal<String>>, page: Page) -> Self {
        Self { label: label.into(), page: Some(page) }
    }

    /// A step that leads nowhere.
    pub fn here(label: impl Into<Signal<String>>) -> Self {
        Self { label: label.into(), page: None }
    }
}

/// The path to a page, starting at the projects.
#[component]
pub(in crate::console) fn Crumbs(steps: Vec<Crumb>) -> impl IntoView {
    let last = steps.len().saturating_sub(1);
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(index, Crumb { label, page })| {
            let text = move || label.get();
            let step = match page {
                Some(page) => view! { <a href=page.path()><bdi>{text}</bdi></a> }.into_any(),
                None if index == last => view! { <span aria-current="page"><bdi>{text}</bdi></span> }.into_any(),
                None => view! { <span><bdi>{text}</bdi></span> }.into_any(),
            };
            view! {
                <li>
                    {step}
                    {(index != last).then(|| view! { <Icon path=icons::NEXT /> })}
                </li>
            }
        })
        .collect_view();
    view! { <nav class="crumbs" aria-label="Breadcrumb"><ol>{steps}</ol></nav> }
}
