//! The paths of the console's pages. No other module of the console contains a path.

use crate::api::paths::fill;

const SETUP: &str = "/setup";
const SIGN_IN: &str = "/sign-in";
const PROJECTS: &str = "/";
const ACCOUNT: &str = "/account";
const PEOPLE: &str = "/people";
const INVITATION: &str = "/invitation";
const SERVER_AUDIT: &str = "/audit";
const CHECKER: &str = "/checker";
const SCOPES: &str = "/scopes";
const KEYS: &str = "/projects/{projectId}/overview/integration/api-keys";
const KEY_CREATE: &str = "/projects/{projectId}/overview/integration/api-keys/create";
const KEY: &str = "/projects/{projectId}/overview/integration/api-keys/{keyId}";
const DEV_KEYS: &str = "/projects/{projectId}/overview/integration/dev-keys";
const EPHEMERAL: &str = "/projects/{projectId}/overview/integration/ephemeral-keys";
const SETTINGS: &str = "/projects/{projectId}/overview/settings";
const POLICY: &str = "/projects/{projectId}/overview/settings/key-policy";
const AUDIT: &str = "/projects/{projectId}/overview/audit";

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// Creating the first account with the one-time link.
    Setup,
    /// Signing in.
    SignIn,
    /// The projects.
    Projects,
    /// The person's account and sessions.
    Account,
    /// The accounts of the server.
    People,
    /// The audit log of the server.
    ServerAudit,
    /// Accepting an invitation with its one-time link.
    Invitation,
    /// Checks pasted scopes.
    Checker,
    /// The catalog: every scope, and what it opens.
    Scopes,
    /// The API keys of a project.
    Keys {
        /// The project.
        project: String,
    },
    /// A new API key.
    KeyCreate {
        /// The project.
        project: String,
    },
    /// One API key.
    Key {
        /// The project.
        project: String,
        /// The key.
        key: String,
    },
    /// The dev keys of a project.
    DevKeys {
        /// The project.
        project: String,
    },
    /// A new ephemeral key.
    Ephemeral {
        /// The project.
        project: String,
    },
    /// The name of a project, and its deletion.
    Settings {
        /// The project.
        project: String,
    },
    /// The policy of a project.
    Policy {
        /// The project.
        project: String,
    },
    /// The audit log of a project.
    Audit {
        /// The project.
        project: String,
    },
    /// No such page.
    NotFound,
}

impl Page {
    /// The page at a path. A project's path without more leads to its keys.
    pub fn parse(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match *segments.as_slice() {
            [] => Self::Projects,
            ["setup"] => Self::Setup,
            ["sign-in"] => Self::SignIn,
            ["account"] => Self::Account,
            ["people"] => Self::People,
            ["invitation"] => Self::Invitation,
            ["audit"] => Self::ServerAudit,
            ["checker"] => Self::Checker,
            ["scopes"] => Self::Scopes,
            ["projects", project]
            | ["projects", project, "overview"]
            | ["projects", project, "overview", "integration"]
            | ["projects", project, "overview", "integration", "api-keys"] => Self::Keys { project: decode(project) },
            ["projects", project, "overview", "integration", "api-keys", "create"] => Self::KeyCreate { project: decode(project) },
            ["projects", project, "overview", "integration", "api-keys", key] => Self::Key { project: decode(project), key: decode(key) },
            ["projects", project, "overview", "integration", "dev-keys"] => Self::DevKeys { project: decode(project) },
            ["projects", project, "overview", "integration", "ephemeral-keys"] => Self::Ephemeral { project: decode(project) },
            ["projects", project, "overview", "settings"] => Self::Settings { project: decode(project) },
            ["projects", project, "overview", "settings", "key-policy"] => Self::Policy { project: decode(project) },
            ["projects", project, "overview", "audit"] => Self::Audit { project: decode(project) },
            _ => Self::NotFound,
        }
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Self::Setup => SETUP.to_owned(),
            Self::SignIn => SIGN_IN.to_owned(),
            Self::Projects | Self::NotFound => PROJECTS.to_owned(),
            Self::Account => ACCOUNT.to_owned(),
            Self::People => PEOPLE.to_owned(),
            Self::Invitation => INVITATION.to_owned(),
            Self::ServerAudit => SERVER_AUDIT.to_owned(),
            Self::Checker => CHECKER.to_owned(),
            Self::Scopes => SCOPES.to_owned(),
            Self::Keys { project } => fill(KEYS, project),
            Self::KeyCreate { project } => fill(KEY_CREATE, project),
            // The id of a key can be `create`; with one letter encoded, its path is different.
            Self::Key { project, key } if key == "create" => fill(KEY, project).replace("{keyId}", "%63reate"),
            Self::Key { project, key } => fill(&fill(KEY, project), key),
            Self::DevKeys { project } => fill(DEV_KEYS, project),
            Self::Ephemeral { project } => fill(EPHEMERAL, project),
            Self::Settings { project } => fill(SETTINGS, project),
            Self::Policy { project } => fill(POLICY, project),
            Self::Audit { project } => fill(AUDIT, project),
        }
    }

    /// The title of the window, which screen readers announce.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Setup => "Set up",
            Self::SignIn => "Sign in",
            Self::Projects => "Projects",
            Self::Account => "Account",
            Self::People => "People",
            Self::Invitation => "Accept invitation",
            Self::ServerAudit => "Server audit log",
            Self::Checker => "Checker",
            Self::Scopes => "Scopes",
            Self::Keys { .. } => "API keys",
            Self::KeyCreate { .. } => "Create API key",
            Self::Key { .. } => "API key",
            Self::DevKeys { .. } => "Dev keys",
            Self::Ephemeral { .. } => "Ephemeral keys",
            Self::Settings { .. } => "Project",
            Self::Policy { .. } => "Key policy",
            Self::Audit { .. } => "Audit log",
            Self::NotFound => "Page not found",
        }
    }

    /// Whether a person must be signed in to see it.
    pub fn needs_account(&self) -> bool {
        !matches!(self, Self::Setup | Self::SignIn | Self::Invitation | Self::Checker | Self::Scopes | Self::NotFound)
    }

    /// Whether it is in the part of the console that is not in the first download.
    pub fn needs_part(&self) -> bool {
        !matches!(self, Self::SignIn | Self::Projects | Self::Keys { .. } | Self::NotFound)
    }

    /// Whether it judges scopes, and so waits for the server's catalog.
    pub fn needs_catalog(&self) -> bool {
        matches!(
            self,
            Self::Checker | Self::Scopes | Self::KeyCreate { .. } | Self::Key { .. } | Self::Ephemeral { .. } | Self::Policy { .. }
        )
    }

    /// The project that it belongs to.
    pub fn project(&self) -> Option<&str> {
        match self {
            Self::Keys { project }
            | Self::KeyCreate { project }
            | Self::Key { project, .. }
            | Self::DevKeys { project }
            | Self::Ephemeral { project }
            | Self::Settings { project }
            | Self::Policy { project }
            | Self::Audit { project } => Some(project),
            _ => None,
        }
    }

    /// The page of the navigation that it belongs to.
    pub fn section(&self) -> Self {
        match self {
            Self::KeyCreate { project } | Self::Key { project, .. } => Self::Keys { project: project.clone() },
            Self::ServerAudit => Self::People,
            page => page.clone(),
        }
    }
}

