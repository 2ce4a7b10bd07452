//! Models of the second factor: codes of an authenticator app, and recovery codes. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// The answer to the right email and password of an account with a second factor: there is no session yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInChallenge {
    /// What goes to `account.createSecondFactorSession` with the code. It opens nothing else.
    pub challenge: String,
    /// Until when it is valid.
    pub expire: WireDate,
}

/// The body of `account.createSecondFactorSession`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSecondFactorSession {
    /// From the answer to email and password.
    pub challenge: String,
    /// Six digits of the app, or a recovery code.
    pub code: String,
}

/// The second factor of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// Whether it is on.
    pub enabled: bool,
    /// Since when; empty if it is off.
    pub since: WireDate,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
}

/// The body of `account.createSecondFactor`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSecondFactor {
    /// The password, again.
    pub password: String,
}

/// A second factor that is not on yet. No later answer has its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSecondFactor {
    /// What a person enters into the app: 32 letters and digits.
    pub secret: String,
    /// What the app reads from the QR code.
    pub uri: String,
    /// The QR code.
    pub qr: QrCodeImage,
    /// What goes to `account.enableSecondFactor` with the first code.
    pub token: String,
    /// Until when the token is valid.
    pub expire: WireDate,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCodeImage {
    /// Modules in a row, without a margin. A reader needs a margin of 4.
    pub size: usize,
    /// Its dark modules, as the path of an SVG with one unit for each module.
    pub path: String,
}

/// The body of `account.enableSecondFactor`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnableSecondFactor {
    /// From `account.createSecondFactor`.
    pub token: String,
    /// Six digits of the app.
    pub code: String,
}

/// The body of `account.disableSecondFactor` and `account.createRecoveryCodes`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmSecondFactor {
    /// The password.
    pub password: String,
    /// Six digits of the app, or a recovery code.
    pub code: String,
}

/// Recovery codes. No later answer has them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Each works once, instead of a code of the app.
    pub recovery_codes: Vec<String>,
}
