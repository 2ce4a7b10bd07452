//! Errors on the wire (contract §4).

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::scope::Report;

/// The body of every error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What is wrong and what to do, for a person.
    pub message: String,
    /// The HTTP status.
    pub code: u16,
    /// A stable word; see [`ErrorType`]. Kept as text, so that a client survives a newer server's.
    #[serde(rename = "type")]
    pub kind: String,
    /// The version of the contract.
    pub version: String,
    /// The full report, where scopes or expiry were refused. A field of our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// What the scope model says of a request that it cannot answer. A field of our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RequestProblem>,
}

/// Why the scope model does not answer a request, as every entry point reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestProblem {
    /// A stable word, such as `malformed-request`.
    pub code: String,
    /// What is wrong, in one lower-case sentence.
    pub message: String,
    /// What to do next, in one sentence.
    pub help: String,
}

macro_rules! error_types {
    ($($variant:ident $text:literal $status:literal $message:literal),+ $(,)?) => {
        /// The error types of the contract (§4), and our own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorType {
            $(#[doc = $message] $variant,)+
        }

        impl ErrorType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// What is said when the place that refuses has nothing more exact to say.
            pub fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),+ }
            }
        }
    };
}

error_types! {
    ArgumentInvalid "general_argument_invalid" 400 "A parameter is not valid.",
    QueryInvalid "general_query_invalid" 400 "A query is not valid.",
    RequestMalformed "scopes_malformed_request" 400 "The request is not JSON.",
    RequestInvalid "scopes_invalid_request" 400 "The request has another form than the scope model understands.",
    RequestTooLarge "scopes_request_too_large" 413 "The request, or a list in it, is too long.",
    HostInvalid "general_host_invalid" 400 "The request does not name one host.",
    LengthUnclear "general_length_unclear" 400 "The request does not say clearly where its body ends.",
    CursorNotFound "general_cursor_not_found" 400 "The key that the cursor names was not found.",
    QueryOrderNull "database_query_order_null" 400 "A cursor cannot be used with an order by an attribute that is empty on some keys.",
    UnauthorizedScope "general_unauthorized_scope" 401 "A scope is missing.",
    Unauthorized "user_unauthorized" 401 "You may not do this. Check the key, or sign in with an account that may.",
    ProjectKeyExpired "project_key_expired" 401 "The API key has expired. Create a new one in the console, or extend its expiry.",
    KeyDisabled "project_key_disabled" 401 "The API key is disabled. Enable it in the console, or use another one.",
    KeyInBrowser "project_key_in_browser" 401 "An API key arrived from a web page, where anyone can read it. Rotate the key, and use the session of the user there.",
    AccessForbidden "general_access_forbidden" 401 "The console project has no keys. Name your project in the X-Appwrite-Project header.",
    InvalidCredentials "user_invalid_credentials" 401 "Email or password are not right.",
    CodeInvalid "user_invalid_code" 401 "The code is wrong or was used already. Enter the code that your app shows now, or a recovery code.",
    ChallengeInvalid "user_challenge_invalid" 401 "This took too long, or the account has changed. Start again.",
    SessionAlreadyExists "user_session_already_exists" 401 "You are signed in already. Sign out first.",
    InvitationInvalid "invitation_invalid" 401 "The invitation link is not valid: it was used or replaced, or it has expired. Ask for a new one.",
    SetupTokenInvalid "setup_token_invalid" 401 "The set-up link is not valid. Use the newest one that the server printed when it started.",
    ProjectIdMissing "project_id_missing" 403 "With an API key, name your project in the X-Appwrite-Project header.",
    OrganizationIdMissing "organization_id_missing" 403 "With an organization key, send `default` in the X-Appwrite-Organization header.",
    KeyCreationDenied "key_creation_denied" 403 "The policy of this project lets no API key create keys. Sign in to the console, or create an ephemeral key.",
    WidgetDenied "widget_denied" 403 "The widget token does not let its page do this.",
    UnknownOrigin "general_unknown_origin" 403 "Requests of web pages of other origins are not accepted.",
    UserBlocked "user_blocked" 403 "This account is blocked.",
    InsufficientScope "gateway_insufficient_scope" 403 "The API key does not hold a scope that opens this.",
    GatewayRoute "gateway_route_unknown" 403 "No operation of the catalog has this method and path, so that no scope can open it.",
    GatewayAmbiguous "gateway_route_ambiguous" 403 "Services read this path in different ways, so that nobody can tell which operation is meant.",
    GatewayRequest "gateway_request_unclear" 403 "The gateway does not say clearly which request is to be judged.",
    GatewaySettings "gateway_settings_invalid" 403 "The gateway's settings for forward-auth are not valid.",
    GatewayUntrusted "gateway_untrusted" 403 "Forwarded headers are believed from trusted proxies only.",
    ProjectNotFound "project_not_found" 404 "There is no such project. Check the X-Appwrite-Project header.",
    KeyNotFound "key_not_found" 404 "There is no key with this id.",
    AccountNotFound "user_not_found" 404 "There is no account with this id.",
    SessionNotFound "user_session_not_found" 404 "There is no such session.",
    RouteNotFound "general_route_not_found" 404 "There is no such route. Check path and method, and the endpoint that your SDK is set to: it ends with /v1.",
    MethodNotAllowed "general_method_not_allowed" 405 "This path does not know that method.",
    BodyTooSlow "general_body_too_slow" 408 "The body of the request took too long to arrive. Send it again.",
    KeyAlreadyExists "key_already_exists" 409 "A key with this id exists already. Choose another id, or unique().",
    ProjectAlreadyExists "project_already_exists" 409 "A project with this id exists already. Choose another id, or unique().",
    UserAlreadyExists "user_already_exists" 409 "An account with this email exists already. Sign in instead.",
    LastAccount "user_is_last" 409 "This is the only account that can sign in. Invite or enable another one first.",
    SecondFactorOn "user_second_factor_on" 409 "The second factor is on already. Turn it off first.",
    SecondFactorOff "user_second_factor_off" 409 "The account has no second factor. Turn it on first.",
    AccountHasPassword "user_has_password" 409 "The account has a password already, so it needs no invitation.",
    TooManyAccounts "user_limit_exceeded" 409 "The server has as many accounts as it can have. Delete one first.",
    SetupDone "setup_already_done" 409 "The first account exists already. Sign in.",
    WriteConflict "general_write_conflict" 409 "Others change this at the same time, again and again. Try again.",
    DevKeyGone "dev_key_gone" 410 "Dev keys cannot be created any more.",
    PreconditionFailed "general_precondition_failed" 412 "It has changed since you read it. Read it again, and decide anew.",
    BodyTooLarge "general_body_too_large" 413 "The body of the request is too large.",
    HostUnknown "general_host_unknown" 421 "This server does not answer to the host of the request.",
    RateLimitExceeded "general_rate_limit_exceeded" 429 "Too many attempts. Wait for the time in the Retry-After header.",
    ReservedProject "project_reserved_project" 400 "The project id `console` is reserved.",
    AccountsClosed "user_console_count_exceeded" 501 "Nobody can make an account here. The first one comes from the set-up link, others from an invitation or `scopewise admin create`.",
    TransferEncoding "general_transfer_encoding_unknown" 501 "Of transfer encodings, only chunked is understood.",
    Unknown "general_unknown" 500 "Something went wrong on the server. Its log has the details.",
    Unavailable "general_unavailable" 503 "The database does not answer. Try again shortly.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_own_word() {
        let words: std::collections::HashSet<_> = ErrorType::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(words.len(), ErrorType::ALL.len());
    }
}
