//! Every route: its operation, method, path, aliases, and the scopes of which any one opens it. The one table; the router, the tests
//! and the documentation follow from it.

use std::{future::Future, pin::Pin};

use axum::{http::Method, response::Response};

use super::{
    error::ApiError,
    extract::{
        context::RequestContext,
        handler::{Handler, RequestType},
    },
    handlers as h,
};
use crate::{
    api::paths::{self, keys as k},
    scope::{Query, Tier},
};

pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Response, ApiError>> + Send>>;

/// One row of the table.
pub struct Route {
    /// What the SDK calls it, or our own name for it.
    pub operation: &'static str,
    /// The HTTP method. `HEAD` goes where `GET` goes.
    pub method: Method,
    /// The path, and its aliases. Some name the project of the request: see [`path_project`].
    pub paths: &'static [&'static str],
    /// The scopes of which any one opens it; never empty.
    pub scopes: &'static [&'static str],
    /// Whether it needs a project other than the console.
    pub project: bool,
    /// Whether everybody may call it, from any page: it reads no identity, stores nothing, and takes its body as text.
    pub open: bool,
    /// Whether it changes something, and waits for its turn to do so.
    pub writes: bool,
    /// Whether it changes nothing but one key, in one statement: many of these are written together.
    pub one_key: bool,
    /// Whether a parameter that the route does not know is refused, since a misspelt one could do something else than was meant. The
    /// contract's routes ignore what they do not know, as the contract has it.
    pub strict: bool,
    /// The struct of parameters that the handler takes.
    pub(super) request: fn() -> Option<RequestType>,
    pub(super) handle: fn(RequestContext) -> Answer,
}

macro_rules! route {
    ($operation:literal, $method:ident, [$($path:expr),+], [$($scope:literal),+], $project:literal, $handler:path) => {
        Route {
            operation: $operation,
            method: Method::$method,
            paths: &[$($path),+],
            scopes: &[$($scope),+],
            project: $project,
            open: false,
            writes: !matches!(Method::$method, Method::GET),
            one_key: false,
            strict: false,
            request: || Handler::request(&$handler),
            handle: |request| Handler::call($handler, request),
        }
    };
}

/// A row for an extension: a route that is not in the contract, and has a body.
macro_rules! own {
    ($operation:literal, $method:ident, $path:expr, [$($scope:literal),+], $project:literal, $handler:path) => {
        Route { strict: true, ..route!($operation, $method, [$path], [$($scope),+], $project, $handler) }
    };
}

/// A row for a change of one key.
macro_rules! one_key {
    ($row:expr) => {
        Route { one_key: true, ..$row }
    };
}

/// A row for what is open to everybody. Its scope is one that everybody has.
macro_rules! open {
    ($operation:literal, $method:ident, $path:expr, $handler:expr) => {
        Route {
            operation: $operation,
            method: Method::$method,
            paths: &[$path],
            scopes: &["global"],
            project: false,
            open: true,
            writes: false,
            one_key: false,
            strict: false,
            request: || Handler::request(&$handler),
            handle: |request| Handler::call($handler, request),
        }
    };
}

