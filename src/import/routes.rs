//! Operations whose routes cannot be told apart.

use std::collections::BTreeMap;

use super::{
    findings::{Code, Finding},
    needs::{Alternative, Resolved},
    node::Place,
    paths::{Fidelity, Route},
};

/// So many operations of one route are read; of more, all stay closed.
const MAX_ALIKE: usize = 32;
/// So many of them a message names.
const MAX_NAMED: usize = 3;

/// An operation of the catalog that is being made.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub id: String,
    pub method: String,
    pub route: Route,
    pub needs: Resolved,
    pub least: Option<Alternative>,
    pub deprecated: bool,
    pub place: Place,
    /// How the document calls it.
    pub label: String,
    /// Whether a person has said what it needs.
    pub stated: bool,
}

/// Gives operations with one route the same needs: all that any of them needs.
pub(super) fn merge(items: &mut [Item], findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter_mut().enumerate() {
        if item.route.fidelity == Fidelity::Wider {
            let message = format!("{} is written as {} {}", item.label, item.method, item.route.path);
            findings.push(Finding::new(Code::PathNotExpressible, &item.place, message));
            item.needs = Resolved::Unknown;
        }
        groups.entry((item.method.clone(), item.route.shape.clone())).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort();
    for group in groups {
        let members: Vec<&Item> = group.iter().filter_map(|index| items.get(*index)).collect();
        let Some(first) = members.first() else { continue };
        // Without its query a path is another one, of which the document says nothing.
        let is_known = members.iter().any(|item| item.route.fidelity == Fidelity::Whole || item.stated);
        let needs = if is_known && members.len() <= MAX_ALIKE {
            members.iter().skip(1).fold(first.needs.clone(), |needs, item| needs.both(&item.needs))
        } else {
            Resolved::Unknown
        };
        let (place, label) = (first.place.clone(), first.label.clone());
        let mut others: Vec<String> = members.iter().skip(1).take(MAX_NAMED).map(|item| item.label.clone()).collect();
        if members.len() > MAX_NAMED + 1 {
            others.push(format!("{} more", members.len() - MAX_NAMED - 1));
        }
        if members.iter().all(|item| item.needs.is_same(&needs)) {
            continue;
        }
        if others.is_empty() {
            findings.push(Finding::new(Code::PathNotExpressible, &place, format!("{label} has a query; a catalog compares paths only")));
        } else {
            let outcome = match &needs {
                Resolved::Unknown => "they stay closed",
                _ => "they need all that any of them needs",
            };
            findings.push(Finding::new(Code::SameRoute, &place, format!("{label} has the same route as {}; {outcome}", others.join(", "))));
        }
        for index in group {
            if let Some(item) = items.get_mut(index) {
                item.needs = needs.clone();
            }
        }
    }
}
