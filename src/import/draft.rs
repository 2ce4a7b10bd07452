//! What every format is read into: names as the document has them, before anything is judged.

use super::{
    document::Sensitive,
    node::{Place, Places},
};

/// One document.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub title: String,
    pub version: String,
    pub bases: Vec<String>,
    pub fold_case: bool,
    pub scopes: Vec<DraftScope>,
    pub operations: Vec<DraftOperation>,
    /// What the document says about scopes in the form of an overlay.
    pub described: Vec<OverlayScope>,
    /// Where scopes were read from, and for how many operations.
    pub read_from: Vec<super::findings::ReadFrom>,
    pub findings: Vec<super::findings::Finding>,
}

/// What a person, or an export, says about a scope.
#[derive(Clone, Debug)]
pub(super) struct OverlayScope {
    pub name: String,
    pub display: Option<String>,
    pub description: Option<String>,
    pub service: Option<String>,
    pub includes: Option<Vec<String>>,
    pub deprecated: Option<bool>,
    pub successor: Option<String>,
    pub sensitive: Option<Sensitive>,
    pub places: Places,
}

/// A scope that the document declares.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftScope {
    pub name: String,
    /// Any text; the catalog gets its first line.
    pub description: String,
    pub display: Option<String>,
    pub deprecated: bool,
    pub includes: Vec<String>,
    /// Why it is likely to be sensitive.
    pub sensitive: Option<String>,
    pub place: Place,
}

/// One method and path.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftOperation {
    /// The namespace that its id begins with.
    pub tag: Option<String>,
    /// Its name in the document.
    pub name: Option<String>,
    /// Its id, where the document has one with a namespace.
    pub id: Option<String>,
    /// Upper case.
    pub method: String,
    pub path: String,
    pub needs: Needs,
    /// What the owner calls the least privileged alternative.
    pub least: Option<Vec<String>>,
    pub deprecated: bool,
    pub place: Place,
}

/// What a caller needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Needs {
    /// The document does not say.
    #[default]
    Unknown,
    /// No key.
    Public,
    /// Any valid key.
    AnyKey,
    /// Any one of these.
    Any(Vec<Requirement>),
}

/// Lists that are all needed; how each is meant is judged later.
pub(super) type Requirement = Vec<List>;

/// Several scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub names: Vec<String>,
    pub meaning: Meaning,
}

/// What the document says about a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Unstated,
    Any,
    All,
}

impl List {
    pub fn one(name: impl Into<String>) -> Self {
        Self { names: vec![name.into()], meaning: Meaning::All }
    }

    pub fn unstated(names: Vec<String>) -> Self {
        Self { names, meaning: Meaning::Unstated }
    }

    pub fn all(names: Vec<String>) -> Self {
        Self { names, meaning: Meaning::All }
    }
}

impl Needs {
    /// Each name that occurs, with repetitions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let requirements: &[Requirement] = match self {
            Self::Any(requirements) => requirements,
            _ => &[],
        };
        requirements.iter().flatten().flat_map(|list| list.names.iter().map(String::as_str))
    }
}
