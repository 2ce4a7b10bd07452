//! What each operation takes and answers, in the words of [`schemas`](super::schemas). Who may call it is in the table of routes.

use crate::api::ErrorType::{self, *};

/// What an operation takes and answers.
pub(super) struct Doc {
    operation: &'static str,
    pub summary: &'static str,
    /// Names of parameters of the query, and of headers.
    pub query: &'static [&'static str],
    /// The schema of a body that no struct reads.
    pub body: Option<&'static str>,
    /// Statuses with the schema of the answer; `""` has no body.
    pub answers: &'static [(u16, &'static str)],
    /// Errors besides those that every operation of its kind has.
    pub errors: &'static [ErrorType],
}

/// What an operation takes and answers.
pub(super) fn doc(operation: &str) -> Option<&'static Doc> {
    DOCS.iter().find(|doc| doc.operation == operation)
}

/// What a status of success means.
pub(super) fn meaning(status: u16) -> &'static str {
    match status {
        201 => "It was made",
        202 => "The password is right, and the account has a second factor: send its code",
        304 => "The client has it already: `If-None-Match` lists its `ETag`",
        204 => "It was done",
        _ => "The answer",
    }
}

type Answers = &'static [(u16, &'static str)];

const fn get(operation: &'static str, summary: &'static str, query: &'static [&'static str], answers: Answers) -> Doc {
    Doc { operation, summary, query, body: None, answers, errors: &[] }
}

const fn write(
    operation: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
    answers: Answers,
    errors: &'static [ErrorType],
) -> Doc {
    Doc { operation, summary, query: &[], body, answers, errors }
}

const LIST: &[&str] = &["queries", "total"];
const AUDIT: &[&str] =
    &["auditLimit", "auditCursor", "auditTarget", "auditActor", "auditAction", "auditOutcome", "auditFrom", "auditUntil", "auditFormat"];
const NONE: Answers = &[(204, "")];

