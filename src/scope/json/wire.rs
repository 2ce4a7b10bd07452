//! Declares each type of the wire once: its Rust type, the form that serde reads and writes, and the form of [`encode`](super::encode)
//! and [`decode`](super::decode).
//!
//! A member is written `pub granted_by "grantedBy": Vec<String>`: the field, its name in JSON, its type. `?` instead of the colon makes
//! it optional: it is left out where it is [`Blank`](super::encode::Blank), and blank where it is absent.

/// Declares an answer, or a part of one.
macro_rules! object {
    (@fields [$($head:tt)*] [$($done:tt)*]) => { $($head)* { $($done)* } };
    (@fields [$($head:tt)*] [$($done:tt)*] $(#[$doc:meta])* pub $field:ident $name:literal: $type:ty, $($rest:tt)*) => {
        $crate::scope::json::wire::object!(@fields [$($head)*] [$($done)* $(#[$doc])* #[serde(rename = $name)] pub $field: $type,] $($rest)*);
    };
    (@fields [$($head:tt)*] [$($done:tt)*] $(#[$doc:meta])* pub $field:ident $name:literal? $type:ty, $($rest:tt)*) => {
        $crate::scope::json::wire::object!(@fields [$($head)*] [
            $($done)*
            $(#[$doc])*
            #[serde(rename = $name, default, skip_serializing_if = "crate::scope::json::encode::Blank::is_blank")]
            pub $field: $type,
        ] $($rest)*);
    };
    (
        $(#[$meta:meta])*
        pub struct $type:ident $(<$text:ident = $default:ty>)? {
            $($(#[$doc:meta])* pub $field:ident $name:literal $mark:tt $member:ty),+ $(,)?
        }
    ) => {
        $crate::scope::json::wire::object!(@fields [
            #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            $(#[$meta])*
            pub struct $type $(<$text = $default>)?
        ] [] $($(#[$doc])* pub $field $name $mark $member,)+);
        $crate::scope::json::encode::members!($type $(<$text> where $text)?: $($name $mark $field),+);
    };
}
pub(in crate::scope) use object;

/// Declares a request. Its members are read in their order, which decides what of several faults is reported. `S` holds the texts of
/// a list: those of the JSON where nothing needs to be kept.
macro_rules! request {
    (@take $from:ident $name:literal :) => { $crate::scope::json::decode::Decode::required($from, $name) };
    (@take $from:ident $name:literal ?) => { $crate::scope::json::decode::Decode::optional($from, $name) };
    (
        $(#[$meta:meta])*
        pub struct $type:ident $(<$text:ident = $default:ty>)? {
            $($(#[$doc:meta])* pub $field:ident $name:literal $mark:tt $member:ty),+ $(,)?
        }
    ) => {
        $crate::scope::json::wire::object!(@fields [
            #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            $(#[$meta])*
            #[serde(deny_unknown_fields)]
            pub struct $type $(<$text = $default>)?
        ] [] $($(#[$doc])* pub $field $name $mark $member,)+);

        impl<'a $(, $text: $crate::scope::json::decode::Text<'a>)?> $crate::scope::json::decode::Request<'a> for $type $(<$text>)? {
            fn decode(from: &mut $crate::scope::json::decode::ObjectDecoder<'a, '_>) -> Self {
                Self { $($field: $crate::scope::json::wire::request!(@take from $name $mark)),+ }
            }
        }
    };
}
pub(in crate::scope) use request;

/// Declares an enum of words, each with its text.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$doc:meta])* $variant:ident $word:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $(#[$meta])*
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $type {
            /// Every value, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word for it in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::scope::json::encode::Encode for $type {
            fn write(&self, to: &mut $crate::scope::json::encode::Encoder) {
                to.text(self.as_str());
            }
        }

        impl<'a> $crate::scope::json::decode::Decode<'a> for Option<$type> {
            fn optional(from: &mut $crate::scope::json::decode::ObjectDecoder<'a, '_>, name: &'static str) -> Self {
                from.word(name, &[$($word),+]).and_then(|at| $type::ALL.get(at)).copied()
            }
        }
    };
}
pub(in crate::scope) use words;
