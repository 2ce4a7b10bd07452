//! Owns how passwords are hashed: Argon2id, off the async threads.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::server::random::{Random, RandomError, bytes};

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// No salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The stored hash cannot be read, or the hashing failed.
    #[error("the password could not be hashed")]
    Hash,
}

/// Hashes and compares passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    /// Each hash takes 19 MiB; without a bound, a burst of sign-ins would take the memory of the machine.
    slots: Arc<Semaphore>,
    /// Compared with where there is no account, so that the time of an answer does not tell.
    decoy: Arc<str>,
}

/// How many passwords are hashed at a time.
const SLOTS: usize = 4;
/// A valid hash of a text that nobody uses, with the parameters of [`Argon2::default`].
const DECOY_SALT: &[u8; 16] = b"scopewise-decoy!";

impl Passwords {
    /// Makes a hasher.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] where Argon2id does not work at all.
    pub fn new() -> Result<Self, PasswordError> {
        let decoy = phc("", DECOY_SALT)?;
        Ok(Self { slots: Arc::new(Semaphore::new(SLOTS)), decoy: decoy.into() })
    }

    /// The hash of a password, as a PHC string with its own salt and parameters.
    ///
    /// # Errors
    /// [`PasswordError`] without randomness, or where hashing failed.
    pub async fn hash(&self, password: String, random: &dyn Random) -> Result<String, PasswordError> {
        let salt: [u8; 16] = bytes(random)?;
        let _slot = self.slots.acquire().await.map_err(|_| PasswordError::Hash)?;
        tokio::task::spawn_blocking(move || phc(&password, &salt)).await.map_err(|_| PasswordError::Hash)?
    }

    /// Whether the password fits the stored hash. Without a stored hash the answer is no, after the same time.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] where the stored hash cannot be read.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let _slot = self.slots.acquire().await.map_err(|_| PasswordError::Hash)?;
        let compare = move || {
            let stored = PasswordHash::new(&stored).map_err(|_| PasswordError::Hash)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
        };
        let fits: Result<bool, PasswordError> = tokio::task::spawn_blocking(compare).await.map_err(|_| PasswordError::Hash)?;
        Ok(fits? && exists)
    }
}

fn phc(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}
