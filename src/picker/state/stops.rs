//! The stops of the list: what the arrow keys go through. Tab leads to one of them.

use super::{
    letters::lowered,
    view::{Group, Layout, Shown},
};

/// The stop of a service's checkbox.
pub fn of_service(id: &str) -> String {
    format!("g:{id}")
}

/// The stop of a scope's checkbox.
pub fn of_scope(at: usize) -> String {
    format!("s:{at}")
}

/// The stop of a scope that is not offered; of all of them, where the name is empty.
pub fn of_other(name: &str) -> String {
    format!("o:{name}")
}

/// The stop at the head of a column.
pub fn of_column(action: &str) -> String {
    format!("c:{action}")
}

/// The stop that Tab leads to: where the focus was last, if that is still visible, or else the first one.
pub fn stop(at: Option<String>, layout: Layout, groups: &[Group], shown: &Shown, others: &[String]) -> Option<String> {
    let is_visible = |at: &String| match at.split_once(':') {
        Some(("g", id)) => {
            let group = groups.iter().position(|group| group.id == id).and_then(|place| shown.groups.get(place));
            layout == Layout::Services && group.is_some_and(|group| group.is_visible())
        }
        Some(("s", at)) => at.parse().is_ok_and(|at: usize| shown.groups.iter().any(|group| group.rows().contains(&at))),
        Some(("o", "")) => !others.is_empty(),
        Some(("o", name)) => others.iter().any(|other| other == name),
        Some(("c", _)) => layout == Layout::Matrix,
        _ => false,
    };
    at.filter(is_visible).or_else(|| {
        let first = groups.iter().zip(&shown.groups).find(|(_, group)| group.is_visible());
        match layout {
            Layout::Services => first.map(|(group, _)| of_service(&group.id)),
            _ => first.and_then(|(_, group)| group.rows().first()).map(|at| of_scope(*at)),
        }
        .or_else(|| (!others.is_empty()).then(|| of_other("")))
    })
}

/// The next one, from `from` on, whose name begins with what is typed; the same one while more of its name is typed.
pub fn type_ahead(names: &[String], from: usize, typed: &str) -> Option<usize> {
    // The same letter again and again goes through all that begin with it.
    let mut letters = typed.chars();
    let first = letters.next()?;
    let is_repeated = letters.clone().next().is_some() && letters.all(|letter| letter == first);
    let begin = if is_repeated { first.to_string() } else { typed.to_owned() };
    let skip = usize::from(is_repeated || typed.chars().count() == 1);
    let fits = |at: &usize| names.get(*at).is_some_and(|name| lowered(name).starts_with(&begin));
    (from + skip..names.len()).chain(0..(from + skip).min(names.len())).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picker::state::GroupShown;

    fn world() -> (Vec<Group>, Shown) {
        let group = |id: &str, scopes: &[usize]| Group { id: id.into(), name: id.into(), scopes: scopes.to_vec() };
        let visible = |scopes: &[usize], listed, is_open| GroupShown { scopes: scopes.to_vec(), listed, is_open };
        let groups = vec![group("a", &[0, 1]), group("b", &[2, 3])];
        let shown = Shown { groups: vec![visible(&[], 0, true), visible(&[2, 3], 1, true)], total: 2, rest: 1, ..Shown::default() };
        (groups, shown)
    }

    #[test]
    fn tab_leads_to_where_the_focus_was_or_to_the_first_visible_stop() {
        let (groups, shown) = world();
        let stop = |at: &str, layout| stop(Some(at.to_owned()), layout, &groups, &shown, &["x".to_owned()]);
        assert_eq!(stop("s:2", Layout::Services).as_deref(), Some("s:2"));
        assert_eq!(stop("s:3", Layout::Services).as_deref(), Some("g:b"), "not listed yet");
        assert_eq!(stop("g:a", Layout::Services).as_deref(), Some("g:b"), "nothing of it is visible");
        assert_eq!(stop("o:x", Layout::Services).as_deref(), Some("o:x"));
        assert_eq!(stop("g:b", Layout::Matrix).as_deref(), Some("s:2"), "a row of its own");
        assert_eq!(super::stop(None, Layout::Services, &[], &Shown::default(), &[]), None);
        assert_eq!(super::stop(None, Layout::Services, &[], &Shown::default(), &["x".into()]).as_deref(), Some("o:"));
    }

    #[test]
    fn typing_goes_to_the_next_name_that_begins_so() {
        let names = ["Auth", "users.read", "users.write", "teams.read"].map(str::to_owned);
        assert_eq!(type_ahead(&names, 0, "u"), Some(1));
        assert_eq!(type_ahead(&names, 1, "u"), Some(2));
        assert_eq!(type_ahead(&names, 2, "uu"), Some(1));
        assert_eq!(type_ahead(&names, 1, "users.w"), Some(2));
        assert_eq!(type_ahead(&names, 3, "a"), Some(0));
        assert_eq!(type_ahead(&names, 0, "x"), None);
        assert_eq!(type_ahead(&[], 0, "x"), None);
    }
}