/// The table.
pub static ROUTES: &[Route] = &[
    // Project keys (contract §1.1).
    route!("project.listKeys", GET, [k::COLLECTION, k::COLLECTION_ALIAS, k::OF_PROJECT], ["keys.read"], true, h::keys::list::handle),
    one_key!(route!(
        "project.createKey",
        POST,
        [k::COLLECTION, k::COLLECTION_ALIAS, k::OF_PROJECT],
        ["keys.write"],
        true,
        h::keys::create::handle
    )),
    route!("project.getKey", GET, [k::ITEM, k::ITEM_ALIAS, k::OF_PROJECT_ITEM], ["keys.read"], true, h::keys::get::handle),
    one_key!(route!("project.updateKey", PUT, [k::ITEM, k::ITEM_ALIAS, k::OF_PROJECT_ITEM], ["keys.write"], true, h::keys::update::handle)),
    one_key!(route!(
        "project.deleteKey",
        DELETE,
        [k::ITEM, k::ITEM_ALIAS, k::OF_PROJECT_ITEM],
        ["keys.write"],
        true,
        h::keys::delete::handle
    )),
    route!(
        "project.createEphemeralKey",
        POST,
        [k::EPHEMERAL, k::EPHEMERAL_ALIAS, k::OF_PROJECT_EPHEMERAL],
        ["keys.write"],
        true,
        h::keys::create_ephemeral::handle
    ),
    // Keys of the organization: the gate hands the organization on as the project.
    route!("organization.listKeys", GET, [k::OF_ORGANIZATION], ["keys.read", "organization.keys.read"], false, h::keys::list::handle),
    one_key!(route!(
        "organization.createKey",
        POST,
        [k::OF_ORGANIZATION],
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::create::handle
    )),
    route!("organization.getKey", GET, [k::OF_ORGANIZATION_ITEM], ["keys.read", "organization.keys.read"], false, h::keys::get::handle),
    one_key!(route!(
        "organization.updateKey",
        PUT,
        [k::OF_ORGANIZATION_ITEM],
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::update::handle
    )),
    one_key!(route!(
        "organization.deleteKey",
        DELETE,
        [k::OF_ORGANIZATION_ITEM],
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::delete::handle
    )),
    // What may become of a key. Not in the contract.
    own!("project.rotateKey", POST, k::ROTATE, ["keys.write"], true, h::keys::rotate::handle),
    own!("project.endKeyOverlap", DELETE, k::OVERLAP, ["keys.write"], true, h::keys::overlap::handle),
    one_key!(own!("project.updateKeyStatus", PATCH, k::STATUS, ["keys.write"], true, h::keys::status::handle)),
    own!(
        "organization.rotateKey",
        POST,
        k::OF_ORGANIZATION_ROTATE,
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::rotate::handle
    ),
    own!(
        "organization.endKeyOverlap",
        DELETE,
        k::OF_ORGANIZATION_OVERLAP,
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::overlap::handle
    ),
    one_key!(own!(
        "organization.updateKeyStatus",
        PATCH,
        k::OF_ORGANIZATION_STATUS,
        ["keys.write", "organization.keys.write"],
        false,
        h::keys::status::handle
    )),
    // The console's table. `account` is held by people alone.
    own!("project.searchKeys", GET, k::SEARCH, ["account"], true, h::keys::search::handle),
    own!("project.countKeys", GET, k::COUNTS, ["account"], true, h::keys::count::handle),
    own!("project.endEphemeralKey", DELETE, k::EPHEMERAL_ITEM, ["keys.write"], true, h::keys::end_ephemeral::handle),
    own!("project.endEphemeralKeys", POST, k::EPHEMERAL_END, ["keys.write"], true, h::keys::end_all_ephemeral::handle),
    // Widgets: key managers in pages of other programs. Not in the contract. All but the first are for widget tokens alone.
    own!("project.createWidgetToken", POST, paths::widget::TOKENS, ["keys.write"], true, h::widget::create_token::handle),
    route!("widget.get", GET, [paths::widget::ITSELF], ["public"], true, h::widget::get::handle),
    route!("widget.listKeys", GET, [paths::widget::KEYS], ["public"], true, h::widget::list::handle),
    one_key!(own!("widget.createKey", POST, paths::widget::KEYS, ["public"], true, h::widget::create::handle)),
    own!("widget.rotateKey", POST, paths::widget::ROTATE, ["public"], true, h::widget::rotate::handle),
    one_key!(own!("widget.deleteKey", DELETE, paths::widget::KEY, ["public"], true, h::widget::delete::handle)),
    // Verification for other services, an extension; for gateways, see `Interface`.
    Route { writes: false, ..own!("keys.verify", POST, k::VERIFY, ["keys.read"], true, h::verify::handle) },
    // Policy and audit log. Not in the contract. `account` is held by people alone: no key changes the rules for keys.
    route!("project.getPolicy", GET, [paths::POLICY], ["keys.read"], true, h::policy::get::handle),
    own!("project.updatePolicy", PATCH, paths::POLICY, ["account"], true, h::policy::update::handle),
    route!("project.listAudit", GET, [paths::PROJECT_AUDIT], ["keys.read"], true, h::audit::project::handle),
    route!("console.listAudit", GET, [paths::CONSOLE_AUDIT], ["account"], false, h::audit::server::handle),
    // Dev keys (contract §1.2).
    route!("projects.listDevKeys", GET, [paths::DEV_KEYS], ["devKeys.read"], true, h::dev_keys::list::handle),
    route!("projects.createDevKey", POST, [paths::DEV_KEYS], ["devKeys.write"], true, h::dev_keys::create::handle),
    route!("projects.getDevKey", GET, [paths::DEV_KEY], ["devKeys.read"], true, h::dev_keys::get::handle),
    route!("projects.updateDevKey", PUT, [paths::DEV_KEY], ["devKeys.write"], true, h::dev_keys::update::handle),
    route!("projects.deleteDevKey", DELETE, [paths::DEV_KEY], ["devKeys.write"], true, h::dev_keys::delete::handle),
    // Scope catalogs (contract §1.3).
    route!("console.listProjectScopes", GET, [paths::PROJECT_SCOPES], ["public"], false, h::scopes::project::handle),
    route!("console.listOrganizationScopes", GET, [paths::ORGANIZATION_SCOPES], ["public"], false, h::scopes::organization::handle),
    // Ping and health (contract §1.4).
    route!("ping.get", GET, [paths::PING], ["global"], false, h::health::ping::handle),
    route!("health.get", GET, [paths::HEALTH], ["health.read"], false, h::health::server::handle),
    route!("health.getVersion", GET, [paths::HEALTH_VERSION], ["public"], false, h::health::version::handle),
    route!("health.getTime", GET, [paths::HEALTH_TIME], ["health.read"], false, h::health::time::handle),
    route!("health.getDB", GET, [paths::HEALTH_DB], ["health.read"], false, h::health::database::handle),
    // Account and sessions (contract §1.5).
    route!("account.get", GET, [paths::ACCOUNT], ["account"], false, h::account::get::handle),
    route!("account.updateName", PATCH, [paths::ACCOUNT_NAME], ["account"], false, h::account::update_name::handle),
    route!("account.updatePassword", PATCH, [paths::ACCOUNT_PASSWORD], ["account"], false, h::account::update_password::handle),
    route!("account.create", POST, [paths::ACCOUNT], ["sessions.write"], false, h::account::create::handle),
    route!(
        "account.createEmailPasswordSession",
        POST,
        [paths::SESSIONS_EMAIL, paths::SESSIONS],
        ["sessions.write"],
        false,
        h::sessions::create::handle
    ),
    own!("account.createSecondFactorSession", POST, paths::SESSIONS_SECOND_FACTOR, ["public"], false, h::sessions::second_factor::handle),
    route!("account.listSessions", GET, [paths::SESSIONS], ["account"], false, h::sessions::list::handle),
    route!("account.deleteSessions", DELETE, [paths::SESSIONS], ["account"], false, h::sessions::delete_all::handle),
    own!("account.deleteOtherSessions", DELETE, paths::OTHER_SESSIONS, ["account"], false, h::sessions::delete_others::handle),
    route!("account.getSession", GET, [paths::SESSION], ["account"], false, h::sessions::get::handle),
    route!("account.deleteSession", DELETE, [paths::SESSION], ["account"], false, h::sessions::delete::handle),
    // The second factor. Not in the contract.
    route!("account.getSecondFactor", GET, [paths::SECOND_FACTOR], ["account"], false, h::second_factor::get::handle),
    own!("account.createSecondFactor", POST, paths::SECOND_FACTOR, ["account"], false, h::second_factor::create::handle),
    own!("account.enableSecondFactor", PUT, paths::SECOND_FACTOR, ["account"], false, h::second_factor::enable::handle),
    own!("account.disableSecondFactor", POST, paths::SECOND_FACTOR_OFF, ["account"], false, h::second_factor::disable::handle),
    own!("account.createRecoveryCodes", POST, paths::RECOVERY_CODES, ["account"], false, h::second_factor::recovery_codes::handle),
    // The accounts of the server. Not in the contract.
    own!("console.listAccounts", GET, paths::ACCOUNTS, ["account"], false, h::accounts::list::handle),
    own!("console.inviteAccount", POST, paths::ACCOUNTS, ["account"], false, h::accounts::invite::handle),
    own!("console.renewInvitation", POST, paths::ACCOUNTS_INVITATION, ["account"], false, h::accounts::invite_again::handle),
    own!("console.updateAccountStatus", PATCH, paths::ACCOUNTS_STATUS, ["account"], false, h::accounts::status::handle),
    own!("console.deleteAccountSessions", DELETE, paths::ACCOUNTS_SESSIONS, ["account"], false, h::accounts::sign_out::handle),
    own!("console.deleteAccount", DELETE, paths::ACCOUNTS_ITEM, ["account"], false, h::accounts::delete::handle),
    own!("account.acceptInvitation", POST, paths::INVITATION, ["public"], false, h::accounts::accept::handle),
    // Projects (contract §1.6).
    route!("project.get", GET, [paths::PROJECT, paths::PROJECT_ITEM], ["project.read"], true, h::projects::get::handle),
    route!("project.delete", DELETE, [paths::PROJECT, paths::PROJECT_ITEM], ["project.write"], true, h::projects::delete::handle),
    route!(
        "organization.listProjects",
        GET,
        [paths::ORGANIZATION_PROJECTS, paths::PROJECTS],
        ["projects.read"],
        false,
        h::projects::list::handle
    ),
    route!(
        "organization.createProject",
        POST,
        [paths::ORGANIZATION_PROJECTS, paths::PROJECTS],
        ["projects.write"],
        false,
        h::projects::create::handle
    ),
    route!("organization.getProject", GET, [paths::ORGANIZATION_PROJECT], ["projects.read"], false, h::projects::get_by_id::handle),
    route!(
        "organization.updateProject",
        PATCH,
        [paths::ORGANIZATION_PROJECT, paths::PROJECT_ITEM],
        ["projects.write"],
        false,
        h::projects::update::handle
    ),
    route!(
        "organization.deleteProject",
        DELETE,
        [paths::ORGANIZATION_PROJECT],
        ["projects.write"],
        false,
        h::projects::delete_by_id::handle
    ),
    // Set-up. Not in the contract.
    route!("setup.get", GET, [paths::SETUP], ["public"], false, h::setup::get::handle),
    own!("setup.create", POST, paths::SETUP, ["public"], false, h::setup::create::handle),
    // The scope model. Not in the contract.
    open!("scopes.check", POST, paths::model::CHECK, h::model::check::handle),
    open!("scopes.allows", POST, paths::model::ALLOWS, h::model::ask::handle(Query::Allows)),
    open!("scopes.suggest", POST, paths::model::SUGGEST, h::model::ask::handle(Query::Suggest)),
    open!("scopes.reach", POST, paths::model::REACH, h::model::ask::handle(Query::Reach)),
    open!("scopes.compare", POST, paths::model::COMPARE, h::model::ask::handle(Query::Compare)),
    open!("scopes.migrate", POST, paths::model::MIGRATE, h::model::ask::handle(Query::Migrate)),
    open!("scopes.catalog", POST, paths::model::CATALOG, h::model::ask::handle(Query::Catalog)),
    open!("scopes.getCatalog", GET, paths::model::CATALOG, h::model::catalog::handle),
    open!("openapi.get", GET, paths::OPENAPI, super::openapi::handle),
    open!("server.getLive", GET, paths::LIVE, h::health::server::handle),
    open!("server.getReady", GET, paths::READY, h::health::database::handle),
];

