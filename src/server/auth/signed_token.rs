//! Tokens that are signed and never stored. Reads no clock, decides no policy.
//!
//! A token is a prefix and a JWS (RFC 7515) in its compact form, HS256. Its header says `alg`, the `typ` of its kind and the id of
//! the signing key; nothing else of the header is read (RFC 8725 §3.1, §3.11), and no key or address is ever taken from a token.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::hex;
use crate::{
    scope::DateTime,
    server::random::{Random, RandomError, bytes},
};

/// The only algorithm that is accepted.
const ALGORITHM: &str = "HS256";
/// Whom a token is for.
const AUDIENCE: &str = "scopewise";
/// How far the clock of another replica may be ahead of ours, in seconds.
const SKEW_SECONDS: i64 = 60;
/// Longer texts are no tokens; one with 200 scopes of the longest names has fewer bytes.
const MAX_BYTES: usize = 48 * 1024;

/// A kind of token. Each has its own signing keys, so that none is accepted as another.
pub(super) struct Kind {
    /// What a token begins with.
    pub prefix: &'static str,
    /// The `typ` of its header.
    pub typ: &'static str,
    /// What its signing keys are derived for.
    pub purpose: &'static str,
}

/// What every token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<T> {
    /// Its id.
    pub id: String,
    /// The project that it belongs to.
    pub project_id: String,
    /// When it was made, to the second.
    pub created_at: DateTime,
    /// When it expires, to the second.
    pub expire: DateTime,
    /// Who made it, in a few words for the audit log.
    pub made_by: String,
    /// What tokens of its kind say as well.
    pub more: T,
}

/// The signing keys of all projects are derived from it. It is not in the database, so that a copy of the database is not enough to sign.
/// It can be neither cloned nor printed.
pub struct RootKey([u8; 32]);

/// Why a text is not a root key. Says nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a root key is written as 64 hexadecimal digits, such as `openssl rand -hex 32` prints")]
pub struct RootKeyFormError;

impl RootKey {
    /// A new one. What was signed with an earlier one is not accepted any more.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        bytes(random).map(Self)
    }

    /// Reads one from 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`RootKeyFormError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, RootKeyFormError> {
        hex::decode(text).map(Self).ok_or(RootKeyFormError)
    }

    /// As [`RootKey::parse`] reads it, for the file that it is kept in.
    pub fn expose(&self) -> String {
        hex::encode(&self.0)
    }

    /// The key that signs tokens of one kind in a project, by the id that the store has of it.
    fn signer(&self, kind: &Kind, project_id: &str, signing_key_id: &str) -> Option<Hmac<Sha256>> {
        let derived = self.sign([kind.purpose, project_id, signing_key_id])?;
        <Hmac<Sha256> as KeyInit>::new_from_slice(&derived.finalize().into_bytes()).ok()
    }

    /// Signs these parts, of which the first names the purpose. With a length before each, so that no two lists of parts are the
    /// same bytes.
    pub(super) fn sign<const N: usize>(&self, parts: [&str; N]) -> Option<Hmac<Sha256>> {
        let mut signer = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).ok()?;
        for part in parts {
            signer.update(&part.len().to_be_bytes());
            signer.update(part.as_bytes());
        }
        Some(signer)
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(…)")
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims<T> {
    jti: String,
    aud: String,
    project_id: String,
    iat: i64,
    exp: i64,
    made_by: String,
    #[serde(flatten)]
    more: T,
}

fn seconds(at: DateTime) -> i64 {
    at.unix_milliseconds().div_euclid(1000)
}

/// Signs a token with the project's key. `None` where it cannot be written, which does not happen.
pub(super) fn sign<T: Serialize>(root: &RootKey, kind: &Kind, signing_key_id: &str, token: Token<T>) -> Option<String> {
    let header = Header { alg: ALGORITHM.to_owned(), typ: kind.typ.to_owned(), kid: signing_key_id.to_owned() };
    let Token { id, project_id, created_at, expire, made_by, more } = token;
    let mut signer = root.signer(kind, &project_id, signing_key_id)?;
    let claims = Claims { jti: id, aud: AUDIENCE.to_owned(), project_id, iat: seconds(created_at), exp: seconds(expire), made_by, more };
    let encode = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{}", encode(serde_json::to_vec(&header).ok()?), encode(serde_json::to_vec(&claims).ok()?));
    signer.update(signed.as_bytes());
    let signature = encode(signer.finalize().into_bytes().to_vec());
    Some(format!("{}{signed}.{signature}", kind.prefix))
}

/// What a token says, where it was signed with this key of this project, not after `now` (but for a minute, since clocks
/// differ), and has not expired at `now`. The signature is compared in constant time, and before anything of the claims is read.
pub(super) fn verify<T: DeserializeOwned>(
    root: &RootKey,
    kind: &Kind,
    project_id: &str,
    signing_key_id: &str,
    token: &str,
    now: DateTime,
) -> Option<Token<T>> {
    let (signed, signature) = token.strip_prefix(kind.prefix).filter(|_| token.len() <= MAX_BYTES)?.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != ALGORITHM || header.typ != kind.typ || header.kid != signing_key_id {
        return None;
    }
    let mut signer = root.signer(kind, project_id, signing_key_id)?;
    signer.update(signed.as_bytes());
    signer.verify_slice(&decode(signature)?).ok()?;
    let claims: Claims<T> = serde_json::from_slice(&decode(claims)?).ok()?;
    let date = |seconds: i64| DateTime::from_unix_milliseconds(seconds.saturating_mul(1000));
    let (created_at, expire) = (date(claims.iat), date(claims.exp));
    // It is from the future: a clock is wrong, and so is its expiry.
    let is_early = created_at > now.plus_seconds(SKEW_SECONDS);
    if claims.aud != AUDIENCE || claims.project_id != project_id || expire <= now || is_early {
        return None;
    }
    let Claims { jti: id, project_id, made_by, more, .. } = claims;
    Some(Token { id, project_id, created_at, expire, made_by, more })
}

#[cfg(test)]
pub(super) fn forged(root: &RootKey, kind: &Kind, header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut signer = root.signer(kind, "shop", "k1").unwrap();
    signer.update(signed.as_bytes());
    format!("{}{signed}.{}", kind.prefix, URL_SAFE_NO_PAD.encode(signer.finalize().into_bytes()))
}
