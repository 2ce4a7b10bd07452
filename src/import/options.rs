//! What a person chooses for an import.

/// A file to import.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Its name, for messages and for the id of its edition.
    pub file: String,
    /// Its content.
    pub text: String,
    /// The id of its edition; `None` derives one from the file's name.
    pub edition: Option<String>,
}

/// Everything that can be chosen. The default is what the command line takes without options.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format; `None` recognizes it.
    pub from: Option<Format>,
    /// Where an OpenAPI document names its scopes; `None` tries security, known extensions, then texts.
    pub scopes: Option<ScopeSource>,
    /// Which column of a Graph document counts; `None` is `Application`.
    pub scheme: Option<String>,
    /// What a list of several scopes means.
    pub several: Several,
    /// Levels of access from the lowest, each of which includes those before it.
    pub levels: Vec<String>,
    /// Base paths, instead of the document's own.
    pub bases: Vec<String>,
    /// Compares letters of paths regardless of case.
    pub fold_case: bool,
    /// How operations are named.
    pub ids: Ids,
    /// The id of the catalog; `None` derives it from the name.
    pub id: Option<String>,
    /// The name of the catalog; `None` takes the document's title.
    pub name: Option<String>,
    /// A file written by hand that fills gaps.
    pub overlay: Option<Source>,
}

/// A format that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenAPI 3 or Swagger 2.
    OpenApi,
    /// A Google API discovery document.
    Google,
    /// Microsoft Graph's permissions.json.
    Graph,
    /// GitHub's app permissions.
    GitHub,
}

/// Where an OpenAPI document names the scopes of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeSource {
    /// In `security`, under any scheme or under one.
    Security(Option<String>),
    /// In an extension of the operation, such as `x-required-scopes`.
    Extension(String),
    /// In the description; `{}` stands for the scope.
    Text(String),
}

/// What a list of several scopes means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Several {
    /// What the document says; otherwise all are needed, except a deprecated one.
    #[default]
    Auto,
    /// Any one is enough.
    Any,
    /// All are needed.
    All,
}

/// How operations are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// The `operationId`.
    OperationId,
    /// The first tag, a dot and the `operationId`.
    #[default]
    TagOperationId,
    /// The group and method of Fern's extensions.
    Fern,
}
