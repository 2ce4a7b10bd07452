//! Owns who a request comes from, and how secrets, passwords and session tokens are kept. Knows nothing of routes.

mod ephemeral;
mod hash;
mod identity;
mod password;
mod roles;
mod throttle;
mod token;
mod unknown;

pub use ephemeral::{EPHEMERAL_PREFIX, EphemeralKey, RootKey, sign, verify};
pub use hash::SecretHash;
pub use identity::Identity;
pub use password::{PasswordError, Passwords};
pub use roles::{Role, can_a_key_hold};
pub use throttle::{Limit, Refusal, Throttle};
pub use token::SessionToken;
pub use unknown::UnknownKeys;
