//! Turns records into models of the wire.

use super::store::{AccountRecord, Actor, DevKeyRecord, KeyRecord, ProjectRecord, SessionRecord};
use crate::{
    api::{Account, AccountState, Creator, DevKey, Key, KeyDetails, ListedAccount, Project, Session, WireDate},
    scope::{DateTime, ScopeName},
};

/// The organization that every account and every project belongs to.
pub const ORGANIZATION: &str = "default";

fn some(date: DateTime) -> WireDate {
    WireDate(Some(date))
}

/// Scopes as the wire has them.
pub fn scope_texts(scopes: Vec<ScopeName>) -> Vec<String> {
    scopes.into_iter().map(String::from).collect()
}

/// A key as every read shows it: with the hint instead of the secret.
pub fn key(record: KeyRecord) -> Key {
    Key {
        id: record.id,
        created_at: some(record.created_at),
        updated_at: some(record.updated_at),
        name: record.name.into(),
        description: record.description,
        expire: WireDate(record.expire),
        scopes: scope_texts(record.scopes),
        secret: record.hint,
        accessed_at: WireDate(record.accessed_at),
        sdks: record.sdks,
    }
}

/// Who created a key.
pub fn creator(actor: Actor) -> Creator {
    Creator { kind: actor.kind.as_str().to_owned(), id: actor.id, name: actor.name }
}

/// A key with what the contract's model has no place for, but without its creator, which the store keeps apart.
pub fn key_details(record: KeyRecord, now: DateTime) -> KeyDetails {
    KeyDetails {
        enabled: record.enabled,
        status: record.status(now),
        rotated_at: WireDate(record.rotated_at),
        overlap_until: WireDate(record.overlap_until.filter(|until| *until > now)),
        exposed_at: WireDate(record.exposed_at),
        created_by: None,
        key: key(record),
    }
}

/// A dev key as every read shows it: with the hint instead of the secret.
pub fn dev_key(record: DevKeyRecord) -> DevKey {
    DevKey {
        id: record.id,
        created_at: some(record.created_at),
        updated_at: some(record.updated_at),
        name: record.name.into(),
        expire: some(record.expire),
        secret: record.hint,
        accessed_at: WireDate(record.accessed_at),
        sdks: record.sdks,
    }
}

/// A project.
pub fn project(record: ProjectRecord) -> Project {
    Project {
        id: record.id,
        created_at: some(record.created_at),
        updated_at: some(record.updated_at),
        name: record.name.into(),
        team_id: ORGANIZATION.to_owned(),
        region: "default".to_owned(),
        ping_count: u32::from(record.pinged_at.is_some()),
        pinged_at: WireDate(record.pinged_at),
        status: "active".to_owned(),
    }
}

/// An account.
pub fn account(record: AccountRecord, accessed_at: Option<DateTime>) -> Account {
    Account {
        id: record.id,
        created_at: some(record.created_at),
        updated_at: some(record.updated_at),
        name: record.name,
        registration: some(record.created_at),
        status: !record.blocked,
        labels: Vec::new(),
        password_update: some(record.password_updated_at),
        email: record.email,
        phone: String::new(),
        email_verification: false,
        phone_verification: false,
        mfa: record.second_factor.is_some(),
        prefs: serde_json::Map::new(),
        targets: Vec::new(),
        accessed_at: WireDate(accessed_at),
    }
}

/// An account as the list of accounts shows it.
pub fn listed_account(record: AccountRecord, accessed_at: Option<DateTime>, sessions: usize, current: bool) -> ListedAccount {
    let state = match (record.blocked, record.invited_until) {
        (true, _) => AccountState::Disabled,
        (false, Some(_)) => AccountState::Invited,
        (false, None) => AccountState::Active,
    };
    ListedAccount {
        id: record.id,
        created_at: some(record.created_at),
        email: record.email,
        name: record.name,
        state,
        second_factor: record.second_factor.is_some(),
        invitation_expire: WireDate(record.invited_until),
        accessed_at: WireDate(accessed_at),
        sessions,
        current,
    }
}

/// A session; `current` says whether it is the one of the request.
pub fn session(record: SessionRecord, current: bool) -> Session {
    Session {
        id: record.id,
        created_at: some(record.created_at),
        updated_at: some(record.last_used_at),
        user_id: record.account_id,
        expire: some(record.expires_at),
        provider: "email".to_owned(),
        ip: record.ip,
        client_name: record.client_name,
        current,
        secret: String::new(),
    }
}
