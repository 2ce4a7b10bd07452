//! Owns the order in which the rules are asked. The rules themselves stand in [`rules`](super::rules).

use super::{Catalog, CheckRequest, DateTime, DateTimeError, Expiry, Report, Scope, ScopeName, ScopeNameError, rules};

/// What a text of the checked list turned out to be.
pub(super) enum Reading<'a> {
    Malformed(ScopeNameError),
    Unknown,
    Known(&'a Scope),
}

/// One entry of the checked list.
pub(super) struct Entry<'a> {
    pub index: usize,
    pub text: &'a str,
    pub reading: Reading<'a>,
    /// The index of the first entry with the same text, where this is not the first.
    pub repeats: Option<usize>,
}

/// A request as the rules see it: every text read once.
pub(super) struct View<'a> {
    pub catalog: &'a Catalog,
    pub request: &'a CheckRequest,
    pub entries: Vec<Entry<'a>>,
    /// The expiry, where it is stated and not "never".
    pub expire: Option<Result<DateTime, DateTimeError>>,
}

impl<'a> View<'a> {
    fn new(catalog: &'a Catalog, request: &'a CheckRequest) -> Self {
        let mut first = std::collections::HashMap::new();
        let entries = request
            .scopes
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let reading = match text.parse::<ScopeName>() {
                    Err(error) => Reading::Malformed(error),
                    Ok(_) => catalog.scope(text).map_or(Reading::Unknown, Reading::Known),
                };
                let earliest = *first.entry(text.as_str()).or_insert(index);
                Entry { index, text, reading, repeats: (earliest != index).then_some(earliest) }
            })
            .collect();
        let expire = match &request.expire {
            Expiry::At(text) => Some(text.parse()),
            Expiry::Unstated | Expiry::Never => None,
        };
        Self { catalog, request, entries, expire }
    }

    /// The known scopes, each once, with the entry that names it first.
    pub fn known(&self) -> impl Iterator<Item = (&Entry<'a>, &'a Scope)> {
        self.entries.iter().filter(|entry| entry.repeats.is_none()).filter_map(|entry| match entry.reading {
            Reading::Known(scope) => Some((entry, scope)),
            Reading::Malformed(_) | Reading::Unknown => None,
        })
    }

    /// Whether the list names this scope.
    pub fn names(&self, scope: &str) -> bool {
        self.entries.iter().any(|entry| entry.text == scope)
    }

    /// Whether the key is stated to live for ever.
    pub fn never_expires(&self) -> bool {
        self.request.expire == Expiry::Never
    }
}

/// Judges a key's scopes. Never fails: whatever is wrong with the request is part of the report.
///
/// ```
/// use scopewise::scope::{Catalog, CheckRequest, Code, check};
/// let request = CheckRequest { scopes: vec!["user.read".into()], ..CheckRequest::default() };
/// let report = check(Catalog::appwrite(), &request);
/// assert!(!report.valid);
/// assert_eq!(report.errors[0].code, Code::UnknownScope);
/// assert_eq!(report.errors[0].help, "did you mean `users.read`?");
/// ```
pub fn check(catalog: &Catalog, request: &CheckRequest) -> Report {
    let view = View::new(catalog, request);
    let mut findings = Vec::new();
    for rule in rules::ALL {
        rule(&view, &mut findings);
    }
    Report::new(findings)
}
