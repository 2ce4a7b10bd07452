//! Owns what the rules see, and the order of the answer. The rules themselves stand in [`rules`](super::rules).

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Catalog, CheckRequest, DateTime, DateTimeError, Edit, Expiry, Report, Scope, ScopeName, ScopeNameError,
    bits::Bits,
    order::{Seen, sort},
    plan::{self, Target},
    rules,
};

/// What a text of the checked list turned out to be.
pub(super) enum Reading<'a> {
    Malformed(ScopeNameError),
    Unknown,
    Known(u16, &'a Scope),
}

/// One entry of the checked list.
pub(super) struct Entry<'a> {
    pub index: usize,
    pub text: &'a str,
    pub reading: Reading<'a>,
    /// Whether an earlier entry has the same text.
    pub repeats: bool,
}

/// One operation that the code will call.
pub(super) struct Wanted<'a> {
    pub text: &'a str,
    /// Empty when the catalog does not know it.
    pub positions: Vec<u16>,
}

/// A request as the rules see it: every text read once.
pub(super) struct View<'a> {
    pub catalog: &'a Catalog,
    pub request: &'a CheckRequest,
    pub entries: Vec<Entry<'a>>,
    /// The expiry, where it is stated and not "never".
    pub expire: Option<Result<DateTime, DateTimeError>>,
    pub target: Target<'a>,
    /// What the code will call, each once; empty where nothing is said of it.
    pub wanted: Vec<Wanted<'a>>,
    /// The scopes that the key holds: what is known, of its tier, and what every key holds.
    pub held: Bits,
}

impl<'a> View<'a> {
    pub fn new(catalog: &'a Catalog, request: &'a CheckRequest) -> Self {
        let edition = request.edition.as_deref().and_then(|id| catalog.edition(id)).map(|(_, edition)| edition);
        let target = Target { tier: request.tier, edition };
        let (mut known, mut others) = (Bits::default(), Seen::default());
        let mut held: Bits = plan::implied(catalog).collect();
        let mut entries = Vec::with_capacity(request.scopes.len());
        for (index, text) in request.scopes.iter().map(String::as_str).enumerate() {
            let (reading, repeats) = match catalog.scope_position(text).and_then(|at| Some((at, catalog.scope_at(at)?))) {
                Some((position, scope)) => {
                    let repeats = known.contains(position);
                    known.insert(position);
                    if scope.tiers.contains(&request.tier) {
                        held.insert(position);
                    }
                    (Reading::Known(position, scope), repeats)
                }
                None => (ScopeName::check(text).map_or_else(Reading::Malformed, |()| Reading::Unknown), !others.insert(text)),
            };
            entries.push(Entry { index, text, reading, repeats });
        }
        let expire = match &request.expire {
            Expiry::At(text) => Some(text.parse()),
            Expiry::Unstated | Expiry::Never => None,
        };
        let mut told = Seen::default();
        let operations = request.operations.iter().flatten().map(String::as_str).filter(|text| told.insert(text));
        let mut wanted: Vec<Wanted<'_>> = operations.map(|text| Wanted { text, positions: catalog.recognize(text) }).collect();
        // Two spellings of one operation are one operation.
        let mut seen = Bits::default();
        wanted.retain(|wanted| match wanted.positions.first() {
            Some(first) => {
                !seen.contains(*first) && {
                    seen.insert(*first);
                    true
                }
            }
            None => true,
        });
        Self { catalog, request, entries, expire, target, wanted, held }
    }

    /// The known scopes, each once, with the entry that names it first.
    pub fn known(&self) -> impl Iterator<Item = (&Entry<'a>, u16, &'a Scope)> {
        self.entries.iter().filter(|entry| !entry.repeats).filter_map(|entry| match entry.reading {
            Reading::Known(position, scope) => Some((entry, position, scope)),
            Reading::Malformed(_) | Reading::Unknown => None,
        })
    }

    /// The known scopes that a key of this tier can hold, each once. What it cannot hold is told once, by its own rule.
    pub fn holdable(&self) -> impl Iterator<Item = (&Entry<'a>, u16, &'a Scope)> {
        self.known()
            .filter(|(_, position, scope)| self.held.contains(*position) && (!scope.implied || scope.tiers.contains(&self.request.tier)))
    }

    /// Whether the list names this scope.
    pub fn names(&self, scope: &str) -> bool {
        self.entries.iter().any(|entry| entry.text == scope)
    }

    /// Takes out every entry with this text.
    pub fn remove(&self, text: &str) -> Vec<Edit> {
        self.entries.iter().filter(|entry| entry.text == text).map(|entry| Edit::Remove { index: entry.index }).collect()
    }

    /// Puts another scope in the place of the first entry with this text, and takes out its repetitions.
    pub fn replace(&self, text: &str, with: &str) -> Vec<Edit> {
        let mut edits = self.remove(text);
        if let Some(first) = edits.first_mut()
            && let Edit::Remove { index } = *first
        {
            *first = Edit::Replace { index, with: with.to_owned() };
        }
        edits
    }

    /// Whether the key had this scope before.
    pub fn had(&self, scope: &str) -> bool {
        self.request.previous.iter().flatten().any(|previous| previous == scope)
    }

    /// Whether everything that the code will call is stated and understood.
    pub fn is_use_known(&self) -> bool {
        !self.wanted.is_empty() && self.wanted.iter().all(|wanted| !wanted.positions.is_empty())
    }

    /// Whether the scope opens something that the code will call.
    pub fn is_used(&self, scope: u16) -> bool {
        self.calls().any(|operation| self.catalog.needs(operation).contains(&scope))
    }

    /// Everything that the code will call and the catalog knows.
    pub fn calls(&self) -> impl Iterator<Item = u16> {
        self.wanted.iter().flat_map(|wanted| &wanted.positions).copied()
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

/// What is wrong with a list of scopes as names, for the functions beside [`check`].
pub(super) fn name_problems(catalog: &Catalog, scopes: &[&str]) -> Vec<super::Diagnostic> {
    if scopes.iter().all(|scope| catalog.scope_position(scope).is_some()) {
        return Vec::new();
    }
    let request = CheckRequest { scopes: scopes.iter().map(ToString::to_string).collect(), ..CheckRequest::default() };
    let view = View::new(catalog, &request);
    let mut findings = Vec::new();
    rules::NAMES.iter().for_each(|rule| rule(&view, &mut findings));
    sort(findings, |a, b| a.index.cmp(&b.index))
}
