//! Who a request comes from, and how secrets, passwords and session tokens are kept. Knows nothing of routes.

mod device;
mod ephemeral;
mod hash;
mod hex;
mod identity;
mod password;
mod roles;
mod token;

pub use device::Devices;
pub use ephemeral::{EPHEMERAL_PREFIX, EphemeralKey, RootKey, sign, verify};
pub use hash::SecretHash;
pub use identity::Identity;
pub use password::{PasswordError, Passwords};
pub use roles::{Role, can_a_key_hold, can_a_key_open};
pub use token::SessionToken;
