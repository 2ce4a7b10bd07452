//! Accounts of the console: created here, or by an invitation ([`invitations`]); changed by their owner ([`own`])
//! or by an operator ([`operator`]).

mod invitations;
mod operator;
pub(in crate::server) mod own;
pub(in crate::server) mod second_factor;

use super::{
    caller::{Caller, Done},
    error::{ServiceError, invalid},
    ids::{UNIQUE, id},
};
use crate::{
    api::Account,
    key::{KeyId, KeyName},
    server::{
        auth::Passwords,
        clock::Clock,
        models,
        random::Random,
        store::{AccountRecord, Action, FirstAccess, NewAccount, Store, StoreError},
    },
};

pub(in crate::server) use self::invitations::{JoinInput, invited, join};
pub use self::operator::{AccountError, Accounts, Last, Named};
pub use crate::api::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS};

/// The longest email address, in bytes (RFC 5321, §4.5.3.1.3).
pub const MAX_EMAIL_BYTES: usize = 254;

/// Creates an account. The email may be in any case; it is stored in lower case.
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

/// An account to create, not validated yet.
#[derive(Clone, Copy)]
pub(in crate::server) struct AccountInput<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub name: &'a str,
}

/// Creates an account with these password slots. With `only_first`, only while there is no account.
pub(in crate::server) async fn keep_account(
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
    let access = FirstAccess::Password(password_hash);
    let account = NewAccount { id, email, name: input.name.to_owned(), access, created_at };
    store.create_account(account, only_first, entry).await.map_err(|error| match error {
        StoreError::Duplicate => ServiceError::AccountExists,
        other => ServiceError::Store(other),
    })
}

/// Checks that a text may be a password.
pub(in crate::server) fn check_password(text: &str) -> Result<(), ServiceError> {
    let length = text.chars().take(MAX_PASSWORD_CHARACTERS + 1).count();
    if (MIN_PASSWORD_CHARACTERS..=MAX_PASSWORD_CHARACTERS).contains(&length) {
        return Ok(());
    }
    Err(invalid("password", format!("must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters")))
}

/// Checks that a text may be the name of a person. It may be empty.
pub(in crate::server) fn check_name(text: &str) -> Result<(), ServiceError> {
    if text.is_empty() { Ok(()) } else { text.parse::<KeyName>().map(drop).map_err(|error| invalid("name", error)) }
}

fn email(text: &str) -> Result<String, ServiceError> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let good = text.len() <= MAX_EMAIL_BYTES
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && local.chars().all(plain) && domain.chars().all(plain)
        });
    if good { Ok(text.to_lowercase()) } else { Err(invalid("email", "must be an email address, such as `ada@example.com`")) }
}
