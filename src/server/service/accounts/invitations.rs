//! Invitations: an account without a password, whose owner sets one with a one-time link.

use super::{
    check_name, check_password, email,
    operator::{AccountError, Accounts, MAX_ACCOUNTS, Named, done, found},
};
use crate::{
    key::KeyId,
    scope::DateTime,
    server::{
        auth::{Passwords, SecretHash, SessionToken},
        clock::Clock,
        random::Random,
        service::{
            caller::{Caller, Done},
            error::ServiceError,
            ids::{UNIQUE, id},
            retry::again,
        },
        store::{AccountChange, AccountRecord, Action, Basis, FirstAccess, Invitation, NewAccount, Store, StoreError, Write},
    },
};

/// How long an invitation is valid, in seconds: 7 days.
const INVITATION_SECONDS: i64 = 7 * 86_400;

impl Accounts<'_> {
    /// Creates an account without a password, and the token of its link. The token is returned only here.
    ///
    /// # Errors
    /// [`AccountError`]: a bad email or name, an email that is taken, [`AccountError::Full`].
    pub(in crate::server) async fn invite(
        &self,
        random: &dyn Random,
        address: &str,
        name: &str,
    ) -> Result<(AccountRecord, SessionToken), AccountError> {
        let address = email(address)?;
        check_name(name)?;
        if self.store.accounts().await?.len() >= MAX_ACCOUNTS {
            return Err(AccountError::Full);
        }
        let created_at = self.clock.now();
        let id = id::<KeyId>("userId", UNIQUE, created_at, random)?;
        let (token, invitation) = invitation(created_at, random)?;
        let done = Done { action: Action::AccountInvite, target: id.as_str(), detail: address.clone() };
        let Write { basis, entry } = self.caller.write(created_at, done);
        // Others who invite at the same time do not exceed the limit.
        let write = Write { basis: Basis { accounts_below: Some(MAX_ACCOUNTS), ..basis }, entry };
        let access = FirstAccess::Invitation(invitation);
        let account = NewAccount { id: id.clone(), email: address, name: name.to_owned(), access, created_at };
        let made = self.store.invite_account(account, write).await.map_err(|error| match error {
            StoreError::Duplicate => AccountError::Service(ServiceError::AccountExists),
            other => other.into(),
        })?;
        Ok((made, token))
    }

    /// Replaces the link of an invited account.
    ///
    /// # Errors
    /// [`AccountError`]: [`AccountError::Joined`] if the account has a password.
    pub(in crate::server) async fn invite_again(
        &self,
        random: &dyn Random,
        who: Named<'_>,
    ) -> Result<(AccountRecord, SessionToken), AccountError> {
        let now = self.clock.now();
        let (token, invitation) = invitation(now, random)?;
        let account: AccountRecord = again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                if account.invited_until.is_none() {
                    return Err(AccountError::Joined(account.email.clone()));
                }
                let write = self.caller.write_on(vec![account.version()], now, done(Action::AccountInvite, account));
                Ok(self.store.update_account(&account.id, AccountChange::Invitation(invitation.clone()), now, write).await?)
            }
            .await
        )?;
        Ok((account, token))
    }
}

fn invitation(now: DateTime, random: &dyn Random) -> Result<(SessionToken, Invitation), AccountError> {
    let token = SessionToken::new(random).map_err(ServiceError::Random)?;
    let invitation = Invitation { token: token.hash(), until: now.plus_seconds(INVITATION_SECONDS) };
    Ok((token, invitation))
}

/// The account that the link with this token invites; `None` if the link was used or replaced, is too old, or the account is disabled.
pub(in crate::server) async fn invited(store: &dyn Store, now: DateTime, token: &str) -> Result<Option<AccountRecord>, StoreError> {
    let found = store.account_by_invitation(&SecretHash::of(token)).await?;
    Ok(found.filter(|account| !account.blocked && account.invited_until.is_some_and(|until| until > now)))
}

/// What an invited person enters, not validated yet.
#[derive(Clone, Copy)]
pub(in crate::server) struct JoinInput<'a> {
    pub password: &'a str,
    /// May be empty.
    pub name: &'a str,
}

/// Sets the first password of an invited account, and uses its link up.
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad password or name. [`StoreError::Stale`] if the account was changed since it was read.
pub(in crate::server) async fn join(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    passwords: &Passwords,
    account: &AccountRecord,
    input: JoinInput<'_>,
    caller: &Caller,
) -> Result<AccountRecord, ServiceError> {
    check_password(input.password)?;
    check_name(input.name)?;
    let hash = passwords.hash(input.password.to_owned(), random).await?;
    let now = clock.now();
    let write = caller.write_on(vec![account.version()], now, done(Action::AccountJoin, account));
    let change = AccountChange::Joined { hash, name: input.name.to_owned() };
    store.update_account(&account.id, change, now, write).await.map_err(ServiceError::Store)
}
