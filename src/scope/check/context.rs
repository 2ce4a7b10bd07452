//! What the rules see: a request with every text of it read once.

use alloc::{borrow::Cow, vec::Vec};

use super::request::CheckInput;
use crate::scope::{
    Catalog, DateTime, DateTimeError, Edit, Edition, Enforcement, Expiry, Scope, ScopeName, ScopeNameError,
    access::{
        closed,
        plan::{self, Goal},
    },
    catalog::{Meaning, Sensitivity},
    support::{
        bit_set::BitSet,
        gather::Gather,
        nearest::Patience,
        sort::{Dedup, order, positions},
    },
};

/// What a text of the checked list turned out to be.
pub(in crate::scope) enum Resolved<'a> {
    Malformed(ScopeNameError),
    Unknown,
    Known(u16, &'a Scope),
}

/// One entry of the checked list.
pub(in crate::scope) struct Entry<'a> {
    pub index: usize,
    pub text: &'a str,
    pub resolved: Resolved<'a>,
    /// Whether an earlier entry has the same text.
    pub repeats: bool,
    /// The next entry with the same text.
    next: Option<usize>,
    /// Whether it is a scope that a key of this tier can hold.
    pub fits: bool,
}

/// One operation that the code will call.
pub(in crate::scope) struct RequestedOperation<'a> {
    pub text: &'a str,
    pub meaning: Meaning<'a>,
}

impl RequestedOperation<'_> {
    /// Empty when the catalog does not know it.
    pub fn positions(&self) -> &[u16] {
        &self.meaning.positions
    }
}

/// A request as the rules see it: every text read once.
pub(in crate::scope) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub request: &'a CheckInput<'a>,
    pub entries: Vec<Entry<'a>>,
    /// The expiry, where it is stated and not "never".
    pub expire: Option<Result<DateTime, DateTimeError>>,
    /// The edition that the key is for, where the catalog knows it.
    pub edition: Option<&'a Edition>,
    /// What it can be granted; of every edition, where a scope that its own lacks is no error.
    pub target: Goal<'a>,
    /// What the code will call, each once; empty where the request does not say.
    pub wanted: Vec<RequestedOperation<'a>>,
    /// The scopes that the key was granted: what is known, of its tier, and what every key holds.
    pub granted: BitSet,
    /// Those, and what they include.
    pub held: BitSet,
    /// The scopes that the list names.
    named: BitSet,
    /// The operations that the code will call, of those that the catalog knows.
    called: BitSet,
    /// The scopes that open one of them.
    used: BitSet,
    /// The scopes that the key had before.
    previous: BitSet,
    /// What the key had before and the catalog does not know.
    previous_unknown: Dedup<'a>,
    /// For misspelt names, in the order in which they are reported.
    pub patience: Patience,
}

impl<'a> Context<'a> {
    pub fn new(catalog: &'a Catalog, request: &'a CheckInput<'a>) -> Self {
        let edition = catalog.known_edition(request.edition.as_deref());
        let expire = match &request.expire {
            Expiry::At(text) => Some(text.parse()),
            Expiry::Unstated | Expiry::Never => None,
        };
        let mut context = Self {
            catalog,
            request,
            entries: Vec::with_capacity(request.scopes.len()),
            expire,
            edition,
            target: Goal { tier: request.tier, edition: edition.filter(|_| request.beyond_edition != Some(Enforcement::Warn)) },
            wanted: Vec::new(),
            granted: plan::implied(catalog).collect(),
            held: BitSet::default(),
            named: BitSet::default(),
            called: BitSet::default(),
            used: BitSet::default(),
            previous: BitSet::default(),
            previous_unknown: Dedup::default(),
            patience: Patience::default(),
        };
        for text in request.previous.iter().flatten() {
            let _is_new = match catalog.scope_position(text) {
                Some(position) => context.previous.insert(position),
                None => context.previous_unknown.insert(text),
            };
        }
        context.read_scopes();
        context.held = closed(catalog, &context.granted);
        context
    }

    fn read_scopes(&mut self) {
        let mut others = Dedup::default();
        let mut is_repetitive = false;
        let request = self.request;
        for (index, text) in request.scopes.iter().map(|text| &**text).enumerate() {
            let (resolved, repeats, fits) = match self.catalog.find_scope(text) {
                Some((position, scope)) => {
                    let repeats = !self.named.insert(position);
                    let fits = scope.tiers.contains(&request.tier);
                    if fits {
                        self.granted.insert(position);
                    }
                    (Resolved::Known(position, scope), repeats, fits)
                }
                None => {
                    let resolved = ScopeName::check(text).map_or_else(Resolved::Malformed, |()| Resolved::Unknown);
                    (resolved, !others.insert(text), false)
                }
            };
            is_repetitive |= repeats;
            self.entries.push(Entry { index, text, resolved, repeats, next: None, fits });
        }
        if is_repetitive {
            self.link_repetitions();
        }
    }

    #[inline(never)]
    fn link_repetitions(&mut self) {
        let text = |position: &u16| self.entries.get(usize::from(*position)).map(|entry| entry.text);
        let mut sorted = positions(self.entries.len());
        order(&mut sorted, &mut |a, b| text(&a).cmp(&text(&b)));
        let pairs = sorted.windows(2).filter_map(|pair| <&[u16; 2]>::try_from(pair).ok());
        let pairs: Vec<[u16; 2]> = pairs.filter(|[a, b]| text(a) == text(b)).copied().gathered();
        for [earlier, later] in pairs {
            if let Some(entry) = self.entries.get_mut(usize::from(earlier)) {
                entry.next = Some(usize::from(later));
            }
        }
    }

