//! Walks through the routes that can fit a path.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::cmp::Ordering;

use super::segment::{Fit, TAIL, fit, fit_all, is_of_word, is_word, trimmed};

/// So many routes are compared one by one; of more, those that cannot fit are passed over.
const FEW: usize = 8;
/// What the comparison of a route with a segment that is not ASCII costs, which a reader could take for many words: so at most 160 of them
/// are compared. The built-in catalog has at most 135 routes of one method and length.
const BEYOND_ASCII: usize = 2;
/// What it costs to look up one text that a reader could take a segment for.
const LOOK_UP: usize = 2;

/// An operation's method and pattern.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub method: Box<str>,
    pub segments: Vec<String>,
    /// A bit for each segment that is a word.
    words: u64,
    /// How many segments it takes; `usize::MAX` for one with a tail.
    pub length: usize,
    pub operation: u16,
}

impl Route {
    pub fn new(method: &str, segments: Vec<String>, operation: u16) -> Self {
        let words = segments.iter().take(64).enumerate().filter(|(_, text)| is_word(text)).fold(0, |words, (at, _)| words | 1 << at);
        let has_tail = segments.iter().any(|text| has_tail(text));
        let length = if has_tail { usize::MAX } else { segments.len() };
        Self { method: method.into(), segments, words, length, operation }
    }

    fn text(&self, at: usize) -> &str {
        self.segments.get(at).map_or("", String::as_str)
    }

    fn has_word(&self, at: usize) -> bool {
        at < 64 && self.words >> at & 1 == 1
    }

    /// Method, length, then form: where two routes differ, a word comes before a parameter, and words that differ in letter case
    /// only stand together.
    pub fn order(&self, other: &Self) -> Ordering {
        let begin = (&*self.method, self.length).cmp(&(&*other.method, other.length));
        begin.then_with(|| self.order_of_form(other)).then(self.operation.cmp(&other.operation))
    }

    fn order_of_form(&self, other: &Self) -> Ordering {
        let mut both = self.segments.iter().zip(&other.segments);
        let Some(at) = both.position(|(own, other)| own != other) else { return self.segments.len().cmp(&other.segments.len()) };
        let (own, its) = (self.text(at), other.text(at));
        other.has_word(at).cmp(&self.has_word(at)).then_with(|| folded(own, its)).then_with(|| own.cmp(its))
    }

    /// Whether method and form are the same, so that no request is for one of them alone.
    pub fn is_same(&self, other: &Self) -> bool {
        self.method == other.method && self.segments == other.segments
    }

    /// Whether it takes nothing that the other one does not take, and less.
    fn is_narrower_than(&self, other: &Self, left: &mut usize) -> bool {
        // A pattern that takes another one, and is taken by it, is the same.
        self.segments != other.segments && fit_all(&other.segments, &self.segments, 0, Fit::Exactly, left) < Fit::Loosely
    }

    /// Whether a reader takes it for the other one, whatever its parameters take.
    fn is_like(&self, other: &Self, left: &mut usize) -> bool {
        fit_all(&other.segments, &self.segments, 0, Fit::Exactly, left) != Fit::Not
    }
}

fn has_tail(text: &str) -> bool {
    text.bytes().any(|byte| byte == TAIL)
}

/// Whatever their letter case.
fn folded(one: &str, other: &str) -> Ordering {
    // Most bytes are the same, and need no look at their case.
    let compare = |(own, its): (u8, u8)| if own == its { Ordering::Equal } else { own.to_ascii_lowercase().cmp(&its.to_ascii_lowercase()) };
    one.bytes().zip(other.bytes()).map(compare).find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
}

/// Where routes of one method and length begin. There are few of these, so that looking for one takes few comparisons.
pub(super) fn groups(routes: &[Route]) -> Vec<usize> {
    let mut groups = Vec::new();
    let mut last = None;
    for (at, route) in routes.iter().enumerate() {
        let begin = Some((&*route.method, route.length));
        if last != begin {
            groups.push(at);
            last = begin;
        }
    }
    groups
}

