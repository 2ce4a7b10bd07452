//! Walks through the routes that can fit a path.

use alloc::{string::String, vec::Vec};

use super::{
    segment::{Fit, fit, fit_all, is_of_word, trimmed, unlike},
    tree::{Node, Route, Tree, folded, from, has_tail},
};

/// What the comparison of a pattern with a segment that is not ASCII costs, which a reader could take for many words: so at most 160 of
/// them are compared.
const BEYOND_ASCII: usize = 2;
/// What it costs to look up one text that a reader could take a segment for.
const LOOK_UP: usize = 2;

/// Routes that fit a path.
pub(super) struct Walk<'a, 'l> {
    tree: &'a Tree,
    path: &'a [String],
    /// As they are written, and whether a reader that cuts does not see all of their text.
    pub exact: Vec<(&'a Route, bool)>,
    /// Those that fit for some readers only.
    pub loose: Vec<&'a Route>,
    /// What the work may still cost.
    left: &'l mut usize,
}

impl<'a, 'l> Walk<'a, 'l> {
    /// The routes of a method that fit a path.
    pub fn new(tree: &'a Tree, method: &str, path: &'a [String], left: &'l mut usize) -> Self {
        let mut walk = Self { tree, path, exact: Vec::new(), loose: Vec::new(), left };
        for length in [path.len(), usize::MAX] {
            if let Some(node) = tree.group(method, length) {
                walk.of(node, 0, Fit::Exactly);
            }
        }
        walk
    }

    /// Looks through routes that have the same first segments, and how those fit.
    fn of(&mut self, node: &'a Node, at: usize, all: Fit) {
        let nodes = self.tree.below(node);
        let Some(value) = self.path.get(at).filter(|_| !nodes.is_empty()) else {
            self.each(self.tree.routes_of(node), at, all);
            return;
        };
        // What is not ASCII could be many words.
        let is_ascii = value.is_ascii();
        let words = if is_ascii { nodes.partition_point(|node| node.is_word) } else { 0 };
        let (words, mut rest) = nodes.split_at(words);
        if is_ascii {
            self.of_words(words, at, value, all);
        }
        let is_plain = is_ascii && trimmed(value).len() == value.len();
        while let Some((node, behind)) = rest.split_first().filter(|_| *self.left > 0) {
            if is_plain && let Some(begin) = unlike(&node.text, value) {
                // For every reader, what fits begins with the same letters. Behind one that comes later, no other does.
                *self.left = self.left.saturating_sub(LOOK_UP);
                rest = if folded(&node.text, begin).is_lt() { from(behind, begin) } else { &[] };
                continue;
            }
            rest = behind;
            if has_tail(&node.text) {
                // What the tail takes depends on what is behind it.
                self.each(self.tree.routes_of(node), at, all);
                continue;
            }
            *self.left = self.left.saturating_sub(if is_ascii { 1 } else { BEYOND_ASCII });
            let own = fit(&node.text, value, self.left);
            if own != Fit::Not {
                self.of(node, at + 1, all.max(own));
            }
        }
    }

    /// Compares routes one by one.
    fn each(&mut self, routes: &'a [Route], at: usize, all: Fit) {
        for route in routes {
            *self.left = self.left.saturating_sub(1);
            if *self.left == 0 {
                return;
            }
            match fit_all(&route.segments, self.path, at, all, self.left) {
                Fit::Not => {}
                Fit::Loosely => self.loose.push(route),
                fit => self.exact.push((route, fit == Fit::Cut)),
            }
        }
    }

    /// Looks through routes that have a word here. Whatever a reader makes of the value, it ends where a word can end.
    fn of_words(&mut self, words: &'a [Node], at: usize, value: &'a str, all: Fit) {
        let cut = trimmed(value);
        let ends = (0..=cut.len()).filter(|end| cut.as_bytes().get(*end).is_none_or(|behind| !is_of_word(*behind)));
        let whole = Some(value).filter(|value| value.len() > cut.len());
        for meant in ends.filter_map(|end| cut.get(..end)).chain(whole) {
            *self.left = self.left.saturating_sub(LOOK_UP);
            if words.is_empty() || *self.left == 0 {
                return;
            }
            let same = from(words, meant).iter().take_while(|node| folded(&node.text, meant).is_eq());
            for node in same {
                self.of(node, at + 1, if *node.text == *value { all } else { all.max(Fit::Loosely) });
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