/// The project that a path names as that of the request.
#[derive(Clone, Copy)]
pub(super) struct PathProject<'a> {
    pub id: &'a str,
    /// Whether the header is ignored: with these paths SDKs send the project that they were set to, or none.
    pub alone: bool,
}

/// The project of the request, where this pattern names it, and not the one that an operation of the console is about.
pub(super) fn path_project<'a>(pattern: &str, path: &'a [(String, String)]) -> Option<PathProject<'a>> {
    let alone = pattern.starts_with(k::OF_PROJECT);
    let names = alone || pattern.starts_with(paths::PROJECT_ITEM);
    let id = path.iter().find(|(name, _)| name == "projectId").filter(|_| names);
    id.map(|(_, id)| PathProject { id, alone })
}

/// Which API keys a path is for. What lies below `/v1/organization/` is out of reach of the keys of projects, whatever they hold: it would
/// lead out of their project. Everything else is out of reach of the keys of the organization. The keys of a project have a path on both sides.
pub(super) fn is_for_keys_of(pattern: &str, tier: Tier) -> bool {
    let of_organization = pattern.starts_with(paths::ORGANIZATION);
    match tier {
        Tier::Organization => of_organization,
        _ => !of_organization || pattern.starts_with(k::OF_PROJECT),
    }
}

/// Whether this pattern is for pages with a widget token, and for nothing else.
pub(super) fn is_for_widgets(pattern: &str) -> bool {
    pattern.strip_prefix(paths::widget::ITSELF).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether this pattern is about the keys of the organization.
pub(super) fn is_of_organization_keys(pattern: &str) -> bool {
    pattern.starts_with(k::OF_ORGANIZATION)
}

/// The path of a key with the id `ephemeral`, where this pattern does not cover it since that path is also another route.
pub(super) fn path_of_key_ephemeral(pattern: &str) -> Option<&'static str> {
    match pattern {
        k::ITEM => Some(k::EPHEMERAL),
        k::OF_PROJECT_ITEM => Some(k::OF_PROJECT_EPHEMERAL),
        _ => None,
    }
}
