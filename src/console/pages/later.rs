//! The pages that are not in the first download.

use leptos::prelude::*;

use super::{
    account::AccountPage, audit::AuditPage, checker::CheckerPage, dev_keys::DevKeysPage, ephemeral::EphemeralPage,
    invitation::InvitationPage, key::KeyPage, key_create::KeyCreatePage, not_found::NotFoundPage, people::PeoplePage, policy::PolicyPage,
    project::ProjectPage, scopes::ScopesPage, setup::SetupPage,
};
use crate::console::route::Page;

/// A page that [needs the part](Page::needs_part).
pub(in crate::console) fn later(page: Page) -> AnyView {
    match page {
        Page::Setup => view! { <SetupPage /> }.into_any(),
        Page::Invitation => view! { <InvitationPage /> }.into_any(),
        Page::People => view! { <PeoplePage /> }.into_any(),
        Page::Account => view! { <AccountPage /> }.into_any(),
        Page::KeyCreate { project } => view! { <KeyCreatePage project /> }.into_any(),
        Page::Key { project, key } => view! { <KeyPage project key /> }.into_any(),
        Page::Checker => view! { <CheckerPage /> }.into_any(),
        Page::Scopes => view! { <ScopesPage /> }.into_any(),
        Page::DevKeys { project } => view! { <DevKeysPage project /> }.into_any(),
        Page::Ephemeral { project } => view! { <EphemeralPage project /> }.into_any(),
        Page::Settings { project } => view! { <ProjectPage project /> }.into_any(),
        Page::Policy { project } => view! { <PolicyPage project /> }.into_any(),
        Page::Audit { project } => view! { <AuditPage project=Some(project) /> }.into_any(),
        Page::ServerAudit => view! { <AuditPage project=None /> }.into_any(),
        // The others are in the first download.
        Page::SignIn | Page::Projects | Page::Keys { .. } | Page::NotFound => view! { <NotFoundPage /> }.into_any(),
    }
}
