//! What it takes to make an account, a project or a key: HTTP handlers and the command line call the same functions.

pub mod accounts;
pub(super) mod caller;
pub(super) mod change_text;
pub mod import;
pub(super) mod keys;

use std::sync::Arc;

use super::{
    auth::{PasswordError, Passwords},
    clock::Clock,
    models,
    random::{Random, RandomError, unique_id},
    service::{
        caller::{Caller, Done},
        keys::{ANY, Keys},
    },
    store::{AccountRecord, Action, NewAccount, NewProject, ProjectRecord, Store, StoreError},
};
use crate::{
    api::{Account, Key},
    key::{ExpiryRefusal, IdError, KeyId, KeyName, ProjectId},
    scope::{Catalog, DateTime, Report},
};

pub use super::service::keys::KeyInput;
pub use crate::api::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS};

/// The literal that asks for a new id (contract §1.1).
pub const UNIQUE: &str = "unique()";
/// How often something is judged anew where others change what it is judged by.
pub(super) const MAX_ATTEMPTS: usize = 20;
/// The longest email address, in bytes (RFC 5321, §4.5.3.1.3).
pub const MAX_EMAIL_BYTES: usize = 254;

/// Why something was not made. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A parameter is not valid.
    #[error("The parameter `{parameter}` is not valid: it {problem}.")]
    Invalid {
        /// Its name on the wire.
        parameter: &'static str,
        /// What is wrong, to be read after "it".
        problem: String,
    },
    /// Scopes or expiry have errors; the report has all of them.
    #[error("{}", refusal(.0))]
    Refused(Box<Report>),
    /// The policy of the project refuses the expiry.
    #[error("The parameter `{parameter}` is not valid: it {refusal}.")]
    Expiry {
        /// Its name on the wire.
        parameter: &'static str,
        /// What is wrong.
        refusal: ExpiryRefusal,
    },
    /// The policy lets no API key create keys.
    #[error("The policy of this project lets no API key create keys. Sign in to the console, or create an ephemeral key.")]
    KeyCreationDenied,
    /// The caller key may not bring a key into force that can do more than itself.
    #[error("The policy of this project lets an API key hand out only what it holds: {problem}.")]
    TakeoverDenied {
        /// What it lacks, and the way out.
        problem: String,
        /// What the scope model says.
        report: Option<Box<Report>>,
    },
    /// Too many ephemeral keys were ended one by one.
    #[error("Too many ephemeral keys of this project were ended within an hour. End all of them at once.")]
    TooManyEnded,
    /// The client has seen another version than the newest.
    #[error("It has changed since you read it. Read it again, and decide anew.")]
    Changed,
    /// A token could not be written.
    #[error("the ephemeral key could not be signed")]
    Unsigned,
    /// There is no such project.
    #[error("There is no project with this id.")]
    ProjectMissing,
    /// The id of the key is taken.
    #[error("The project has a key with this id already. Choose another id, or unique().")]
    KeyExists,
    /// The id of the project is taken.
    #[error("A project with this id exists already. Choose another id, or unique().")]
    ProjectExists,
    /// The email is taken, or the first account exists already.
    #[error("An account with this email exists already.")]
    AccountExists,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Hashing failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

fn refusal(report: &Report) -> String {
    let first = report.errors.first().map(|error| format!("{}; {}", error.message, error.help)).unwrap_or_default();
    let parameter =
        if report.errors.first().is_some_and(|error| error.code == crate::scope::Code::ExpiryMalformed) { "expire" } else { "scopes" };
    match report.errors.len() {
        0 | 1 => format!("The parameter `{parameter}` is not valid: {first}."),
        count => format!("The parameter `{parameter}` is not valid: {first}. The report has all {count} errors."),
    }
}

pub(super) fn invalid(parameter: &'static str, problem: impl ToString) -> ServiceError {
    ServiceError::Invalid { parameter, problem: problem.to_string() }
}

/// Makes an account. With `email` in any case, since it is kept in lower case.
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad email, password (8 to 256 characters) or name (at most 128), [`ServiceError::AccountExists`]
/// for an email that is taken.
pub async fn create_account(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    email: &str,
    password: &str,
    name: &str,
) -> Result<Account, ServiceError> {
    let (passwords, input) = (Passwords::new()?, AccountInput { email, password, name });
    let account = keep_account(store, clock, random, &passwords, input, &Caller::command_line(), false).await?;
    Ok(models::account(account, None))
}

