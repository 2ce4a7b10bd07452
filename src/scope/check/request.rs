//! The request for a check.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scope::{
    DateTime, Tier,
    json::{
        decode::{Decode, ObjectDecoder},
        encode::Blank,
        parse::Json,
        wire::{request, words},
    },
    support::text::{self, fill},
};

words! {
    /// Where the code that holds the key runs.
    pub enum Runtime {
        /// Your own server.
        Server "server",
        /// A function of the platform, which receives its own key.
        Function "function",
        /// A server that renders pages for its users.
        Ssr "ssr",
        /// A pipeline.
        Ci "ci",
        /// A command line on a person's machine.
        Cli "cli",
        /// A page in a browser.
        Browser "browser",
        /// An app on a phone.
        Mobile "mobile",
    }
}

words! {
    /// What a rule does with what it finds, as a project's policy chooses.
    #[derive(Default)]
    pub enum Enforcement {
        /// It is a warning. In JSON: `report`.
        #[default]
        Warn "report",
        /// It is an error. In JSON: `reject`.
        Deny "reject",
    }
}

/// What is known of a key's expiry. In JSON: absent, `null` (or `""`), or a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Not stated: the check says nothing about it.
    #[default]
    Unstated,
    /// The key never expires.
    Never,
    /// The text of a date and time, not read yet.
    At(String),
}

impl Blank for Expiry {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Unstated)
    }
}

impl<'a> Decode<'a> for Expiry {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        match from.take(name) {
            None => Self::Unstated,
            Some(Json::Null) => Self::Never,
            Some(Json::Text(text)) if text.is_empty() => Self::Never,
            Some(Json::Text(text)) => Self::At(text.into_owned()),
            Some(_) => {
                from.error(from.place_of(name), "must be a text or `null`".to_owned());
                Self::Unstated
            }
        }
    }
}

impl<'a> Decode<'a> for Option<DateTime> {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        let text = from.optional_text(name)?;
        let time = text.parse::<DateTime>();
        if let Err(error) = &time {
            from.error(from.place_of(name), fill("{} is {}", &[&text::quoted(&text), &error.said()]));
        }
        time.ok()
    }
}

impl Blank for Enforcement {
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

impl<'a> Decode<'a> for Enforcement {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        Option::<Self>::optional(from, name).unwrap_or_default()
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

request! {
    /// A request for [`check`](crate::scope::check()). Only `scopes` is required; what is absent is not judged. `S` holds the texts of lists.
    #[derive(Default)]
    pub struct CheckRequest<S = String> {
        /// The scopes of the key, as they were given.
        pub scopes "scopes": Vec<S>,
        /// Where the code that holds the key runs.
        pub runs_in "runsIn"? Option<Runtime>,
        /// When the key expires.
        pub expire "expire"? Expiry,
        /// The present. Without it nothing is said of expiries in the past or soon.
        pub now "now"? Option<DateTime>,
        /// What the code will call, as SDK methods or as HTTP method and path.
        pub operations "operations"? Option<Vec<S>>,
        /// The scopes of the key's creator.
        pub grantor "grantor"? Option<Vec<S>>,
        /// What a scope that the grantor does not hold is: a warning by default.
        pub beyond_grantor "beyondGrantor"? Enforcement,
        /// The scopes of the key before an update. These are kept, not granted: one that is unknown, or that the edition
        /// lacks, is a warning, and none exceeds the grantor.
        pub previous "previous"? Option<Vec<S>>,
        /// The edition that the key is for.
        pub edition "edition"? Option<S>,
        /// What a scope that the edition lacks is: an error by default.
        pub beyond_edition "beyondEdition"? Option<Enforcement>,
        /// What kind of key it is.
        pub tier "tier"? Tier,
    }
}

/// A check's request as the rules read it: texts are those of a [`CheckRequest`] or of JSON, and are not copied.
pub(in crate::scope) type CheckInput<'a> = CheckRequest<Cow<'a, str>>;

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