static DOCS: &[Doc] = &[
    get("project.listKeys", "List the keys of a project", &["queries", "total", "details"], &[(200, "AnyKeyList")]),
    write("project.createKey", "Create a key; the answer alone has its secret", None, &[(201, "Key")], &[KeyAlreadyExists]),
    get("project.getKey", "Get a key", &["details", "use"], &[(200, "AnyKey")]),
    write("project.updateKey", "Replace name, scopes and expiry of a key", None, &[(200, "Key")], &[]),
    write("project.deleteKey", "Delete a key", None, NONE, &[]),
    write(
        "project.createEphemeralKey",
        "Create a key that is never stored, and lives an hour at the most",
        None,
        &[(201, "AnyEphemeralKey")],
        &[],
    ),
    get("organization.listKeys", "List the keys of the organization", &["queries", "total", "details"], &[(200, "AnyKeyList")]),
    write(
        "organization.createKey",
        "Create a key of the organization; the answer alone has its secret",
        None,
        &[(201, "Key")],
        &[KeyAlreadyExists],
    ),
    get("organization.getKey", "Get a key of the organization", &["details", "use"], &[(200, "AnyKey")]),
    write("organization.updateKey", "Replace name, scopes and expiry of a key of the organization", None, &[(200, "Key")], &[]),
    write("organization.deleteKey", "Delete a key of the organization", None, NONE, &[]),
    write(
        "organization.rotateKey",
        "Give a key of the organization a new secret, while the old one stays valid for a chosen time",
        None,
        &[(200, "KeyDetails")],
        &[],
    ),
    write("organization.updateKeyStatus", "Switch a key of the organization off or on", None, &[(200, "KeyDetails")], &[]),
    write(
        "organization.endKeyOverlap",
        "End the old secret of a rotated key of the organization at once",
        None,
        &[(200, "KeyDetails")],
        &[],
    ),
    write(
        "project.rotateKey",
        "Give a key a new secret, while the old one stays valid for a chosen time",
        None,
        &[(200, "KeyDetails")],
        &[],
    ),
    write("project.updateKeyStatus", "Switch a key off or on", None, &[(200, "KeyDetails")], &[]),
    write("project.endKeyOverlap", "End the old secret of a rotated key at once", None, &[(200, "KeyDetails")], &[]),
    get(
        "project.searchKeys",
        "Search, filter and sort the keys of a project, for a table",
        &["keySearch", "keyFilter", "keySort", "keyDescending", "keyOffset", "keyLimit"],
        &[(200, "KeySearchResult")],
    ),
    get("project.countKeys", "Count the keys of a project by status", &[], &[(200, "KeyCounts")]),
    write("project.endEphemeralKey", "End one ephemeral key before its time", None, NONE, &[]),
    write("project.endEphemeralKeys", "End every ephemeral key of a project", None, NONE, &[]),
    write(
        "project.createWidgetToken",
        "Create a token for a key manager in a page; it is never stored, and lives an hour at the most",
        None,
        &[(201, "WidgetToken")],
        &[KeyCreationDenied],
    ),
    get("widget.get", "Get what the widget token of the page allows", &[], &[(200, "Widget")]),
    get("widget.listKeys", "List the keys that the widget token of the page covers", &["auditCursor"], &[(200, "WidgetKeyList")]),
    write(
        "widget.createKey",
        "Create a key within the widget token of the page; the answer alone has its secret",
        None,
        &[(201, "KeyDetails")],
        &[WidgetDenied],
    ),
    write(
        "widget.rotateKey",
        "Give a key that the widget token of the page covers a new secret",
        None,
        &[(200, "KeyDetails")],
        &[WidgetDenied],
    ),
    write("widget.deleteKey", "Delete a key that the widget token of the page covers", None, NONE, &[WidgetDenied]),
    write("keys.verify", "Say whether keys may do something, for another service", None, &[(200, "AnyVerification")], &[]),
    get("project.getPolicy", "Get the rules of a project for its keys", &[], &[(200, "ProjectPolicy")]),
    write("project.updatePolicy", "Change the rules of a project for its keys", None, &[(200, "ProjectPolicy")], &[]),
    get("project.listAudit", "List who did what to which key", AUDIT, &[(200, "AuditList")]),
    get(
        "console.listAudit",
        "List what happened to accounts, sessions, projects and keys of the organization",
        AUDIT,
        &[(200, "AuditList")],
    ),
    get("projects.listDevKeys", "List the dev keys of a project", LIST, &[(200, "DevKeyList")]),
    write("projects.createDevKey", "Create a dev key; the answer alone has its secret", None, &[(201, "DevKey")], &[KeyAlreadyExists]),
    get("projects.getDevKey", "Get a dev key", &[], &[(200, "DevKey")]),
    write("projects.updateDevKey", "Replace name and expiry of a dev key", None, &[(200, "DevKey")], &[]),
    write("projects.deleteDevKey", "Delete a dev key", None, NONE, &[]),
    get("console.listProjectScopes", "List the scopes that a key of a project can have", &[], &[(200, "ConsoleScopeList")]),
    get("console.listOrganizationScopes", "List the scopes that a key of an organization can have", &[], &[(200, "ConsoleScopeList")]),
    get("ping.get", "Answer for a project", &[], &[(200, "text")]),
    get("health.get", "Say that the server runs", &[], &[(200, "HealthStatus")]),
    get("health.getVersion", "Say which version of the contract the server speaks", &[], &[(200, "HealthVersion")]),
    get("health.getTime", "Say what time it is", &[], &[(200, "HealthTime")]),
    get("health.getDB", "Say that the database answers", &[], &[(200, "HealthStatusList")]),
    get("account.get", "Get the account that is signed in", &[], &[(200, "Account")]),
    write("account.updateName", "Change the name of the account that is signed in", None, &[(200, "Account")], &[]),
    write(
        "account.updatePassword",
        "Change the password of the account that is signed in; its other sessions end",
        None,
        &[(200, "Account")],
        &[],
    ),
    write("account.create", "Refused: accounts come from the set-up link, invitations and the command line", None, &[], &[AccountsClosed]),
    write(
        "account.createEmailPasswordSession",
        "Sign in; the cookie alone has the secret",
        None,
        &[(201, "Session"), (202, "SignInChallenge")],
        &[],
    ),
    write(
        "account.createSecondFactorSession",
        "Sign in with the code of a second factor, after email and password; the cookie alone has the secret",
        None,
        &[(201, "Session")],
        &[ChallengeInvalid],
    ),
    get("account.getSecondFactor", "Say whether the account has a second factor", &[], &[(200, "SecondFactor")]),
    write(
        "account.createSecondFactor",
        "Create a second factor, which is not on yet; the answer alone has its secret",
        None,
        &[(201, "NewSecondFactor")],
        &[SecondFactorOn],
    ),
    write(
        "account.enableSecondFactor",
        "Turn the second factor on with its first code; the answer alone has the recovery codes, and the other sessions end",
        None,
        &[(200, "RecoveryCodes")],
        &[SecondFactorOn],
    ),
    write(
        "account.disableSecondFactor",
        "Turn the second factor off; the other sessions of the account end",
        None,
        NONE,
        &[SecondFactorOff],
    ),
    write(
        "account.createRecoveryCodes",
        "Replace the recovery codes; the answer alone has them",
        None,
        &[(201, "RecoveryCodes")],
        &[SecondFactorOff],
    ),
    get("account.listSessions", "List the sessions of the account", &[], &[(200, "SessionList")]),
    write("account.deleteSessions", "Sign out everywhere", None, NONE, &[]),
    write("account.deleteOtherSessions", "End all sessions of the account but this one", None, NONE, &[]),
    get("account.getSession", "Get a session of the account", &[], &[(200, "Session")]),
    write("account.deleteSession", "Sign out, here or elsewhere", None, NONE, &[]),
    get("console.listAccounts", "List the accounts of the server", &[], &[(200, "ListedAccounts")]),
    write(
        "console.inviteAccount",
        "Invite a person; the answer alone has the token of the link",
        None,
        &[(201, "InvitedAccount")],
        &[UserAlreadyExists, TooManyAccounts],
    ),
    write(
        "console.renewInvitation",
        "Replace the invitation link of a person; the answer alone has its token",
        None,
        &[(201, "InvitedAccount")],
        &[AccountNotFound, AccountHasPassword],
    ),
    write(
        "console.updateAccountStatus",
        "Disable an account, which ends its sessions, or enable it",
        None,
        NONE,
        &[AccountNotFound, LastAccount],
    ),
    write("console.deleteAccountSessions", "End all sessions of an account", None, NONE, &[AccountNotFound]),
    write("console.deleteAccount", "Delete an account with its sessions", None, NONE, &[AccountNotFound, LastAccount]),
    write(
        "account.acceptInvitation",
        "Set the first password of an invited account, with the token of the link, and sign it in",
        None,
        &[(201, "Session")],
        &[InvitationInvalid],
    ),
    get("project.get", "Get the project of the request", &[], &[(200, "Project")]),
    write("project.delete", "Delete the project of the request, with its keys", None, NONE, &[]),
    get("organization.listProjects", "List the projects", LIST, &[(200, "ProjectList")]),
    write("organization.createProject", "Create a project", None, &[(201, "Project")], &[ProjectAlreadyExists]),
    get("organization.getProject", "Get a project", &[], &[(200, "Project")]),
    write("organization.updateProject", "Rename a project", None, &[(200, "Project")], &[]),
    write("organization.deleteProject", "Delete a project, with its keys", None, NONE, &[]),
    get("setup.get", "Say whether the first account is still to be made", &[], &[(200, "SetupState")]),
    write(
        "setup.create",
        "Make the first account, with the token of the set-up link, and sign it in",
        None,
        &[(201, "Session")],
        &[SetupDone],
    ),
    write("scopes.check", "Check a list of scopes", Some("CheckRequest"), &[(200, "Report")], &[]),
    write("scopes.allows", "Say whether scopes open an operation", Some("AllowsRequest"), &[(200, "Verdict")], &[]),
    write("scopes.suggest", "Suggest the least privileged scopes for some operations", Some("SuggestRequest"), &[(200, "Suggestion")], &[]),
    write("scopes.reach", "List what scopes open, and how far they climb", Some("ReachRequest"), &[(200, "Reach")], &[]),
    write("scopes.compare", "Say what changes between two sets of scopes", Some("CompareRequest"), &[(200, "Comparison")], &[]),
    write("scopes.migrate", "Bring scopes to another edition without loss of access", Some("MigrateRequest"), &[(200, "Migration")], &[]),
    write(
        "scopes.catalog",
        "List services, scopes, operations and editions, or a part of them",
        Some("CatalogRequest"),
        &[(200, "Catalog")],
        &[],
    ),
    get(
        "scopes.getCatalog",
        "List services, scopes, operations and editions, or a part of them",
        &["catalogTier", "catalogEdition", "catalogService", "catalogOperations", "ifNoneMatch"],
        &[(200, "Catalog"), (304, "")],
    ),
    get("openapi.get", "This document", &[], &[(200, "OpenApi")]),
    get("server.getLive", "Say that the process answers", &[], &[(200, "HealthStatus")]),
    get("server.getReady", "Say that the server can do its work: the database answers", &[], &[(200, "HealthStatusList")]),
];
