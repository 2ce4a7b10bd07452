//! The pages. Each loads its data, holds it, and passes it to components.

mod account;
mod account_forms;
mod audit;
mod audit_filters;
mod checker;
mod conflict;
mod dev_key_form;
mod dev_keys;
mod ephemeral;
mod invitation;
mod key;
mod key_bulk;
mod key_bulk_work;
mod key_create;
mod key_created;
mod key_delete;
mod key_edit;
mod key_facts;
mod key_form;
mod key_history;
mod key_link;
mod key_list;
mod key_list_parts;
mod key_rows;
mod key_scopes;
mod key_secret;
mod key_sources;
mod key_use;
mod keys;
mod later;
mod not_found;
mod palette;
mod people;
mod people_table;
mod policy;
mod project;
mod project_names;
mod projects;
mod scopes;
mod second_factor;
mod setup;
mod sign_in;

pub(super) use key_bulk::bulk_bar;
pub(super) use keys::KeysPage;
pub(super) use later::later;
pub(super) use not_found::NotFoundPage;
pub(super) use palette::Palette;
pub(super) use project_names::ProjectNames;
pub(super) use projects::ProjectsPage;
pub(super) use sign_in::SignInPage;

/// Moves the focus to the element with this id after the next render.
fn focus(id: &'static str) {
    use wasm_bindgen::JsCast;
    leptos::prelude::request_animation_frame(move || {
        let found = leptos::prelude::document().get_element_by_id(id);
        if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(found.focus());
        }
    });
}
