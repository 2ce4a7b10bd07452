//! Judges what a list of several scopes means, and joins what several operations need.

use std::collections::{BTreeMap, HashSet};

use super::{
    draft::{List, Meaning, Needs, Requirement},
    node::Place,
    options::Several,
};

/// So many alternatives an operation can have.
pub(super) const MAX_ALTERNATIVES: usize = 64;

/// So many are compared with each other; an operation with more is not read.
const MAX_COMPARED: usize = 1024;
/// So many lists a requirement can have.
const MAX_LISTS: usize = 16;

/// Scopes that are all needed.
pub(super) type Alternative = Vec<String>;

/// What a caller needs, once every list is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    Unknown,
    Public,
    AnyKey,
    /// Never empty.
    Any(Vec<Alternative>),
}

/// The lists of a document that were judged by a rule, not by what the document says.
pub(super) struct Judge<'a> {
    several: Several,
    deprecated: &'a HashSet<String>,
    /// The lists read as "any" though the document does not say so, each with the number of operations and the first place.
    pub any: BTreeMap<Vec<String>, (usize, Place)>,
    /// The lists read as "all".
    pub all: BTreeMap<Vec<String>, (usize, Place)>,
    /// How many operations have a list that was read as any, and as all.
    pub operations: (usize, usize),
}

impl<'a> Judge<'a> {
    pub fn new(several: Several, deprecated: &'a HashSet<String>) -> Self {
        Self { several, deprecated, any: BTreeMap::new(), all: BTreeMap::new(), operations: (0, 0) }
    }

    /// What an operation needs; `None` if there are too many alternatives.
    pub fn resolve(&mut self, needs: &Needs, place: &Place) -> Option<Resolved> {
        let requirements = match needs {
            Needs::Unknown => return Some(Resolved::Unknown),
            Needs::Public => return Some(Resolved::Public),
            Needs::AnyKey => return Some(Resolved::AnyKey),
            Needs::Any(requirements) => requirements,
        };
        let (mut alternatives, mut doubts) = (Vec::new(), HashSet::new());
        for requirement in requirements {
            alternatives.extend(self.requirement(requirement, place, &mut doubts)?);
            if alternatives.len() > MAX_COMPARED {
                return None;
            }
        }
        self.operations.0 += usize::from(doubts.iter().any(|(_, is_any)| *is_any));
        self.operations.1 += usize::from(doubts.iter().any(|(_, is_any)| !*is_any));
        let alternatives = minimal(alternatives);
        match alternatives.len() {
            0 => Some(Resolved::Unknown),
            count => (count <= MAX_ALTERNATIVES).then_some(Resolved::Any(alternatives)),
        }
    }

    /// Every list of a requirement is needed.
    fn requirement(&mut self, lists: &Requirement, place: &Place, doubts: &mut HashSet<(Vec<String>, bool)>) -> Option<Vec<Alternative>> {
        if lists.len() > MAX_LISTS {
            return None;
        }
        let mut lists = lists.iter().filter(|list| !list.names.is_empty());
        let Some(first) = lists.next() else { return Some(Vec::new()) };
        let mut alternatives = self.list(first, place, doubts)?;
        for list in lists {
            alternatives = product(&alternatives, &self.list(list, place, doubts)?)?;
        }
        Some(alternatives)
    }

    fn list(&mut self, list: &List, place: &Place, doubts: &mut HashSet<(Vec<String>, bool)>) -> Option<Vec<Alternative>> {
        if list.names.len() > MAX_COMPARED {
            return None;
        }
        let mut seen = HashSet::new();
        let names: Vec<String> = list.names.iter().filter(|name| seen.insert(*name)).cloned().collect();
        let each = || names.iter().map(|name| vec![name.clone()]).collect();
        if names.len() < 2 {
            return Some(each());
        }
        let mut doubted = names.clone();
        let (alternatives, is_any) = match (list.meaning, self.several) {
            (Meaning::Any, _) | (Meaning::Unstated, Several::Any) => return Some(each()),
            (Meaning::All, _) | (Meaning::Unstated, Several::All) => return Some(vec![names]),
            (Meaning::Unstated, Several::Auto) => {
                let (old, new): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| self.deprecated.contains(name));
                // The specification says "all", so only the document itself can open more. It does for a scope that it calls
                // deprecated: nobody is to be granted it, so nobody can need it. Such a scope did alone what the others do now.
                match new.len() {
                    0 => (vec![names.clone()], false),
                    1 => (each(), true),
                    _ if old.is_empty() => (vec![names.clone()], false),
                    _ => {
                        doubted.clone_from(&new);
                        (std::iter::once(new).chain(old.into_iter().map(|name| vec![name])).collect(), false)
                    }
                }
            }
        };
        doubted.sort();
        if doubts.insert((doubted.clone(), is_any)) {
            let lists = if is_any { &mut self.any } else { &mut self.all };
            lists.entry(doubted).or_insert_with(|| (0, place.clone())).0 += 1;
        }
        Some(alternatives)
    }
}

/// Both: one alternative of each. `None` if there are too many.
fn product(one: &[Alternative], other: &[Alternative]) -> Option<Vec<Alternative>> {
    if one.len().saturating_mul(other.len()) > MAX_ALTERNATIVES * MAX_ALTERNATIVES {
        return None;
    }
    let mut joined = Vec::new();
    for a in one {
        for b in other {
            let mut both = a.clone();
            both.extend(b.iter().filter(|name| !a.contains(name)).cloned());
            joined.push(both);
        }
    }
    let joined = minimal(joined);
    (joined.len() <= MAX_ALTERNATIVES).then_some(joined)
}

