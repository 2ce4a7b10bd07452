//! Owns what it takes to make an account, a project or a key: HTTP handlers and the command line call the same functions.

use super::{
    auth::{PasswordError, Passwords, SecretHash},
    clock::Clock,
    models,
    random::{Random, RandomError, bytes, unique_id},
    store::{AccountRecord, KeyChange, NewAccount, NewKey, NewProject, Store, StoreError},
};
use crate::{
    api::{Account, Key, Project},
    key::{IdError, KeyId, KeyName, ProjectId, Secret, SecretKind, hint},
    scope::{Catalog, CheckRequest, DateTime, Expiry, Report, check},
};

/// The literal that asks for a new id (contract §1.1).
pub const UNIQUE: &str = "unique()";
/// The edition that keys of this server are judged by.
pub const EDITION: &str = "server-1.9";
/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARACTERS: usize = 8;
/// The longest password, in characters.
pub const MAX_PASSWORD_CHARACTERS: usize = 256;
/// The longest email address, in bytes (RFC 5321, §4.5.3.1.3).
const MAX_EMAIL_BYTES: usize = 254;

/// Why something was not made. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
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

fn invalid(parameter: &'static str, problem: impl ToString) -> AdminError {
    AdminError::Invalid { parameter, problem: problem.to_string() }
}

/// What a key is made of, not judged yet.
#[derive(Clone, Copy, Debug)]
pub struct KeyInput<'a> {
    /// 1 to 128 characters.
    pub name: &'a str,
    /// At most 200 scopes.
    pub scopes: &'a [String],
    /// ISO 8601; `None` is never.
    pub expire: Option<&'a str>,
}

/// Makes an account. With `email` in any case, since it is kept in lower case.
///
/// # Errors
/// [`AdminError::Invalid`] for a bad email, password (8 to 256 characters) or name (at most 128), [`AdminError::AccountExists`]
/// for an email that is taken.
pub async fn create_account(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    email: &str,
    password: &str,
    name: &str,
) -> Result<Account, AdminError> {
    let account = keep_account(store, clock, random, &Passwords::new()?, AccountInput { email, password, name }, false).await?;
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
    only_first: bool,
) -> Result<AccountRecord, AdminError> {
    let email = email(input.email)?;
    let length = input.password.chars().take(MAX_PASSWORD_CHARACTERS + 1).count();
    if !(MIN_PASSWORD_CHARACTERS..=MAX_PASSWORD_CHARACTERS).contains(&length) {
        let problem = format!("must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters");
        return Err(invalid("password", problem));
    }
    if !input.name.is_empty() {
        input.name.parse::<KeyName>().map_err(|error| invalid("name", error))?;
    }
    let created_at = clock.now();
    let id = id::<KeyId>("userId", UNIQUE, created_at, random)?;
    let password_hash = passwords.hash(input.password.to_owned(), random).await?;
    let account = NewAccount { id, email, name: input.name.to_owned(), password_hash, created_at };
    store.create_account(account, only_first).await.map_err(|error| match error {
        StoreError::Duplicate => AdminError::AccountExists,
        other => AdminError::Store(other),
    })
}

/// Makes a project. `id` may be [`UNIQUE`].
///
/// # Errors
/// [`AdminError::Invalid`] for a bad id or name, [`AdminError::ProjectExists`] for an id that is taken.
pub async fn create_project(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    id_text: &str,
    name: &str,
) -> Result<Project, AdminError> {
    let created_at = clock.now();
    let id = id::<ProjectId>("projectId", id_text, created_at, random)?;
    let name = name.parse().map_err(|error| invalid("name", error))?;
    let created = store.create_project(NewProject { id, name, created_at }).await;
    created.map(models::project).map_err(|error| match error {
        StoreError::Duplicate => AdminError::ProjectExists,
        other => AdminError::Store(other),
    })
}

/// Makes a standard API key. `id` may be [`UNIQUE`]. The answer alone carries the secret.
///
/// # Errors
/// [`AdminError::Invalid`] for a bad id or name, [`AdminError::Refused`] for scopes or an expiry that the check calls errors,
/// [`AdminError::KeyExists`] for an id that is taken, [`AdminError::ProjectMissing`] without the project.
pub async fn create_key(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    project_id: &str,
    id_text: &str,
    input: KeyInput<'_>,
) -> Result<Key, AdminError> {
    let created_at = clock.now();
    let id = id::<KeyId>("keyId", id_text, created_at, random)?;
    let (name, expire) = judge(input, None, created_at)?;
    let secret = Secret::new(SecretKind::Key, &bytes(random)?);
    let new = NewKey {
        project_id: project_id.to_owned(),
        id,
        name,
        scopes: input.scopes.to_vec(),
        secret: SecretHash::of(secret.expose()),
        hint: hint(secret.expose()),
        expire,
        created_at,
    };
    let record = store.create_key(new).await.map_err(|error| match error {
        StoreError::Duplicate => AdminError::KeyExists,
        StoreError::ParentMissing => AdminError::ProjectMissing,
        other => AdminError::Store(other),
    })?;
    Ok(Key { secret: secret.expose().to_owned(), ..models::key(record) })
}

/// Replaces name, scopes and expiry of a key. `None` where the project has no such key.
///
/// # Errors
/// As [`create_key`], but for the id.
pub async fn update_key(
    store: &dyn Store,
    clock: &dyn Clock,
    project_id: &str,
    id: &str,
    input: KeyInput<'_>,
) -> Result<Option<Key>, AdminError> {
    let updated_at = clock.now();
    let Some(before) = store.key(project_id, id).await.map_err(AdminError::Store)? else {
        // Judged all the same: the answer must not tell more of a key that is absent than of one that is there.
        judge(input, None, updated_at)?;
        return Ok(None);
    };
    let (name, expire) = judge(input, Some(before.scopes), updated_at)?;
    let change = KeyChange { name, scopes: input.scopes.to_vec(), expire, updated_at };
    Ok(store.update_key(project_id, id, change).await.map_err(AdminError::Store)?.map(models::key))
}

/// Name and expiry of a key, where its scopes and its expiry have no errors. Warnings never block.
fn judge(input: KeyInput<'_>, previous: Option<Vec<String>>, now: DateTime) -> Result<(KeyName, Option<DateTime>), AdminError> {
    let name = input.name.parse().map_err(|error| invalid("name", error))?;
    let request = CheckRequest {
        scopes: input.scopes.to_vec(),
        expire: input.expire.map_or(Expiry::Never, |text| Expiry::At(text.to_owned())),
        now: Some(now),
        previous,
        edition: Some(EDITION.to_owned()),
        ..CheckRequest::default()
    };
    let report = check(Catalog::appwrite(), &request);
    if !report.valid {
        return Err(AdminError::Refused(Box::new(report)));
    }
    let expire = input.expire.map(str::parse).transpose().map_err(|error| invalid("expire", format!("is {error}")))?;
    Ok((name, expire))
}

fn id<T: std::str::FromStr<Err = IdError>>(
    parameter: &'static str,
    text: &str,
    now: DateTime,
    random: &dyn Random,
) -> Result<T, AdminError> {
    let unique;
    let text = if text == UNIQUE {
        unique = unique_id(now, random)?;
        &unique
    } else {
        text
    };
    text.parse().map_err(|error| invalid(parameter, error))
}

fn email(text: &str) -> Result<String, AdminError> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let good = text.len() <= MAX_EMAIL_BYTES
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && local.chars().all(plain) && domain.chars().all(plain)
        });
    if good { Ok(text.to_lowercase()) } else { Err(invalid("email", "must be an email address, such as `ada@example.com`")) }
}