    /// What the code will call. Until then it is unknown.
    pub fn read_operations(&mut self) {
        let (mut read, mut firsts) = (Dedup::default(), BitSet::default());
        for text in self.request.operations.iter().flatten().map(|text| &**text) {
            if !read.insert(text) {
                continue;
            }
            let meaning = self.catalog.meaning(text);
            let positions = &meaning.positions;
            // Two spellings of one operation are one operation; a path that two routes fit is more than one of them.
            if let Some(first) = positions.first() {
                let is_same = |operation: u16| {
                    self.catalog.needs(operation) == self.catalog.needs(*first) && self.catalog.sets(operation) == self.catalog.sets(*first)
                };
                let is_listed = |operation: &u16| self.called.contains(*operation) || is_same(*operation);
                if !firsts.insert(*first) && positions.iter().all(is_listed) {
                    continue;
                }
            }
            for operation in positions {
                self.called.insert(*operation);
                self.used.add(self.catalog.needs(*operation));
                // Of scopes that open it together, those that do, or, while it is closed, could.
                for set in self.catalog.sets(*operation) {
                    if self.held.has_all(set) || !plan::is_open(self.catalog, &self.held, *operation) {
                        self.used.add(set);
                    }
                }
            }
            self.wanted.push(RequestedOperation { text, meaning });
        }
    }

    /// The known scopes, each once, with the entry that names it first.
    pub fn known(&self) -> Known<'_, 'a> {
        Known { entries: self.entries.iter(), must_fit: false }
    }

    /// The known scopes that a key of this tier can hold, each once. `wrong-tier` reports what it cannot hold, once.
    pub fn grantable(&self) -> Known<'_, 'a> {
        Known { must_fit: true, ..self.known() }
    }

    /// How much more access the holder of a scope can gain in the edition that the key is for, with the scope that says so.
    pub fn sensitivity(&self, position: u16, scope: &Scope) -> Option<(&'a Scope, &'a Sensitivity)> {
        // Mostly a look at the scope itself is enough.
        if scope.sensitive.is_none() && scope.includes.is_empty() {
            return None;
        }
        self.catalog.sensitivity(position, self.edition)
    }

    /// Whether the list names this scope of the catalog.
    pub fn names(&self, scope: &str) -> bool {
        self.catalog.scope_position(scope).is_some_and(|position| self.named.contains(position))
    }

    /// The places of the entries that repeat this one, which is the first of them.
    pub fn repetitions(&self, first: &Entry<'a>) -> impl Iterator<Item = usize> {
        core::iter::successors(first.next, |index| self.entries.get(*index)?.next)
    }

    /// Removes every entry with the text of this one, which is the first of them.
    pub fn remove(&self, first: &Entry<'a>) -> Vec<Edit<Cow<'a, str>>> {
        core::iter::once(first.index).chain(self.repetitions(first)).map(|index| Edit::Remove { index }).gathered()
    }

    /// Replaces this entry with another scope, and removes its repetitions.
    pub fn replace(&self, first: &Entry<'a>, with: &'a str) -> Vec<Edit<Cow<'a, str>>> {
        let mut edits = self.remove(first);
        if let Some(edit) = edits.first_mut() {
            *edit = Edit::Replace { index: first.index, with: Cow::Borrowed(with) };
        }
        edits
    }

    /// Whether the key had this scope before.
    pub fn had(&self, entry: &Entry<'a>) -> bool {
        match entry.resolved {
            Resolved::Known(position, _) => self.previous.contains(position),
            Resolved::Malformed(_) | Resolved::Unknown => self.previous_unknown.contains(entry.text),
        }
    }

    /// Whether everything that the code will call is stated and understood.
    pub fn is_use_known(&self) -> bool {
        !self.wanted.is_empty() && self.wanted.iter().all(|wanted| !wanted.positions().is_empty())
    }

    /// Whether the scope opens something that the code will call.
    pub fn is_used(&self, scope: u16) -> bool {
        self.used.contains(scope) || self.catalog.includes(scope).iter().any(|scope| self.used.contains(*scope))
    }

    /// Whether the code will call the operation.
    pub fn is_called(&self, operation: u16) -> bool {
        self.called.contains(operation)
    }

    /// Everything that the code will call and the catalog knows.
    #[inline(never)]
    pub fn calls(&self) -> Vec<u16> {
        self.wanted.iter().flat_map(RequestedOperation::positions).copied().gathered()
    }
}

/// Known scopes of the list. Compiled once, and not as a part of each rule, which would make the checker's download larger.
pub(in crate::scope) struct Known<'v, 'a> {
    entries: core::slice::Iter<'v, Entry<'a>>,
    must_fit: bool,
}

impl<'v, 'a> Iterator for Known<'v, 'a> {
    type Item = (&'v Entry<'a>, u16, &'a Scope);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = self.entries.next()?;
            match entry.resolved {
                Resolved::Known(position, scope) if !entry.repeats && (entry.fits || !self.must_fit) => {
                    return Some((entry, position, scope));
                }
                _ => {}
            }
        }
    }
}
