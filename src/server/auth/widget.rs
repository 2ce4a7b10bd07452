//! Widget tokens: what a page gets to show a key manager with. Signed, never stored.

use serde::{Deserialize, Serialize};

use super::signed_token::{self, Kind, RootKey, Token};
use crate::scope::{DateTime, ScopeName};

/// What a widget token begins with.
pub const WIDGET_PREFIX: &str = "widget_";
const KIND: Kind = Kind { prefix: WIDGET_PREFIX, typ: "widget-token+jwt", purpose: "scopewise widget tokens 1" };

/// What a widget token allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetRights {
    /// The most that a key may hold that the page creates, sees, rotates or deletes.
    pub scopes: Vec<ScopeName>,
    /// Whether the page may create keys.
    pub may_create: bool,
    /// Whether the page may rotate keys.
    pub may_rotate: bool,
    /// Whether the page may delete keys.
    pub may_revoke: bool,
    /// The latest expiry of a key that the page creates or rotates; `None` is any.
    pub key_expire: Option<DateTime>,
    /// The origins whose pages may send it, lower case; empty is any.
    pub origins: Vec<String>,
}

/// A widget token: what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WidgetToken {
    /// Its id.
    pub id: String,
    /// The project that it belongs to.
    pub project_id: String,
    /// What it allows.
    pub rights: WidgetRights,
    /// When it was made, to the second.
    pub created_at: DateTime,
    /// When it expires, to the second.
    pub expire: DateTime,
    /// Who made it, in a few words for the audit log.
    pub made_by: String,
}

/// Signs a token with the project's key. `None` where it cannot be written, which does not happen.
pub fn sign_widget(root: &RootKey, signing_key_id: &str, token: &WidgetToken) -> Option<String> {
    let WidgetToken { id, project_id, rights, created_at, expire, made_by } = token.clone();
    signed_token::sign(root, &KIND, signing_key_id, Token { id, project_id, created_at, expire, made_by, more: rights })
}

/// The widget token of a text, where it was signed with this key of this project and is in force at `now`.
pub fn verify_widget(root: &RootKey, project_id: &str, signing_key_id: &str, token: &str, now: DateTime) -> Option<WidgetToken> {
    let token: Token<WidgetRights> = signed_token::verify(root, &KIND, project_id, signing_key_id, token, now)?;
    let Token { id, project_id, created_at, expire, made_by, more } = token;
    Some(WidgetToken { id, project_id, rights: more, created_at, expire, made_by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{
        auth::{EphemeralKey, sign, verify},
        random::SeededRandom,
    };

    fn at(seconds: i64) -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000).plus_seconds(seconds)
    }

    fn token() -> WidgetToken {
        let rights = WidgetRights {
            scopes: vec!["rows.read".parse().unwrap()],
            may_create: true,
            may_rotate: false,
            may_revoke: true,
            key_expire: Some(at(86_400)),
            origins: vec!["https://app.example.com".into()],
        };
        WidgetToken { id: "id".into(), project_id: "shop".into(), rights, created_at: at(0), expire: at(60), made_by: "key ci".into() }
    }

    #[test]
    fn a_token_says_what_it_was_given_until_it_expires() {
        let root = RootKey::new(&SeededRandom::new(1)).unwrap();
        let text = sign_widget(&root, "k1", &token()).unwrap();
        assert!(text.starts_with("widget_eyJ"));
        assert_eq!(verify_widget(&root, "shop", "k1", &text, at(0)), Some(token()));
        assert_eq!(verify_widget(&root, "shop", "k1", &text, at(60)), None);
        assert_eq!(verify_widget(&root, "other", "k1", &text, at(0)), None);
        assert_eq!(verify_widget(&root, "shop", "k2", &text, at(0)), None);
    }

    #[test]
    fn a_widget_token_is_no_ephemeral_key_and_an_ephemeral_key_no_widget_token() {
        let root = RootKey::new(&SeededRandom::new(1)).unwrap();
        let widget = sign_widget(&root, "k1", &token()).unwrap().replacen("widget_", "ephemeral_", 1);
        assert_eq!(verify(&root, "shop", "k1", &widget, at(0)), None);
        let WidgetToken { id, project_id, rights, created_at, expire, made_by } = token();
        let key = EphemeralKey { id, project_id, scopes: rights.scopes, created_at, expire, made_by };
        let ephemeral = sign(&root, "k1", &key).unwrap().replacen("ephemeral_", "widget_", 1);
        assert_eq!(verify_widget(&root, "shop", "k1", &ephemeral, at(0)), None);
    }
}
