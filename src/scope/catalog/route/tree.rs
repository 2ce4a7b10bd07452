//! The routes of a catalog as a tree of their segments: a path is compared with few of them, which are next to each other in memory.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{cmp::Ordering, iter::repeat, ops::Range};

use super::segment::{Fit, TAIL, fit_all, is_word};

/// So many routes are compared one by one; of more, those that cannot fit are passed over.
pub(super) const FEW: usize = 8;

/// An operation's method and pattern.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub method: Box<str>,
    pub segments: Vec<String>,
    /// How many segments it takes; `usize::MAX` for one with a tail.
    pub length: usize,
    pub operation: u16,
}

impl Route {
    pub fn new(method: &str, segments: Vec<String>, operation: u16) -> Self {
        let has_tail = segments.iter().any(|text| has_tail(text));
        let length = if has_tail { usize::MAX } else { segments.len() };
        Self { method: method.into(), segments, length, operation }
    }

    fn text(&self, at: usize) -> &str {
        self.segments.get(at).map_or("", String::as_str)
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
        is_word(its).cmp(&is_word(own)).then_with(|| folded(own, its)).then_with(|| own.cmp(its))
    }

    /// Whether method and form are the same, so that no request is for one of them alone.
    pub fn is_same(&self, other: &Self) -> bool {
        self.method == other.method && self.segments == other.segments
    }

    /// Whether it takes nothing that the other one does not take, and less.
    pub fn is_narrower_than(&self, other: &Self, left: &mut usize) -> bool {
        // A pattern that takes another one, and is taken by it, is the same.
        self.segments != other.segments && fit_all(&other.segments, &self.segments, 0, Fit::Exactly, left) < Fit::Loosely
    }

    /// Whether a reader takes it for the other one, whatever its parameters take.
    pub fn is_like(&self, other: &Self, left: &mut usize) -> bool {
        fit_all(&other.segments, &self.segments, 0, Fit::Exactly, left) != Fit::Not
    }
}

pub(super) fn has_tail(text: &str) -> bool {
    text.bytes().any(|byte| byte == TAIL)
}

/// Whatever their letter case.
pub(super) fn folded(one: &str, other: &str) -> Ordering {
    // Most bytes are the same, and need no look at their case.
    let compare = |(own, its): (u8, u8)| if own == its { Ordering::Equal } else { own.to_ascii_lowercase().cmp(&its.to_ascii_lowercase()) };
    one.bytes().zip(other.bytes()).map(compare).find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
}

/// Eight letters as a number, which compares as [`folded`] does as far as they go.
fn head(text: &str) -> u64 {
    let letters = text.bytes().chain(repeat(0)).take(8);
    letters.fold(0, |head, letter| head << 8 | u64::from(letter.to_ascii_lowercase()))
}

/// Nodes without those that come before all that begin with this text.
#[inline(never)]
pub(super) fn from<'a>(nodes: &'a [Node], begin: &str) -> &'a [Node] {
    let own = head(begin);
    nodes.split_at(nodes.partition_point(|node| node.head.cmp(&own).then_with(|| folded(&node.text, begin)).is_lt())).1
}

/// Routes that begin with the same segments.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The last of these segments; above the first one, the method.
    pub text: Box<str>,
    /// Its first letters: mostly they decide how it compares, without a look at the text, which is elsewhere in memory.
    head: u64,
    pub is_word: bool,
    /// How many segments these are.
    depth: usize,
    /// How many segments the routes take.
    length: usize,
    routes: Range<usize>,
    /// The nodes that are one segment longer; none where the routes are few, or end here.
    below: Range<usize>,
}

/// All routes, in their order, and where those are that begin with the same segments.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub routes: Vec<Route>,
    /// Those of a method and a length, then those below them: what is below one node stands together.
    nodes: Vec<Node>,
    /// How many nodes are of a method and a length.
    groups: usize,
}

impl Tree {
    pub fn new(routes: Vec<Route>) -> Self {
        let mut tree = Self { routes, ..Self::default() };
        tree.groups = tree.add(0..tree.routes.len(), 0, &|one, other| one.method == other.method && one.length == other.length).end;
        let mut at = 0;
        while let Some(Node { routes, depth, .. }) = tree.nodes.get(at).cloned() {
            let ends = tree.routes.get(routes.start).is_none_or(|route| route.segments.len() <= depth);
            if routes.len() > FEW && !ends {
                let below = tree.add(routes, depth + 1, &|one, other| one.text(depth) == other.text(depth));
                if let Some(node) = tree.nodes.get_mut(at) {
                    node.below = below;
                }
            }
            at += 1;
        }
        tree
    }

    /// Adds nodes for routes that stand together, one for each row of those that are alike; returns where these nodes are.
    fn add(&mut self, routes: Range<usize>, depth: usize, is_alike: &dyn Fn(&Route, &Route) -> bool) -> Range<usize> {
        let (first, mut begin) = (self.nodes.len(), routes.start);
        for row in self.routes.get(routes).unwrap_or_default().chunk_by(is_alike) {
            let Some(first) = row.first() else { continue };
            let text = depth.checked_sub(1).map_or(&*first.method, |last| first.text(last));
            let end = begin + row.len();
            let head = head(text);
            let (length, is_word) = (first.length, is_word(text));
            self.nodes.push(Node { text: text.into(), head, is_word, depth, length, routes: begin..end, below: 0..0 });
            begin = end;
        }
        first..self.nodes.len()
    }

    /// The node of a method's routes that take so many segments.
    pub fn group(&self, method: &str, length: usize) -> Option<&Node> {
        let groups = self.nodes.get(..self.groups)?;
        let order = |node: &Node| (&*node.text, node.length).cmp(&(method, length));
        groups.get(groups.partition_point(|node| order(node).is_lt())).filter(|node| order(node).is_eq())
    }

    pub fn routes_of(&self, node: &Node) -> &[Route] {
        self.routes.get(node.routes.clone()).unwrap_or_default()
    }

    pub fn below(&self, node: &Node) -> &[Node] {
        self.nodes.get(node.below.clone()).unwrap_or_default()
    }
}
