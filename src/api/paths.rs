//! Every path of the HTTP interface, once. `{…}` is a parameter, as in the router.

use alloc::{borrow::ToOwned, format, string::String};

/// Paths of project keys (contract §1.1).
pub mod keys {
    /// List and create.
    pub const COLLECTION: &str = "/v1/project/keys";
    /// Get, update, delete.
    pub const ITEM: &str = "/v1/project/keys/{keyId}";
    /// Create an ephemeral key.
    pub const EPHEMERAL: &str = "/v1/project/keys/ephemeral";
    /// A new secret for the same key. Not in the contract.
    pub const ROTATE: &str = "/v1/project/keys/{keyId}/rotate";
    /// Switch a key off and on. Not in the contract.
    pub const STATUS: &str = "/v1/project/keys/{keyId}/status";
    /// Ends the secret before the last rotation. Not in the contract.
    pub const OVERLAP: &str = "/v1/project/keys/{keyId}/overlap";
    /// The console's table: search, filter, sort. Not in the contract.
    pub const SEARCH: &str = "/v1/project/key-search";
    /// How many keys each filter of the table finds. Not in the contract.
    pub const COUNTS: &str = "/v1/project/key-counts";
    /// Ends one ephemeral key before its time. Not in the contract.
    pub const EPHEMERAL_ITEM: &str = "/v1/project/ephemeral-keys/{keyId}";
    /// Ends every ephemeral key of the project, by a new signing key. Not in the contract.
    pub const EPHEMERAL_END: &str = "/v1/project/signing-key/rotate";
    /// Whether keys may do something, for other services. Not in the contract.
    pub const VERIFY: &str = "/v1/keys/verify";
    /// The older address of [`FORWARD_AUTH`](super::FORWARD_AUTH), with settings in the query.
    pub const FORWARD_AUTH: &str = "/v1/keys/forward-auth";
    /// Alias of [`COLLECTION`].
    pub const COLLECTION_ALIAS: &str = "/v1/projects/{projectId}/keys";
    /// Alias of [`ITEM`].
    pub const ITEM_ALIAS: &str = "/v1/projects/{projectId}/keys/{keyId}";
    /// Alias of [`EPHEMERAL`].
    pub const EPHEMERAL_ALIAS: &str = "/v1/projects/{projectId}/jwts";
    /// [`COLLECTION`] under the name that newer SDKs have for it in their organization service.
    pub const OF_PROJECT: &str = "/v1/organization/projects/{projectId}/keys";
    /// [`ITEM`] under that name.
    pub const OF_PROJECT_ITEM: &str = "/v1/organization/projects/{projectId}/keys/{keyId}";
    /// [`EPHEMERAL`] under that name.
    pub const OF_PROJECT_EPHEMERAL: &str = "/v1/organization/projects/{projectId}/keys/ephemeral";
    /// Keys of the organization: list and create.
    pub const OF_ORGANIZATION: &str = "/v1/organization/keys";
    /// Keys of the organization: get, update, delete.
    pub const OF_ORGANIZATION_ITEM: &str = "/v1/organization/keys/{keyId}";
    /// As [`ROTATE`], of a key of the organization. Not in the contract.
    pub const OF_ORGANIZATION_ROTATE: &str = "/v1/organization/keys/{keyId}/rotate";
    /// As [`STATUS`], of a key of the organization. Not in the contract.
    pub const OF_ORGANIZATION_STATUS: &str = "/v1/organization/keys/{keyId}/status";
    /// As [`OVERLAP`], of a key of the organization. Not in the contract.
    pub const OF_ORGANIZATION_OVERLAP: &str = "/v1/organization/keys/{keyId}/overlap";
}

/// Paths of widgets: key managers in pages of other programs. Not in the contract.
pub mod widget {
    /// Create a widget token.
    pub const TOKENS: &str = "/v1/project/widget-tokens";
    /// What the token of the page allows. Everything below it is for pages with a widget token, and for nothing else.
    pub const ITSELF: &str = "/v1/widget";
    /// List and create keys.
    pub const KEYS: &str = "/v1/widget/keys";
    /// Delete a key.
    pub const KEY: &str = "/v1/widget/keys/{keyId}";
    /// A new secret for a key.
    pub const ROTATE: &str = "/v1/widget/keys/{keyId}/rotate";
}

/// Whether a request may pass, for gateways. After it come the gateway's name, its settings, and for Envoy the client's own path.
/// Not in the contract.
pub const FORWARD_AUTH: &str = "/v1/forward-auth";

/// Dev keys: list and create (contract §1.2).
pub const DEV_KEYS: &str = "/v1/projects/{projectId}/dev-keys";
/// Dev keys: get, update, delete (contract §1.2).
pub const DEV_KEY: &str = "/v1/projects/{projectId}/dev-keys/{keyId}";

/// The scopes that a project key can hold (contract §1.3).
pub const PROJECT_SCOPES: &str = "/v1/console/scopes/project";
/// The scopes that an organization key can hold (contract §1.3).
pub const ORGANIZATION_SCOPES: &str = "/v1/console/scopes/organization";

/// Paths of the scope model. They are extensions of the contract; each takes a request of the model as its body.
pub mod model {
    /// What is wrong, risky or missing.
    pub const CHECK: &str = "/v1/scopes/check";
    /// Whether scopes open an operation.
    pub const ALLOWS: &str = "/v1/scopes/allows";
    /// The least privileged scopes for some operations.
    pub const SUGGEST: &str = "/v1/scopes/suggest";
    /// What scopes open, and how much more access they can gain.
    pub const REACH: &str = "/v1/scopes/reach";
    /// What changes between two sets.
    pub const COMPARE: &str = "/v1/scopes/compare";
    /// Scopes of an edition brought to a later one.
    pub const MIGRATE: &str = "/v1/scopes/migrate";
    /// Services, scopes, operations and editions, or a part of them.
    pub const CATALOG: &str = "/v1/scopes/catalog";
}

