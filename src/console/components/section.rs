//! A section of a form: an explanation next to its fields.

use leptos::prelude::*;

#[component]
pub(in crate::console) fn Section(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    /// Puts the explanation above, for contents that need the whole width.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" data-wide=wide.to_string() aria-labelledby=id>
            <div class="section-about">
                <h2 class="section-title" id=id>{title}</h2>
                <p>{about}</p>
            </div>
            <div class="section-body">{children()}</div>
        </section>
    }
}
