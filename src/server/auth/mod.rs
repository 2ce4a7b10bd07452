//! Who a request comes from, and how secrets, passwords and session tokens are kept. Knows nothing of routes.

mod device;
mod ephemeral;
mod hash;
mod hex;
mod identity;
mod known_secrets;
mod password;
mod pending;
mod qr_code;
mod roles;
mod sealed;
mod second_factor;
mod signed_token;
mod token;
mod widget;

pub use device::Devices;
pub use ephemeral::{EPHEMERAL_PREFIX, EphemeralKey, sign, verify};
pub use hash::SecretHash;
pub use identity::Identity;
pub use known_secrets::{KnownSecrets, Mark};
pub use password::{PasswordError, Passwords};
pub use pending::{Pending, PendingKind};
pub use qr_code::qr_code;
pub use roles::{Role, can_a_key_hold, can_a_key_open};
pub use second_factor::{EnteredCode, FactorSecret, RecoveryCode};
pub use signed_token::RootKey;
pub use token::SessionToken;
pub use widget::{WIDGET_PREFIX, WidgetRights, WidgetToken, sign_widget, verify_widget};
