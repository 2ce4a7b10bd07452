//! All routes of a catalog.

use alloc::{string::String, vec::Vec};

use super::{
    path::{Begins, base, begins, segments},
    pattern::{MAX_SEGMENTS, holds, pattern, segment},
    segment::{TAIL, is_of_word, is_word},
    tree::{Route, Tree},
    walk::Walk,
};
use crate::scope::{
    catalog::entries::{Operation, TrailingSlash},
    support::{
        gather::Gather,
        sort::{Dedup, sort},
    },
};

/// What the work for one path may cost, in comparisons. Beyond, the path means nothing.
const MAX_WORK: usize = 320;

/// Where a path comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::scope) enum Origin {
    /// A request, which begins with a base path where the catalog has some.
    Request,
    /// A text that a person writes, who may leave the base path out.
    Text,
}

/// Routes of a catalog.
#[derive(Clone, Debug, Default)]
pub(in crate::scope) struct Routes {
    tree: Tree,
    bases: Vec<Vec<String>>,
    is_folded: bool,
    is_distinct: bool,
    /// How many segments the longest path has.
    longest: usize,
}

/// What a method and a path mean.
#[derive(Default)]
pub(super) struct Reading {
    /// The operations of the routes that fit as they are written.
    pub found: Vec<u16>,
    /// One that fits for some readers only.
    pub loose: Option<u16>,
}

impl Reading {
    fn add(&mut self, other: Self) {
        if self.found.is_empty() {
            self.found = other.found;
            self.loose = self.loose.or(other.loose);
            return;
        }
        for operation in other.found {
            if !self.found.contains(&operation) {
                self.found.push(operation);
            }
        }
        self.loose = self.loose.or(other.loose);
    }
}

impl Routes {
    /// Those of these operations; one whose path cannot be read has none.
    pub(in crate::scope::catalog) fn new(operations: &[Operation], bases: &[String], is_folded: bool, slash: TrailingSlash) -> Self {
        let is_distinct = slash == TrailingSlash::Distinct;
        let fold = |segments: &mut Vec<String>| segments.iter_mut().filter(|_| is_folded).for_each(|it| it.make_ascii_lowercase());
        let route = |(position, operation): (u16, &Operation)| {
            let mut segments = pattern(&operation.path, is_distinct).ok()?;
            fold(&mut segments);
            Some(Route::new(&operation.method, segments, position))
        };
        let routes = sort((0..).zip(operations).filter_map(route).gathered(), Route::order);
        let mut bases: Vec<Vec<String>> = bases.iter().map(|path| base(path)).collect();
        bases.iter_mut().for_each(fold);
        let longest = routes.iter().map(|route| route.length.min(MAX_SEGMENTS)).max().unwrap_or(0);
        let longest = longest + bases.iter().map(Vec::len).max().unwrap_or(0);
        Self { tree: Tree::new(routes), bases, is_folded, is_distinct, longest }
    }

    /// The operations of a method and a path. Several where they share one route, and where none of several routes is the narrower
    /// one: then it depends on the reader which is meant. None where a reader could take the path for another route's, as
    /// [`Routes::meaning`] says. A `HEAD` is a `GET` where no route says otherwise.
    pub(in crate::scope) fn find(&self, method: &str, path: &str, origin: Origin) -> Vec<u16> {
        self.meaning(method, path, origin).0
    }

    /// What [`Routes::find`] finds. Where that is nothing since some readers could take the path for another route's: what it means as
    /// it is written, and what they could take it for.
    pub(in crate::scope) fn meaning(&self, method: &str, path: &str, origin: Origin) -> (Vec<u16>, Option<(u16, u16)>) {
        match self.read(method, path, origin, MAX_WORK) {
            Reading { found, loose: None } => (found, None),
            Reading { found, loose: Some(loose) } => (Vec::new(), found.first().map(|written| (*written, loose))),
        }
    }