/// Without the alternatives that need everything that another one needs.
fn minimal(alternatives: Vec<Alternative>) -> Vec<Alternative> {
    let covers = |small: &Alternative, large: &Alternative| small.iter().all(|name| large.contains(name));
    let mut kept: Vec<Alternative> = Vec::new();
    for alternative in alternatives {
        if !kept.iter().any(|known| covers(known, &alternative)) {
            kept.retain(|known| !covers(&alternative, known));
            kept.push(alternative);
        }
    }
    kept
}

impl Resolved {
    /// What is needed where one request may mean either: all that both need.
    pub fn both(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Any(one), Self::Any(other)) => product(one, other).map_or(Self::Unknown, Self::Any),
            (Self::Any(one), _) | (_, Self::Any(one)) => Self::Any(one.clone()),
            (Self::AnyKey, _) | (_, Self::AnyKey) => Self::AnyKey,
            (Self::Public, Self::Public) => Self::Public,
        }
    }

    /// Whether two needs are the same, whatever their order.
    pub fn is_same(&self, other: &Self) -> bool {
        let sorted = |list: &[Alternative]| {
            let mut list: Vec<Alternative> = list.to_vec();
            for alternative in &mut list {
                alternative.sort();
            }
            list.sort();
            list
        };
        match (self, other) {
            (Self::Any(one), Self::Any(other)) => sorted(one) == sorted(other),
            _ => self == other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> List {
        List::unstated(names.iter().map(|&name| name.to_owned()).collect())
    }

    fn resolved(several: Several, requirements: &[&[&[&str]]]) -> Vec<String> {
        let deprecated = HashSet::from(["files:read".to_owned()]);
        let mut judge = Judge::new(several, &deprecated);
        let needs = Needs::Any(requirements.iter().map(|lists| lists.iter().map(|names| list(names)).collect()).collect());
        match judge.resolve(&needs, &Place::default()) {
            Some(Resolved::Any(alternatives)) => alternatives.iter().map(|names| names.join("+")).collect(),
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn a_list_needs_all_its_scopes_unless_an_option_says_otherwise() {
        let auto = |names: &[&str]| resolved(Several::Auto, &[&[names]]);
        // Levels of one resource, too: a key that can only read does not open a write that names both.
        assert_eq!(auto(&["TIMECARDS_READ", "TIMECARDS_WRITE"]), ["TIMECARDS_READ+TIMECARDS_WRITE"]);
        assert_eq!(auto(&["org:read", "org:admin"]), ["org:read+org:admin"]);
        assert_eq!(auto(&["ORDERS_WRITE", "INVOICES_WRITE"]), ["ORDERS_WRITE+INVOICES_WRITE"]);
        assert_eq!(auto(&["org:read", "org:read"]), ["org:read"]);
        assert_eq!(resolved(Several::Any, &[&[&["a:x", "b:y"]]]), ["a:x", "b:y"]);
        assert_eq!(resolved(Several::All, &[&[&["file_content:read", "files:read"]]]), ["file_content:read+files:read"]);
    }

    #[test]
    fn nobody_needs_a_deprecated_scope() {
        let auto = |names: &[&str]| resolved(Several::Auto, &[&[names]]);
        assert_eq!(auto(&["file_content:read", "files:read"]), ["file_content:read", "files:read"]);
        assert_eq!(auto(&["a:x", "b:y", "files:read"]), ["a:x+b:y", "files:read"]);
    }

    #[test]
    fn only_lists_whose_meaning_nobody_states_are_in_doubt() {
        let deprecated = HashSet::new();
        let doubts = |several: Several, meaning: Meaning| {
            let mut judge = Judge::new(several, &deprecated);
            let needs = Needs::Any(vec![vec![List { meaning, ..list(&["org:read", "org:write"]) }]]);
            judge.resolve(&needs, &Place::default());
            judge.operations
        };
        assert_eq!(doubts(Several::Auto, Meaning::Unstated), (0, 1));
        for (several, meaning) in [(Several::Any, Meaning::Unstated), (Several::All, Meaning::Unstated), (Several::Auto, Meaning::Any)] {
            assert_eq!(doubts(several, meaning), (0, 0));
        }
    }

    #[test]
    fn requirements_are_alternatives_and_their_lists_are_all_needed() {
        assert_eq!(resolved(Several::Auto, &[&[&["a"]], &[&["b"], &["c"]], &[&["a", "c"]]]), ["a", "b+c"]);
        let wide: Vec<String> = (0..10).map(|number| format!("w{number}")).collect();
        let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
        assert_eq!(resolved(Several::Any, &[&[&wide, &["x1", "x2", "x3", "x4", "x5", "x6", "x7"]]]), ["None"]);
    }

    #[test]
    fn what_may_mean_either_needs_both() {
        let any = |alternatives: &[&[&str]]| {
            Resolved::Any(alternatives.iter().map(|names| names.iter().map(|&name| name.to_owned()).collect()).collect())
        };
        assert_eq!(any(&[&["a"], &["b"]]).both(&any(&[&["b"], &["c"]])), any(&[&["a", "c"], &["b"]]));
        assert_eq!(Resolved::Public.both(&any(&[&["a"]])), any(&[&["a"]]));
        assert_eq!(Resolved::Public.both(&Resolved::AnyKey), Resolved::AnyKey);
        assert_eq!(Resolved::Unknown.both(&Resolved::Public), Resolved::Unknown);
        assert!(any(&[&["a", "b"], &["c"]]).is_same(&any(&[&["c"], &["b", "a"]])));
    }
}
