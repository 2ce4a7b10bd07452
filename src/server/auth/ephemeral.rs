//! The tokens of ephemeral keys: signed, never stored (contract §1.1 `createEphemeralKey`). Reads no clock, decides no policy.
//!
//! A token is `ephemeral_` and a JWS (RFC 7515) in its compact form, HS256. Its header says `alg`, a `typ` of its own and the id of
//! the signing key; nothing else of the header is read (RFC 8725 §3.1, §3.11), and no key or address is ever taken from a token.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::hex;
use crate::{
    scope::{DateTime, ScopeName},
    server::random::{Random, RandomError, bytes},
};

/// What a token begins with (contract §2, key decode table).
pub const EPHEMERAL_PREFIX: &str = "ephemeral_";
/// The only algorithm that is accepted.
const ALGORITHM: &str = "HS256";
/// Keeps tokens of another purpose apart, were they signed with the same key.
const TYPE: &str = "ephemeral-key+jwt";
/// Whom a token is for.
const AUDIENCE: &str = "scopewise";
/// How far the clock of another replica may be ahead of ours, in seconds.
const SKEW_SECONDS: i64 = 60;
/// Longer texts are no tokens; one with 200 scopes of the longest names has fewer bytes.
const MAX_BYTES: usize = 48 * 1024;

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

    /// The signing key of a project, by the id that the store keeps of it.
    fn signer(&self, project_id: &str, signing_key_id: &str) -> Option<Hmac<Sha256>> {
        let derived = self.sign(["scopewise ephemeral keys 1", project_id, signing_key_id])?;
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

/// An ephemeral key: what its token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EphemeralKey {
    /// Its id.
    pub id: String,
    /// The project that it belongs to.
    pub project_id: String,
    /// Its scopes, as they were given.
    pub scopes: Vec<ScopeName>,
    /// When it was made, to the second.
    pub created_at: DateTime,
    /// When it expires, to the second.
    pub expire: DateTime,
    /// Who made it, in a few words for the audit log.
    pub made_by: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    jti: String,
    aud: String,
    project_id: String,
    scopes: Vec<ScopeName>,
    iat: i64,
    exp: i64,
    made_by: String,
}

fn seconds(at: DateTime) -> i64 {
    at.unix_milliseconds().div_euclid(1000)
}

/// Signs a token with the project's key. `None` where it cannot be written, which does not happen.
pub fn sign(root: &RootKey, signing_key_id: &str, key: &EphemeralKey) -> Option<String> {
    let header = Header { alg: ALGORITHM.to_owned(), typ: TYPE.to_owned(), kid: signing_key_id.to_owned() };
    let claims = Claims {
        jti: key.id.clone(),
        aud: AUDIENCE.to_owned(),
        project_id: key.project_id.clone(),
        scopes: key.scopes.clone(),
        iat: seconds(key.created_at),
        exp: seconds(key.expire),
        made_by: key.made_by.clone(),
    };
    let encode = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{}", encode(serde_json::to_vec(&header).ok()?), encode(serde_json::to_vec(&claims).ok()?));
    let mut signer = root.signer(&key.project_id, signing_key_id)?;
    signer.update(signed.as_bytes());
    let signature = encode(signer.finalize().into_bytes().to_vec());
    Some(format!("{EPHEMERAL_PREFIX}{signed}.{signature}"))
}