/// The OpenAPI document. Not in the contract.
pub const OPENAPI: &str = "/openapi.json";
/// Whether the process answers, for the program that restarts it. Not in the contract.
pub const LIVE: &str = "/livez";
/// Whether the server can do its work, for the program that sends it requests. Not in the contract.
pub const READY: &str = "/readyz";

/// Answers `Pong!` for a project (contract §1.4).
pub const PING: &str = "/v1/ping";
/// Health of the server (contract §1.4).
pub const HEALTH: &str = "/v1/health";
/// Version of the contract (contract §1.4).
pub const HEALTH_VERSION: &str = "/v1/health/version";
/// Time of the server (contract §1.4).
pub const HEALTH_TIME: &str = "/v1/health/time";
/// Health of the database (contract §1.4).
pub const HEALTH_DB: &str = "/v1/health/db";

/// The signed-in account (contract §1.5).
pub const ACCOUNT: &str = "/v1/account";
/// The name of the account: change (contract §1.5).
pub const ACCOUNT_NAME: &str = "/v1/account/name";
/// The password of the account: change (contract §1.5).
pub const ACCOUNT_PASSWORD: &str = "/v1/account/password";
/// Sessions of the account: list, end all (contract §1.5).
pub const SESSIONS: &str = "/v1/account/sessions";
/// Sign in (contract §1.5). [`SESSIONS`] is its alias for POST.
pub const SESSIONS_EMAIL: &str = "/v1/account/sessions/email";
/// Signs in with the code of a second factor. Not in the contract.
pub const SESSIONS_SECOND_FACTOR: &str = "/v1/account/sessions/second-factor";
/// The second factor of the account: get, create, turn on. Not in the contract.
pub const SECOND_FACTOR: &str = "/v1/account/second-factor";
/// Turns the second factor off. Not in the contract.
pub const SECOND_FACTOR_OFF: &str = "/v1/account/second-factor/disable";
/// New recovery codes. Not in the contract.
pub const RECOVERY_CODES: &str = "/v1/account/second-factor/recovery-codes";
/// Ends all sessions but the current one. Not in the contract.
pub const OTHER_SESSIONS: &str = "/v1/account/sessions/others";
/// One session, or `current`: get, end (contract §1.5).
pub const SESSION: &str = "/v1/account/sessions/{sessionId}";

/// The project of the request: get, delete (contract §1.6).
pub const PROJECT: &str = "/v1/project";
/// List and create projects (contract §1.6, legacy).
pub const PROJECTS: &str = "/v1/projects";
/// One project (contract §1.6, legacy alias of [`PROJECT`]).
pub const PROJECT_ITEM: &str = "/v1/projects/{projectId}";
/// What lies below it is of the organization.
pub const ORGANIZATION: &str = "/v1/organization/";
/// List and create projects (contract §1.6).
pub const ORGANIZATION_PROJECTS: &str = "/v1/organization/projects";
/// One project (contract §1.6).
pub const ORGANIZATION_PROJECT: &str = "/v1/organization/projects/{projectId}";

/// The project's rules for its keys: get, change. Not in the contract.
pub const POLICY: &str = "/v1/project/policy";
/// The audit log of the project. Not in the contract.
pub const PROJECT_AUDIT: &str = "/v1/project/audit";
/// The audit log of the server as a whole: accounts, sessions, projects that are gone. Not in the contract.
pub const CONSOLE_AUDIT: &str = "/v1/console/audit";

/// The accounts of the server: list, invite. Not in the contract.
pub const ACCOUNTS: &str = "/v1/console/accounts";
/// One account: delete. Not in the contract.
pub const ACCOUNTS_ITEM: &str = "/v1/console/accounts/{accountId}";
/// A new invitation link for an account. Not in the contract.
pub const ACCOUNTS_INVITATION: &str = "/v1/console/accounts/{accountId}/invitation";
/// The sessions of an account: end all. Not in the contract.
pub const ACCOUNTS_SESSIONS: &str = "/v1/console/accounts/{accountId}/sessions";
/// Disable or enable an account. Not in the contract.
pub const ACCOUNTS_STATUS: &str = "/v1/console/accounts/{accountId}/status";
/// Sets the first password of an invited account. Not in the contract.
pub const INVITATION: &str = "/v1/account/invitation";

/// Whether the first account is still to be made, and making it with the one-time token. Not in the contract.
pub const SETUP: &str = "/v1/setup";

/// Replaces the next `{…}` of a path with a value, percent-encoded.
///
/// ```
/// use scopewise::api::paths::{self, fill};
/// assert_eq!(fill(paths::keys::ITEM, "a/b"), "/v1/project/keys/a%2Fb");
/// ```
pub fn fill(path: &str, value: &str) -> String {
    let Some((head, (_, tail))) = path.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?))) else {
        return path.to_owned();
    };
    format!("{head}{}{tail}", percent_encode(value, ""))
}

/// Percent-encodes every byte except the unreserved ones of RFC 3986 §2.3 and those of `keep`.
///
/// ```
/// use scopewise::api::paths::percent_encode;
/// assert_eq!(percent_encode("ä/b~", ""), "%C3%A4%2Fb~");
/// assert_eq!(percent_encode("ä/b~", "/"), "%C3%A4/b~");
/// ```
pub fn percent_encode(text: &str, keep: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~') || keep.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
