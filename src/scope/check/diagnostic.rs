//! Diagnostics as data: a stable code, a level, a message, help, and a fix where a machine can make it.

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::scope::json::{
    encode::{Encode, Encoder},
    wire::{object, words},
};

words! {
    /// How much a diagnostic weighs.
    pub enum Level {
        /// Decides: the report is not valid.
        Error "error",
        /// Informs of a risk.
        Warning "warning",
        /// Informs.
        Hint "hint",
    }
}

macro_rules! codes {
    ($($variant:ident $text:literal $summary:literal),+ $(,)?) => {
        words! {
            /// What a diagnostic is about. The text of a code is kebab-case and never changes its meaning.
            pub enum Code { $(#[doc = $summary] $variant $text),+ }
        }

        impl Code {
            /// When it is reported, in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),+ }
            }
        }
    };
}

codes! {
    MalformedScope "malformed-scope" "The text is not a valid scope name (RFC 6749 §3.3).",
    UnknownScope "unknown-scope" "The catalog does not know the scope.",
    WrongTier "wrong-tier" "A key of this tier cannot hold the scope.",
    NotInEdition "not-in-edition" "The target edition does not know the scope.",
    TooManyScopes "too-many-scopes" "There are more scopes than a key can have.",
    ExpiryMalformed "expiry-malformed" "The expiry is not a date and time that can be read.",
    ExposedInClient "exposed-in-client" "An API key would be shipped in a web page or a mobile app, where anyone can extract it.",
    MissingScope "missing-scope" "No granted scope opens an operation that the code will call.",
    UnknownOperation "unknown-operation" "The catalog does not know the operation.",
    UnknownEdition "unknown-edition" "The catalog does not know the edition.",
    ExceedsGrantor "exceeds-grantor" "The key's creator does not hold the scope.",
    SensitiveScope "sensitive-scope" "With this scope, a key can gain more access than the scope itself gives.",
    SensitiveWithoutExpiry "sensitive-without-expiry" "A sensitive scope is on a key that never expires.",
    SensitiveInCi "sensitive-in-ci" "A sensitive scope is on a key that runs in a pipeline.",
    DeprecatedScope "deprecated-scope" "Servers still accept the scope, but it should no longer be granted.",
    DuplicateScope "duplicate-scope" "The scope is listed more than once.",
    RedundantScope "redundant-scope" "A deprecated scope is listed together with its successor.",
    UnusedScope "unused-scope" "None of the operations that the code will call needs the scope.",
    ExpiryInPast "expiry-in-past" "The key has already expired.",
    ExpiresSoon "expires-soon" "The key expires within 14 days.",
    NeverExpires "never-expires" "The key stays valid until someone deletes it.",
    SsrBeyondSessions "ssr-beyond-sessions" "A key for server-side rendering holds more than sessions.write.",
    InjectedKeyAvailable "injected-key-available" "A function receives its own key and needs no other.",
    NoScopes "no-scopes" "The key has no scope.",
    EveryScope "every-scope" "The key has every scope that it could have.",
}

/// One change to a list of scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Edit<S = String> {
    /// Takes out the entry at `index`.
    Remove {
        /// Position in the checked list, from 0.
        index: usize,
    },
    /// Replaces the entry at `index` with `with`.
    Replace {
        /// Position in the checked list, from 0.
        index: usize,
        /// The scope to put there.
        with: S,
    },
    /// Adds a scope at the end.
    Add {
        /// The scope to add.
        scope: S,
    },
}

object! {
    /// A change that a machine can make.
    pub struct Fix<S = String> {
        /// What it does, as the label of a button: "replace `a` with `b`".
        pub title "title": S,
        /// The changes; all indexes are those of the checked list.
        pub edits "edits": Vec<Edit<S>>,
    }
}

object! {
    /// One diagnostic of a check. `S` holds its texts: a `String` in public answers.
    pub struct Diagnostic<S = String> {
        /// What it is about.
        pub code "code": Code,
        /// How much it weighs.
        pub level "level": Level,
        /// What was found, in one lower-case sentence with the input in backticks.
        pub message "message": S,
        /// What to do next, in one sentence.
        pub help "help": S,
        /// The scope as it was given, where one is meant.
        pub scope "scope"? Option<S>,
        /// Its position in the checked list, from 0.
        pub index "index"? Option<usize>,
        /// The operation, where one is meant.
        pub operation "operation"? Option<S>,
        /// For a sensitive scope: the steps that gain more access.
        pub path "path"? Vec<S>,
        /// A change that a machine can make.
        pub fix "fix"? Option<Fix<S>>,
    }
}

impl<S: Encode> Encode for Edit<S> {
    fn write(&self, to: &mut Encoder) {
        match self {
            Self::Remove { index } => {
                to.raw("{\"kind\":\"remove\",\"index\":");
                index.write(to);
            }
            Self::Replace { index, with } => {
                to.raw("{\"kind\":\"replace\",\"index\":");
                index.write(to);
                to.raw(",\"with\":");
                with.write(to);
            }
            Self::Add { scope } => {
                to.raw("{\"kind\":\"add\",\"scope\":");
                scope.write(to);
            }
        }
        to.raw("}");
    }
}

/// A diagnostic while it is made: most of its texts are parts of the catalog, the request or the program, and are not copied.
pub(in crate::scope) type BorrowedDiagnostic<'a> = Diagnostic<Cow<'a, str>>;

impl<'a> BorrowedDiagnostic<'a> {
    pub(in crate::scope) fn new(code: Code, level: Level, message: impl Into<Cow<'a, str>>, help: impl Into<Cow<'a, str>>) -> Self {
        Self::with_texts(code, level, message.into(), help.into())
    }

    #[inline(never)]
    fn with_texts(code: Code, level: Level, message: Cow<'a, str>, help: Cow<'a, str>) -> Self {
        Self { code, level, message, help, scope: None, index: None, operation: None, path: Vec::new(), fix: None }
    }

    #[inline(never)]
    pub(in crate::scope) fn at(mut self, index: usize, scope: &'a str) -> Self {
        self.index = Some(index);
        self.scope = Some(Cow::Borrowed(scope));
        self
    }

    pub(in crate::scope) fn with_fix(mut self, title: impl Into<Cow<'a, str>>, edits: Vec<Edit<Cow<'a, str>>>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    pub(in crate::scope) fn into_owned(self) -> Diagnostic {
        let edit = |edit: Edit<Cow<'_, str>>| match edit {
            Edit::Remove { index } => Edit::Remove { index },
            Edit::Replace { index, with } => Edit::Replace { index, with: with.into_owned() },
            Edit::Add { scope } => Edit::Add { scope: scope.into_owned() },
        };
        Diagnostic {
            code: self.code,
            level: self.level,
            message: self.message.into_owned(),
            help: self.help.into_owned(),
            scope: self.scope.map(Cow::into_owned),
            index: self.index,
            operation: self.operation.map(Cow::into_owned),
            path: self.path.into_iter().map(Cow::into_owned).collect(),
            fix: self.fix.map(|fix| Fix { title: fix.title.into_owned(), edits: fix.edits.into_iter().map(edit).collect() }),
        }
    }
}
