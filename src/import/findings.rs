//! What an import reports.

use serde::Serialize;

use super::node::Place;

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// No operation of the document names a scope.
    NoScopes,
    /// The document does not say what an operation needs; it stays closed.
    OperationWithoutScopes,
    /// A path cannot be written as a path of a catalog; the operation stays closed.
    PathNotExpressible,
    /// A method that a catalog does not have; the operation is left out, so nothing opens it.
    MethodNotSupported,
    /// Several operations have one route; they need everything that any of them needs.
    SameRoute,
    /// A part of the document has another form than expected; what it is about stays closed.
    UnexpectedForm,
    /// An operation has too many alternatives; it stays closed.
    TooManyAlternatives,
    /// An operation names a scope that the document does not declare.
    UndeclaredScope,
    /// No operation needs a scope.
    UnusedScope,
    /// Any one scope of a list was assumed to be enough.
    ListReadAsAny,
    /// All scopes of a list were assumed to be needed.
    ListReadAsAll,
    /// The document also lets callers without a key in; the catalog asks for the scopes.
    OptionalAuthentication,
    /// Operations are public because the document's own `security` is empty.
    PublicByDefault,
    /// A scope is likely to give more access than it says.
    SensitiveCandidate,
    /// A scope got another id, because its name is no scope token of RFC 6749.
    ScopeRenamed,
    /// An operation got another id.
    OperationRenamed,
    /// Base paths that the document does not say, or says in several ways.
    BasePath,
}

impl Code {
    /// All of them, in the order in which reports list them.
    pub const ALL: [Self; 17] = [
        Self::NoScopes,
        Self::OperationWithoutScopes,
        Self::PathNotExpressible,
        Self::MethodNotSupported,
        Self::SameRoute,
        Self::UnexpectedForm,
        Self::TooManyAlternatives,
        Self::UndeclaredScope,
        Self::UnusedScope,
        Self::ListReadAsAny,
        Self::ListReadAsAll,
        Self::OptionalAuthentication,
        Self::PublicByDefault,
        Self::SensitiveCandidate,
        Self::ScopeRenamed,
        Self::OperationRenamed,
        Self::BasePath,
    ];

    /// In kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoScopes => "no-scopes",
            Self::OperationWithoutScopes => "operation-without-scopes",
            Self::PathNotExpressible => "path-not-expressible",
            Self::MethodNotSupported => "method-not-supported",
            Self::SameRoute => "same-route",
            Self::UnexpectedForm => "unexpected-form",
            Self::TooManyAlternatives => "too-many-alternatives",
            Self::UndeclaredScope => "undeclared-scope",
            Self::UnusedScope => "unused-scope",
            Self::ListReadAsAny => "list-read-as-any",
            Self::ListReadAsAll => "list-read-as-all",
            Self::OptionalAuthentication => "optional-authentication",
            Self::PublicByDefault => "public-by-default",
            Self::SensitiveCandidate => "sensitive-candidate",
            Self::ScopeRenamed => "scope-renamed",
            Self::OperationRenamed => "operation-renamed",
            Self::BasePath => "base-path",
        }
    }

    /// What it is about, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::NoScopes => "no operation of the document names a scope",
            Self::OperationWithoutScopes => "the document does not say which scopes an operation needs",
            Self::PathNotExpressible => "a catalog cannot express the path",
            Self::MethodNotSupported => "a catalog does not support the HTTP method",
            Self::SameRoute => "several operations have the same route",
            Self::UnexpectedForm => "the document has an unexpected form",
            Self::TooManyAlternatives => "an operation has too many alternatives",
            Self::UndeclaredScope => "an operation names a scope that the document does not declare",
            Self::UnusedScope => "no operation needs the scope",
            Self::ListReadAsAny => "any one scope of the list is assumed to be enough",
            Self::ListReadAsAll => "all scopes of the list are assumed to be needed",
            Self::OptionalAuthentication => "the document also allows requests without a key",
            Self::PublicByDefault => "operations are public because the document's security is empty",
            Self::SensitiveCandidate => "the scope can probably gain more access",
            Self::ScopeRenamed => "the scope has a new id",
            Self::OperationRenamed => "the operation has a new id",
            Self::BasePath => "the base paths need a check",
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::NoScopes => {
                "if they stand elsewhere, say where with --scopes; until then any valid key may call what the document secures, and what it says nothing about stays closed"
            }
            Self::OperationWithoutScopes => "it stays closed; give its scopes, or `open`, in an --overlay file",
            Self::PathNotExpressible => "it stays closed, and so does every path that looks like it",
            Self::MethodNotSupported => "it is left out, and requests with this method stay closed",
            Self::SameRoute => "each of them needs what all of them need; give the scopes in an --overlay file if that is too much",
            Self::UnexpectedForm => "the operation stays closed; fix the document, or give the scopes in an --overlay file",
            Self::TooManyAlternatives => "it stays closed; give its scopes in an --overlay file",
            Self::UndeclaredScope => "fix the name, or declare the scope in the document",
            Self::UnusedScope => "a key does not need it for any operation of this document",
            Self::ListReadAsAny => "one of its scopes is deprecated; if all are needed, use --several all or an --overlay file",
            Self::ListReadAsAll => "this is what OpenAPI means; if any one is enough, use --several any or an --overlay file",
            Self::OptionalAuthentication => "the catalog requires the scopes; set `open: public` in an --overlay file to let everyone in",
            Self::PublicByDefault => "if that is wrong, give their scopes in an --overlay file",
            Self::SensitiveCandidate => "if that is right, describe it with `sensitive` in an --overlay file",
            Self::ScopeRenamed => "keys hold the new id; people see the old one as its name",
            Self::OperationRenamed => "use the new id with the commands",
            Self::BasePath => "set them with --base",
        }
    }

    /// Whether someone should look at it; the others only inform.
    pub fn is_warning(self) -> bool {
        matches!(
            self,
            Self::NoScopes
                | Self::OperationWithoutScopes
                | Self::PathNotExpressible
                | Self::MethodNotSupported
                | Self::SameRoute
                | Self::UnexpectedForm
                | Self::TooManyAlternatives
                | Self::UndeclaredScope
                | Self::ListReadAsAll
                | Self::PublicByDefault
        )
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// What was found, in one line.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl Finding {
    pub(super) fn new(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: place.clone() }
    }
}

/// The numbers of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Operations of the catalog.
    pub operations: usize,
    /// Operations that scopes open.
    pub with_scopes: usize,
    /// Operations that need no key.
    pub public: usize,
    /// Operations that any valid key may call.
    pub any_key: usize,
    /// Operations that stay closed, since nothing says what they need.
    pub closed: usize,
    /// Scopes of the catalog.
    pub scopes: usize,
    /// Services of the catalog.
    pub services: usize,
    /// Operations with a list of which any one scope was assumed to be enough.
    pub read_as_any: usize,
    /// Operations with a list of which all scopes were assumed to be needed.
    pub read_as_all: usize,
    /// Where scopes were read from.
    pub read_from: Vec<ReadFrom>,
}

/// A part of a document that names scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadFrom {
    /// Such as `security`, or the name of an extension.
    pub source: String,
    /// For how many operations it was read.
    pub operations: usize,
}

/// What an import reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The numbers.
    pub summary: Summary,
    /// All findings, in the order of [`Code::ALL`].
    pub findings: Vec<Finding>,
}