/// A segment, or a value of a query, without percent-encoding. Invalid encoding is kept unchanged.
pub(super) fn decode(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escaped =
            behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_at_its_path() {
        let project = || "my-project".to_owned();
        for page in [
            Page::Setup,
            Page::SignIn,
            Page::Projects,
            Page::Account,
            Page::People,
            Page::Invitation,
            Page::ServerAudit,
            Page::Keys { project: project() },
            Page::KeyCreate { project: project() },
            Page::Key { project: project(), key: "ci-2026.main".into() },
            Page::Key { project: project(), key: "a/b %25".into() },
            Page::Key { project: project(), key: "create".into() },
            Page::Checker,
            Page::Scopes,
            Page::DevKeys { project: project() },
            Page::Ephemeral { project: project() },
            Page::Settings { project: project() },
            Page::Policy { project: project() },
            Page::Audit { project: project() },
        ] {
            assert_eq!(Page::parse(&page.path()), page);
        }
    }

    #[test]
    fn a_project_leads_to_its_keys() {
        let keys = Page::Keys { project: "p".into() };
        for path in ["/projects/p", "/projects/p/", "/projects/p/overview", "/projects/p/overview/integration"] {
            assert_eq!(Page::parse(path), keys, "{path}");
        }
        assert_eq!(keys.path(), "/projects/p/overview/integration/api-keys");
    }

    #[test]
    fn a_key_belongs_to_the_keys_of_its_project() {
        let key = Page::Key { project: "p".into(), key: "k".into() };
        assert_eq!((key.project(), key.section()), (Some("p"), Page::Keys { project: "p".into() }));
        assert_eq!((Page::Checker.project(), Page::Checker.section()), (None, Page::Checker));
    }

    #[test]
    fn a_page_that_waits_for_the_catalog_also_waits_for_the_part_that_reads_it() {
        let project = || "p".to_owned();
        for page in [Page::Checker, Page::Scopes, Page::KeyCreate { project: project() }, Page::Policy { project: project() }] {
            assert!(page.needs_catalog() && page.needs_part(), "{page:?}");
        }
        for page in [Page::SignIn, Page::Projects, Page::Keys { project: project() }, Page::NotFound] {
            assert!(!page.needs_catalog() && !page.needs_part(), "{page:?}");
        }
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for path in ["/x", "/projects", "/setup/x", "/projects/p/overview/integration/api-keys/a/b"] {
            assert_eq!(Page::parse(path), Page::NotFound, "{path}");
        }
    }
}
