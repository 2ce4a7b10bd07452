//! One way to open an operation: one scope, or several that are all needed.

use alloc::{string::String, vec, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::name::ScopeName;
use crate::scope::json::encode::{Encode, Encoder};

/// Scopes that open an operation together: each of them is needed. In JSON one scope is a text, and several are a list.
///
/// ```
/// use scopewise::scope::Alternative;
/// let both: Alternative<String> = serde_json::from_str(r#"["invoices.write","orders.write"]"#)?;
/// assert_eq!(both.0, ["invoices.write", "orders.write"]);
/// let one: Alternative<String> = serde_json::from_str(r#""orders.read""#)?;
/// assert_eq!(one.0, ["orders.read"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative<S = ScopeName>(pub Vec<S>);

impl<S> From<S> for Alternative<S> {
    fn from(scope: S) -> Self {
        Self(vec![scope])
    }
}

impl<S: AsRef<str>> Alternative<S> {
    /// Its names, each in backticks, with this word between them.
    #[inline(never)]
    pub fn joined(&self, word: &str) -> String {
        let mut text = String::new();
        for scope in &self.0 {
            if !text.is_empty() {
                text.extend([" ", word, " "]);
            }
            text.extend(["`", scope.as_ref(), "`"]);
        }
        text
    }
}

impl<S: Encode> Encode for Alternative<S> {
    fn write(&self, to: &mut Encoder) {
        match self.0.as_slice() {
            [only] => only.write(to),
            all => to.list(all),
        }
    }
}

impl<S: Serialize> Serialize for Alternative<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        match self.0.as_slice() {
            [only] => only.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Alternative<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMore<S> {
            One(S),
            More(Vec<S>),
        }
        Ok(match OneOrMore::deserialize(deserializer)? {
            OneOrMore::One(scope) => Self(vec![scope]),
            OneOrMore::More(scopes) => Self(scopes),
        })
    }
}