/// Routes that fit a path.
pub(super) struct Walk<'a, 'l> {
    path: &'a [String],
    /// As they are written, and whether a reader that cuts does not see all of their text.
    pub exact: Vec<(&'a Route, bool)>,
    /// Those that fit for some readers only.
    pub loose: Vec<&'a Route>,
    /// What the work may still cost.
    left: &'l mut usize,
}

impl<'a, 'l> Walk<'a, 'l> {
    /// The routes of a method that fit a path; all are in their order, with their [`groups`].
    pub fn new(routes: &'a [Route], groups: &[usize], method: &str, path: &'a [String], left: &'l mut usize) -> Self {
        let mut walk = Self { path, exact: Vec::new(), loose: Vec::new(), left };
        for length in [path.len(), usize::MAX] {
            let begin =
                |first: &usize| routes.get(*first).map_or(Ordering::Greater, |it| (*it.method).cmp(method).then(it.length.cmp(&length)));
            let mut group = groups.get(groups.partition_point(|first| begin(first).is_lt())..).unwrap_or_default().iter();
            if let Some(first) = group.next().filter(|first| begin(first).is_eq()) {
                let end = group.next().copied().unwrap_or(routes.len());
                walk.of(routes.get(*first..end).unwrap_or_default(), 0, Fit::Exactly);
            }
        }
        walk
    }

    /// Looks through routes that have the same first segments, and how those fit.
    fn of(&mut self, routes: &'a [Route], at: usize, all: Fit) {
        let value = self.path.get(at).filter(|_| routes.len() > FEW);
        let Some(value) = value.filter(|value| value.is_ascii()) else {
            for route in routes {
                let cost = if value.is_some() { BEYOND_ASCII } else { 1 };
                *self.left = self.left.saturating_sub(cost);
                if *self.left == 0 {
                    return;
                }
                match fit_all(&route.segments, self.path, at, all, self.left) {
                    Fit::Not => {}
                    Fit::Loosely => self.loose.push(route),
                    fit => self.exact.push((route, fit == Fit::Cut)),
                }
            }
            return;
        };
        let (words, mut rest) = routes.split_at(routes.partition_point(|route| route.has_word(at)));
        self.of_words(words, at, value, all);
        while let Some(text) = rest.first().map(|route| route.text(at)).filter(|_| *self.left > 0) {
            let (same, behind) = rest.split_at(rest.partition_point(|route| route.text(at) == text));
            rest = behind;
            if has_tail(text) {
                // What the tail takes depends on what is behind it.
                same.chunks(FEW).for_each(|few| self.of(few, at, all));
                continue;
            }
            *self.left = self.left.saturating_sub(1);
            let own = fit(text, value, self.left);
            if own != Fit::Not {
                self.of(same, at + 1, all.max(own));
            }
        }
    }

    /// Looks through routes that have a word here. Whatever a reader makes of the value, it ends where a word can end.
    fn of_words(&mut self, words: &'a [Route], at: usize, value: &'a str, all: Fit) {
        let cut = trimmed(value);
        let ends = (0..=cut.len()).filter(|end| cut.as_bytes().get(*end).is_none_or(|behind| !is_of_word(*behind)));
        let whole = Some(value).filter(|value| value.len() > cut.len());
        for meant in ends.filter_map(|end| cut.get(..end)).chain(whole) {
            *self.left = self.left.saturating_sub(LOOK_UP);
            if words.is_empty() || *self.left == 0 {
                return;
            }
            let before = words.partition_point(|route| folded(route.text(at), meant).is_lt());
            let mut rest = words.get(before..).unwrap_or_default();
            while let Some(word) = rest.first().map(|route| route.text(at)).filter(|word| folded(word, meant).is_eq()) {
                let (same, behind) = rest.split_at(rest.partition_point(|route| route.text(at) == word));
                self.of(same, at + 1, if word == value { all } else { all.max(Fit::Loosely) });
                rest = behind;
            }
        }
    }

    /// Leaves the narrowest of the routes that fit, and returns one for which a reader could take the path instead.
    pub fn decide(&mut self) -> Option<&'a Route> {
        if self.exact.len() < 2 && self.loose.is_empty() {
            return None;
        }
        let Self { exact, loose, left, .. } = self;
        let mut narrowest = Vec::new();
        let mut wider = None;
        for (route, is_cut) in exact.iter() {
            if exact.iter().any(|(other, _)| other.is_narrower_than(route, left)) {
                wider = Some(*route);
            } else {
                narrowest.push((*route, *is_cut));
            }
        }
        let is_cut = narrowest.iter().any(|(_, is_cut)| *is_cut);
        let taken = loose.iter().copied().find(|loose| narrowest.iter().any(|(route, _)| !route.is_like(loose, left)));
        *exact = narrowest;
        taken.or(wider.filter(|_| is_cut))
    }
}
