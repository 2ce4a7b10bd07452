//! What is API and what is page. Every other file asks here.

use super::routes::{self, ROUTES};

/// Everything below it is the API.
pub(super) const API_PREFIX: &str = "/v1";

/// What a path belongs to, whether or not there is a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    /// The API: every path below `/v1` that is not open.
    Api,
    /// A route that is open to everybody, below `/v1` or not.
    Open,
    /// Routes for widgets, which run in pages of any origin.
    Widget,
    /// Everything else: pages and files of the console.
    Page,
}

impl Surface {
    /// What a path, which is not a pattern, belongs to. Case counts.
    pub(super) fn of(path: &str) -> Self {
        if ROUTES.iter().any(|route| route.open && route.paths.contains(&path)) {
            Self::Open
        } else if routes::is_for_widgets(path) {
            Self::Widget
        } else if path.strip_prefix(API_PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            Self::Api
        } else {
            Self::Page
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_what_lies_below_its_prefix() {
        for path in ["/v1", "/v1/", "/v1/project/keys", "/v1//x"] {
            assert_eq!(Surface::of(path), Surface::Api, "{path}");
        }
        for path in ["/", "/v1x", "/V1", "/V1/project/keys", "/api/v1", "/v10/x", "/project/keys", "/livez/x", "/openapi.jsonx"] {
            assert_eq!(Surface::of(path), Surface::Page, "{path}");
        }
        for path in ["/openapi.json", "/livez", "/readyz", "/v1/scopes/check"] {
            assert_eq!(Surface::of(path), Surface::Open, "{path}");
        }
    }
}
