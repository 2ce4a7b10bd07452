//! The second factor of an account: a secret for codes that depend on the time (RFC 6238), and recovery codes.

use crate::server::auth::SecretHash;

/// The second factor of an account, as it is stored.
#[derive(Clone)]
pub struct FactorRecord {
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
    /// The step of the newest code that was used. No code up to it is accepted.
    pub last_step: i64,
    /// The hashes of the recovery codes that are left.
    pub recovery_codes: Vec<SecretHash>,
}

/// A second factor to store.
#[derive(Clone)]
pub struct NewFactor {
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
    /// The step of the code that confirmed it.
    pub last_step: i64,
    /// The hashes of its recovery codes.
    pub recovery_codes: Vec<SecretHash>,
}

/// A code of a second factor. Each is used once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorCode {
    /// The code of this step of the time. It uses up all earlier steps.
    Step(i64),
    /// The recovery code with this hash.
    Recovery(SecretHash),
}

/// A code that a change uses up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedCode {
    /// The id of its account.
    pub account_id: String,
    /// The code.
    pub code: FactorCode,
}