/// The ephemeral key of a token, where it was signed with this key of this project, not after `now` (but for a minute, since clocks
/// differ), and has not expired at `now`. The signature is
/// compared in constant time, and before anything of the claims is read.
pub fn verify(root: &RootKey, project_id: &str, signing_key_id: &str, token: &str, now: DateTime) -> Option<EphemeralKey> {
    let (signed, signature) = token.strip_prefix(EPHEMERAL_PREFIX).filter(|_| token.len() <= MAX_BYTES)?.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != ALGORITHM || header.typ != TYPE || header.kid != signing_key_id {
        return None;
    }
    let mut signer = root.signer(project_id, signing_key_id)?;
    signer.update(signed.as_bytes());
    signer.verify_slice(&decode(signature)?).ok()?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
    let date = |seconds: i64| DateTime::from_unix_milliseconds(seconds.saturating_mul(1000));
    let (created_at, expire) = (date(claims.iat), date(claims.exp));
    // It is from the future: a clock is wrong, and so is its expiry.
    let is_early = created_at > now.plus_seconds(SKEW_SECONDS);
    if claims.aud != AUDIENCE || claims.project_id != project_id || expire <= now || is_early {
        return None;
    }
    Some(EphemeralKey { id: claims.jti, project_id: claims.project_id, scopes: claims.scopes, created_at, expire, made_by: claims.made_by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    fn root(seed: u64) -> RootKey {
        RootKey::new(&SeededRandom::new(seed)).unwrap()
    }

    fn at(seconds: i64) -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000).plus_seconds(seconds)
    }

    fn key() -> EphemeralKey {
        EphemeralKey {
            id: "id".into(),
            project_id: "shop".into(),
            scopes: vec!["rows.read".parse().unwrap()],
            created_at: at(0),
            expire: at(60),
            made_by: "key ci".into(),
        }
    }

    /// Signs what `sign` never would.
    fn forged(header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signer = root(1).signer("shop", "k1").unwrap();
        signer.update(signed.as_bytes());
        format!("ephemeral_{signed}.{}", URL_SAFE_NO_PAD.encode(signer.finalize().into_bytes()))
    }

    #[test]
    fn a_token_says_what_it_was_given_until_it_expires() {
        let token = sign(&root(1), "k1", &key()).unwrap();
        assert!(token.starts_with("ephemeral_eyJ") && !token.contains('='));
        assert_eq!(verify(&root(1), "shop", "k1", &token, at(0)), Some(key()));
        assert_eq!(verify(&root(1), "shop", "k1", &token, at(60).plus_milliseconds(-1)), Some(key()));
        assert_eq!(verify(&root(1), "shop", "k1", &token, at(60)), None);
    }

    #[test]
    fn a_token_from_the_future_is_refused() {
        let token = sign(&root(1), "k1", &key()).unwrap();
        assert!(verify(&root(1), "shop", "k1", &token, at(-60)).is_some(), "clocks differ");
        assert!(verify(&root(1), "shop", "k1", &token, at(-60).plus_milliseconds(-1)).is_none());
        assert!(verify(&root(1), "shop", "k1", &token, at(-86_400)).is_none());
        for iat in [i64::MAX, 1_800_000_000_000] {
            let claims =
                format!(r#"{{"jti":"i","aud":"scopewise","projectId":"shop","scopes":[],"iat":{iat},"exp":1800000060,"madeBy":""}}"#);
            let header = format!(r#"{{"alg":"HS256","typ":"{TYPE}","kid":"k1"}}"#);
            assert!(verify(&root(1), "shop", "k1", &forged(&header, &claims), at(0)).is_none(), "{iat}");
        }
    }

    #[test]
    fn another_root_project_or_signing_key_does_not_accept_it() {
        let token = sign(&root(1), "k1", &key()).unwrap();
        assert_eq!(verify(&root(2), "shop", "k1", &token, at(0)), None);
        assert_eq!(verify(&root(1), "other", "k1", &token, at(0)), None);
        assert_eq!(verify(&root(1), "shop", "k2", &token, at(0)), None);
    }

    #[test]
    fn no_byte_of_a_token_can_be_changed() {
        let token = sign(&root(1), "k1", &key()).unwrap();
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(verify(&root(1), "shop", "k1", &changed, at(0)), None, "{index}");
        }
        for changed in [format!("{token}="), format!("{token}."), format!("{token}.x"), token.replace("ephemeral_", ""), String::new()] {
            assert_eq!(verify(&root(1), "shop", "k1", &changed, at(0)), None, "{changed}");
        }
    }

    #[test]
    fn algorithm_type_key_audience_and_project_are_those_of_the_list() {
        let claims = |aud: &str, project: &str| {
            format!(r#"{{"jti":"i","aud":"{aud}","projectId":"{project}","scopes":[],"iat":1800000000,"exp":1800000060,"madeBy":""}}"#)
        };
        let good = claims("scopewise", "shop");
        let header = |alg: &str, typ: &str, kid: &str| format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"{kid}"}}"#);
        let accepted = |header: &str, claims: &str| verify(&root(1), "shop", "k1", &forged(header, claims), at(0)).is_some();
        assert!(accepted(&header("HS256", TYPE, "k1"), &good));
        for bad in [
            header("none", TYPE, "k1"),
            header("HS512", TYPE, "k1"),
            header("hs256", TYPE, "k1"),
            header("HS256", "JWT", "k1"),
            header("HS256", TYPE, "k2"),
            "{}".into(),
        ] {
            assert!(!accepted(&bad, &good), "{bad}");
        }
        let header = header("HS256", TYPE, "k1");
        for bad in [claims("other", "shop"), claims("scopewise", "other"), "[]".into(), good.replace(r#""exp":1800000060,"#, "")] {
            assert!(!accepted(&header, &bad), "{bad}");
        }
    }

    #[test]
    fn a_root_key_is_read_as_it_is_written_and_never_printed() {
        let text = root(3).expose();
        assert_eq!(RootKey::parse(&text).unwrap().expose(), text);
        assert_eq!(format!("{:?}", root(3)), "RootKey(…)");
        for bad in ["", "00", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert!(RootKey::parse(bad).is_err(), "{bad}");
        }
    }
}
