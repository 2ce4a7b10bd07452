//! The pages. Each loads its data, holds it, and passes it to components.

mod account;
mod account_forms;
mod audit;
mod conflict;
mod key;
mod key_create;
mod key_created;
mod key_delete;
mod key_edit;
mod key_facts;
mod key_form;
mod key_history;
mod key_link;
mod key_list;
mod key_rows;
mod key_scopes;
mod key_secret;
mod key_sources;
mod keys;
mod not_found;
mod policy;
mod project_names;
mod projects;
mod setup;
mod sign_in;

pub(super) use account::AccountPage;
pub(super) use audit::AuditPage;
pub(super) use key::KeyPage;
pub(super) use key_create::KeyCreatePage;
pub(super) use keys::KeysPage;
pub(super) use not_found::NotFoundPage;
pub(super) use policy::PolicyPage;
pub(super) use project_names::ProjectNames;
pub(super) use projects::ProjectsPage;
pub(super) use setup::SetupPage;
pub(super) use sign_in::SignInPage;
