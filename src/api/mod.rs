//! What goes over the wire: [`paths`] and the types of requests and answers, shared by router and client. Pure.
//!
//! Models follow the contract (§1.1, §1.5, §1.6) field by field, in its order. What the contract does not have
//! (rotation, status, policy, set-up, the scope model over HTTP) is marked as an extension.

mod account;
mod audit;
mod csv;
mod dev_key;
mod error;
mod key;
mod key_search;
mod lifecycle;
pub mod paths;
mod people;
mod project;
mod scopes;
mod second_factor;
mod use_report;
mod verify;
mod widget;

pub use account::{
    Account, AccountList, CreateAccount, CreateEmailSession, MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS, Session, SessionList,
    SetupRequest, SetupState, UpdateAccountName, UpdatePassword,
};
pub use audit::{AuditEntry, AuditList};
pub use csv::csv_cell;
pub use dev_key::{DevKey, DevKeyList, WriteDevKey};
pub use error::{ErrorBody, ErrorType, RequestProblem};
pub use key::{CreateKey, Key, KeyList, UpdateKey, WireDate};
pub use key_search::{KeyCounts, KeyFilter, KeySearchResult, KeySort, MAX_SEARCHED_KEYS, NoSuchChoice, SECRET_HASH_PREFIX};
pub use lifecycle::{
    Creator, EphemeralKeyBefore193, KeyDetails, KeyDetailsList, KeyStatus, ProjectPolicy, RotateKey, UpdateKeyStatus, UsedKey,
};
pub use people::{AcceptInvitation, AccountState, InviteAccount, InvitedAccount, ListedAccount, ListedAccounts, UpdateAccountStatus};
pub use project::{CreateProject, Project, ProjectList};
pub use scopes::{ConsoleScope, ConsoleScopeList};
pub use second_factor::{
    ConfirmSecondFactor, CreateSecondFactor, CreateSecondFactorSession, EnableSecondFactor, NewSecondFactor, QrCodeImage, RecoveryCodes,
    SecondFactor, SignInChallenge,
};
pub use use_report::{OperationUse, USE_DAYS, UseReport};
pub use verify::{MAX_VERIFIED_KEYS, Verification, VerificationCode, VerificationList};
pub use widget::{Widget, WidgetKeyList, WidgetToken};

/// The version of the wire contract that this server speaks. Every error has it, and so does `GET /v1/health/version`.
pub const CONTRACT_VERSION: &str = "1.9.6";

/// The newest version of the models that this server answers with, as clients name it in `X-Appwrite-Response-Format` (§2).
pub const NEWEST_FORMAT: &str = "2.6.2";

/// Request headers of the contract (§2), lower case.
pub mod headers {
    /// The project that a request is about.
    pub const PROJECT: &str = "x-appwrite-project";
    /// The organization, with one of its keys.
    pub const ORGANIZATION: &str = "x-appwrite-organization";
    /// The secret of an API key.
    pub const KEY: &str = "x-appwrite-key";
    /// The secret of a dev key.
    pub const DEV_KEY: &str = "x-appwrite-dev-key";
    /// `admin` where a console session acts on a project.
    pub const MODE: &str = "x-appwrite-mode";
    /// The version of the models that a client understands.
    pub const RESPONSE_FORMAT: &str = "x-appwrite-response-format";
    /// The name of the calling SDK.
    pub const SDK_NAME: &str = "x-sdk-name";
    /// The cookie of a console session.
    pub const CONSOLE_COOKIE: &str = "a_session_console";
    /// The same over https: a browser takes one of this name from this very host alone, and only over https.
    pub const CONSOLE_COOKIE_HTTPS: &str = "__Host-a_session_console";
    /// The cookie by which the sign-in knows a browser again.
    pub const DEVICE_COOKIE: &str = "a_device_console";
    /// The same where people come by https.
    pub const DEVICE_COOKIE_HTTPS: &str = "__Host-a_device_console";
}
