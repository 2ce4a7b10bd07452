//! The tokens of ephemeral keys: signed, never stored (contract §1.1 `createEphemeralKey`).

use serde::{Deserialize, Serialize};

use super::signed_token::{self, Kind, RootKey, Token};
use crate::scope::{DateTime, ScopeName};

/// What a token begins with (contract §2, key decode table).
pub const EPHEMERAL_PREFIX: &str = "ephemeral_";
const KIND: Kind = Kind { prefix: EPHEMERAL_PREFIX, typ: "ephemeral-key+jwt", purpose: "scopewise ephemeral keys 1" };

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
struct Granted {
    scopes: Vec<ScopeName>,
}

/// Signs a token with the project's key. `None` where it cannot be written, which does not happen.
pub fn sign(root: &RootKey, signing_key_id: &str, key: &EphemeralKey) -> Option<String> {
    let EphemeralKey { id, project_id, scopes, created_at, expire, made_by } = key.clone();
    signed_token::sign(root, &KIND, signing_key_id, Token { id, project_id, created_at, expire, made_by, more: Granted { scopes } })
}

/// The ephemeral key of a token, where it was signed with this key of this project and is in force at `now`.
pub fn verify(root: &RootKey, project_id: &str, signing_key_id: &str, token: &str, now: DateTime) -> Option<EphemeralKey> {
    let token: Token<Granted> = signed_token::verify(root, &KIND, project_id, signing_key_id, token, now)?;
    let Token { id, project_id, created_at, expire, made_by, more } = token;
    Some(EphemeralKey { id, project_id, scopes: more.scopes, created_at, expire, made_by })
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
        signed_token::forged(&root(1), &KIND, header, claims)
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
            let header = format!(r#"{{"alg":"HS256","typ":"{}","kid":"k1"}}"#, KIND.typ);
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
        assert!(accepted(&header("HS256", KIND.typ, "k1"), &good));
        for bad in [
            header("none", KIND.typ, "k1"),
            header("HS512", KIND.typ, "k1"),
            header("hs256", KIND.typ, "k1"),
            header("HS256", "JWT", "k1"),
            header("HS256", KIND.typ, "k2"),
            "{}".into(),
        ] {
            assert!(!accepted(&bad, &good), "{bad}");
        }
        let header = header("HS256", KIND.typ, "k1");
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
