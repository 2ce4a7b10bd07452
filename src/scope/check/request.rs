//! What a check is asked.

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scope::{DateTime, Tier};

/// Where the code that holds the key runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// A server of your own.
    Server,
    /// A function of the platform, which receives a key of its own.
    Function,
    /// A server that renders pages for its users.
    Ssr,
    /// A pipeline.
    Ci,
    /// A command line on a person's machine.
    Cli,
    /// A page in a browser.
    Browser,
    /// An app on a phone.
    Mobile,
}

impl Runtime {
    /// Every context.
    pub const ALL: &[Self] = &[Self::Server, Self::Function, Self::Ssr, Self::Ci, Self::Cli, Self::Browser, Self::Mobile];

    /// The word for it in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Function => "function",
            Self::Ssr => "ssr",
            Self::Ci => "ci",
            Self::Cli => "cli",
            Self::Browser => "browser",
            Self::Mobile => "mobile",
        }
    }
}

/// What a rule does with what it finds, as a project's policy chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// It is a warning. In JSON: `report`.
    #[default]
    #[serde(rename = "report")]
    Warn,
    /// It is an error. In JSON: `reject`.
    #[serde(rename = "reject")]
    Deny,
}

/// What is known of a key's expiry. In JSON: absent, `null` (or `""`), or a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Not told: nothing is said about it.
    #[default]
    Unstated,
    /// The key never expires.
    Never,
    /// The text of a date and time, not read yet.
    At(String),
}

impl Expiry {
    fn is_unstated(&self) -> bool {
        matches!(self, Self::Unstated)
    }
}

impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unstated | Self::Never => serializer.serialize_none(),
            Self::At(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<String>::deserialize(deserializer)? {
            Some(text) if !text.is_empty() => Self::At(text),
            _ => Self::Never,
        })
    }
}

/// What a check is asked. Only `scopes` is needed; what is absent is not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckRequest {
    /// The scopes of the key, as they were given.
    pub scopes: Vec<String>,
    /// Where the code that holds the key runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_in: Option<Runtime>,
    /// When the key expires.
    #[serde(default, skip_serializing_if = "Expiry::is_unstated")]
    pub expire: Expiry,
    /// The present. Without it nothing is said of expiries in the past or soon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<DateTime>,
    /// What the code will call, as SDK methods or as HTTP method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<String>>,
    /// The scopes of whoever creates the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grantor: Option<Vec<String>>,
    /// What a scope that the grantor does not hold amounts to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub beyond_grantor: Enforcement,
    /// The scopes of the key before an update. What stands here is kept, not granted: one that is unknown, or that the edition
    /// lacks, is a warning, and none exceeds the grantor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Vec<String>>,
    /// The edition that the key is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// What a scope that the edition lacks amounts to: an error where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_edition: Option<Enforcement>,
    /// What kind of key it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tier: Tier,
}

/// A check's request as the rules read it: texts are those of a [`CheckRequest`] or of JSON, and are not copied.
#[derive(Default)]
pub(in crate::scope) struct CheckInput<'a> {
    pub scopes: Vec<Cow<'a, str>>,
    pub runs_in: Option<Runtime>,
    pub expire: Expiry,
    pub now: Option<DateTime>,
    pub operations: Option<Vec<Cow<'a, str>>>,
    pub grantor: Option<Vec<Cow<'a, str>>>,
    pub beyond_grantor: Enforcement,
    pub previous: Option<Vec<Cow<'a, str>>>,
    pub edition: Option<Cow<'a, str>>,
    pub beyond_edition: Option<Enforcement>,
    pub tier: Tier,
}

impl<'a> From<&'a CheckRequest> for CheckInput<'a> {
    fn from(request: &'a CheckRequest) -> Self {
        let some = |list: &'a Option<Vec<String>>| list.as_deref().map(borrowed);
        Self {
            scopes: borrowed(&request.scopes),
            runs_in: request.runs_in,
            expire: request.expire.clone(),
            now: request.now,
            operations: some(&request.operations),
            grantor: some(&request.grantor),
            beyond_grantor: request.beyond_grantor,
            previous: some(&request.previous),
            edition: request.edition.as_deref().map(Cow::Borrowed),
            beyond_edition: request.beyond_edition,
            tier: request.tier,
        }
    }
}

/// Texts of a list, as [`CheckInput`] has them.
pub(in crate::scope) fn borrowed<S: AsRef<str>>(texts: &[S]) -> Vec<Cow<'_, str>> {
    texts.iter().map(|text| Cow::Borrowed(text.as_ref())).collect()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