/// What an account is made of, not judged yet.
#[derive(Clone, Copy)]
pub(super) struct AccountInput<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub name: &'a str,
}

pub(super) async fn keep_account(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    passwords: &Passwords,
    input: AccountInput<'_>,
    caller: &Caller,
    only_first: bool,
) -> Result<AccountRecord, ServiceError> {
    let email = email(input.email)?;
    check_password(input.password)?;
    check_name(input.name)?;
    let created_at = clock.now();
    let id = id::<KeyId>("userId", UNIQUE, created_at, random)?;
    let password_hash = passwords.hash(input.password.to_owned(), random).await?;
    let entry = caller.entry(created_at, None, Done::new(Action::AccountCreate, id.as_str()));
    let account = NewAccount { id, email, name: input.name.to_owned(), password_hash, created_at };
    store.create_account(account, only_first, entry).await.map_err(|error| match error {
        StoreError::Duplicate => ServiceError::AccountExists,
        other => ServiceError::Store(other),
    })
}

/// Whether a text may be a password.
pub(super) fn check_password(text: &str) -> Result<(), ServiceError> {
    let length = text.chars().take(MAX_PASSWORD_CHARACTERS + 1).count();
    if (MIN_PASSWORD_CHARACTERS..=MAX_PASSWORD_CHARACTERS).contains(&length) {
        return Ok(());
    }
    Err(invalid("password", format!("must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters")))
}

/// Whether a text may be the name of a person; it may be empty.
pub(super) fn check_name(text: &str) -> Result<(), ServiceError> {
    if text.is_empty() { Ok(()) } else { text.parse::<KeyName>().map(drop).map_err(|error| invalid("name", error)) }
}

/// Makes a project. `id` may be [`UNIQUE`].
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad id or name, [`ServiceError::ProjectExists`] for an id that is taken.
pub async fn create_project(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    id_text: &str,
    name: &str,
    caller: &Caller,
) -> Result<ProjectRecord, ServiceError> {
    let created_at = clock.now();
    let id = id::<ProjectId>("projectId", id_text, created_at, random)?;
    let name = name.parse().map_err(|error| invalid("name", error))?;
    let write = caller.write(created_at, Done::new(Action::ProjectCreate, id.as_str()));
    let created = store.create_project(NewProject { id, name, created_at }, write).await;
    created.map_err(|error| match error {
        StoreError::Duplicate => ServiceError::ProjectExists,
        other => ServiceError::Store(other),
    })
}

/// Makes a standard API key of a project, or of the organization where none is named. `id` may be [`UNIQUE`]. The answer alone carries the
/// secret.
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad id or name, [`ServiceError::Refused`] for scopes or an expiry that the check calls errors,
/// [`ServiceError::Expiry`] for one that the project's policy refuses, [`ServiceError::KeyExists`] for an id that is taken, [`ServiceError::ProjectMissing`] without the project.
pub async fn create_key(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    catalog: &Catalog,
    project_id: Option<&str>,
    id_text: &str,
    input: KeyInput<'_>,
) -> Result<Key, ServiceError> {
    let mut attempts = 1..=MAX_ATTEMPTS;
    loop {
        let project = match project_id {
            Some(id) => Arc::new(store.project(id).await.map_err(ServiceError::Store)?.ok_or(ServiceError::ProjectMissing)?),
            None => store.organization().await.map_err(ServiceError::Store)?,
        };
        let keys = Keys { store, clock, random, catalog, project: &project, grantor: None, caller: Caller::command_line(), seen: ANY };
        match keys.create(id_text, input).await {
            Err(ServiceError::Store(StoreError::Stale)) if attempts.next().is_some() => {}
            made => return made.map(|(record, secret)| Key { secret: secret.expose().to_owned(), ..models::key(record) }),
        }
    }
}

pub(super) fn id<T: std::str::FromStr<Err = IdError>>(
    parameter: &'static str,
    text: &str,
    now: DateTime,
    random: &dyn Random,
) -> Result<T, ServiceError> {
    let unique;
    let text = if text == UNIQUE {
        unique = unique_id(now, random)?;
        &unique
    } else {
        text
    };
    text.parse().map_err(|error| invalid(parameter, error))
}

fn email(text: &str) -> Result<String, ServiceError> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let good = text.len() <= MAX_EMAIL_BYTES
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && local.chars().all(plain) && domain.chars().all(plain)
        });
    if good { Ok(text.to_lowercase()) } else { Err(invalid("email", "must be an email address, such as `ada@example.com`")) }
}
