//! What a lookup by a secret finds.

use crate::{scope::DateTime, server::store::KeyRecord};

/// A key, with the end of the secret that was looked up.
#[derive(Clone, Debug)]
pub(in crate::server::store) struct Found {
    pub key: KeyRecord,
    pub valid_until: Option<DateTime>,
}
