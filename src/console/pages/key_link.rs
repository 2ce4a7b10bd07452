//! Links that fill in the create page.

use leptos::prelude::*;

use super::key_form::KeyForm;
use crate::{
    console::{
        clock,
        components::Notice,
        route::Page,
        state::{LinkExpiry, Prefill},
    },
    picker::state::{plan, sorted},
    scope::{Catalog, Tier},
};

/// Fills in the form. Operations without scopes get the smallest set.
pub(super) fn prefill(form: KeyForm, catalog: &'static Catalog, filled: &Prefill) {
    form.name.set(filled.name.clone());
    form.description.set(filled.description.clone());
    form.inputs.calls.set(filled.operations.clone());
    let scopes = if filled.scopes.is_empty() && !filled.operations.is_empty() {
        plan(catalog, &filled.operations, &[], None, Tier::Project).smallest
    } else {
        filled.scopes.clone()
    };
    form.scopes.set(sorted(catalog, scopes));
    if let Some(expiry) = filled.expiry {
        form.expiry.set(expiry.draft(clock::now(), clock::to_local_field));
    }
    form.runs_in.set(filled.runs_in);
}

/// The address of the create page that fills in what the form says.
pub(super) fn form_link(page: &Page, form: KeyForm) -> String {
    let filled = Prefill {
        name: form.name.get(),
        description: form.description.get(),
        scopes: form.scopes.get(),
        operations: form.inputs.calls.get(),
        expiry: form.expiry.with(|draft| LinkExpiry::of(draft, clock::parse_local)),
        runs_in: form.runs_in.get(),
    };
    format!("{}{}{}", window().location().origin().unwrap_or_default(), page.path(), filled.query())
}

/// Says that a link has filled in the form.
#[component]
pub(super) fn LinkNotice(filled: Prefill) -> impl IntoView {
    (!filled.is_empty()).then(|| {
        view! { <Notice><p>"A link filled in this form. Check the scopes before you create the key."</p></Notice> }
    })
}