    /// What a method and a path mean; nothing where that takes more work.
    pub(super) fn read(&self, method: &str, path: &str, origin: Origin, mut left: usize) -> Reading {
        let mut reading = Reading::default();
        let Some(path) = self.segments(path, origin) else { return reading };
        for path in self.behind_bases(&path, origin, &mut left) {
            let mut own = self.read_as(method, path, &mut left);
            if method == "HEAD" {
                let get = self.read_as("GET", path, &mut left);
                if own.found.is_empty() {
                    own.found = get.found;
                }
                own.loose = own.loose.or(get.loose);
            }
            reading.add(own);
        }
        if left == 0 { Reading::default() } else { reading }
    }

    fn read_as(&self, method: &str, path: &[String], left: &mut usize) -> Reading {
        let mut walk = Walk::new(&self.tree, method, path, left);
        let loose = walk.decide().map(|route| route.operation);
        Reading { found: walk.exact.iter().map(|(route, _)| route.operation).collect(), loose }
    }

    fn segments(&self, path: &str, origin: Origin) -> Option<Vec<String>> {
        let mut segments = segments(path, self.longest, self.is_folded, self.is_distinct)?;
        // A person can write a path as the catalog does.
        for text in segments.iter_mut().filter(|text| origin == Origin::Text && holds(text, b'{')) {
            if let Some(pattern) = segment(text) {
                *text = pattern;
            }
        }
        Some(segments)
    }

    /// The path without its base path; in several ways where one base path begins with another one. A path that a reader could take
    /// for one with a base path is none without.
    fn behind_bases<'a>(&self, path: &'a [String], origin: Origin, left: &mut usize) -> Vec<&'a [String]> {
        let mut paths = Vec::new();
        let mut is_whole = self.bases.is_empty() || origin == Origin::Text;
        for base in &self.bases {
            let how = begins(path, base, left);
            is_whole &= how == Begins::Not;
            paths.extend(path.get(base.len()..).filter(|_| how == Begins::Exactly));
        }
        paths.extend(Some(path).filter(|_| is_whole));
        paths
    }

    /// The methods that this path can be called with, each once, in alphabetical order; some of them where more takes too much work.
    pub(in crate::scope) fn methods(&self, path: &str) -> Vec<&str> {
        let Some(path) = self.segments(path, Origin::Text) else { return Vec::new() };
        let (mut methods, mut rest, mut left) = (Vec::new(), &*self.tree.routes, MAX_WORK);
        let paths = self.behind_bases(&path, Origin::Text, &mut left);
        while let Some(first) = rest.first() {
            let method = &*first.method;
            let fits = paths.iter().any(|path| !Walk::new(&self.tree, method, path, &mut left).exact.is_empty());
            methods.extend(Some(method).filter(|_| fits));
            rest = rest.split_at(rest.partition_point(|route| &*route.method == method)).1;
        }
        methods
    }

    /// The words of all routes and base paths, in lower case. Where two paths of plain segments (letters, digits, `-` and `_` of ASCII)
    /// have the same ones of these words in the same places, in the same letter case, they mean the same: no parameter looks at what it
    /// takes. `None` where one does, since the text around it is plain too, as in `v{version}`.
    pub(in crate::scope::catalog) fn words(&self) -> Option<Vec<String>> {
        let segments = self.tree.routes.iter().flat_map(|route| &route.segments).chain(self.bases.iter().flatten());
        let (mut words, mut met) = (Vec::new(), Dedup::default());
        for segment in segments.filter(|segment| met.insert(segment)) {
            if is_word(segment) {
                words.push(segment.to_ascii_lowercase());
            } else if segment.len() > 1 && segment.bytes().all(|byte| byte <= TAIL || is_of_word(byte)) {
                return None;
            }
        }
        Some(words)
    }

    /// How many routes have a tail.
    pub(in crate::scope::catalog) fn tails(&self) -> usize {
        self.tree.routes.iter().filter(|route| route.length == usize::MAX).count()
    }

    /// Operations whose routes cannot be told apart, as lists of two or more.
    pub(in crate::scope::catalog) fn same(&self) -> impl Iterator<Item = Vec<u16>> {
        let chunks = self.tree.routes.chunk_by(|one, other| one.is_same(other)).filter(|chunk| chunk.len() > 1);
        chunks.map(|chunk| chunk.iter().map(|route| route.operation).collect())
    }
}
