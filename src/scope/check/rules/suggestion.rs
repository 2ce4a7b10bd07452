//! Guesses what somebody meant who wrote something that is not a scope.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::scope::{
    Edit, Fix,
    catalog::nearest::nearest_scope,
    check::context::{Entry, View},
    support::{sort::Seen, text},
};

/// Longer texts are not taken apart.
const MAX_LENGTH: usize = 4096;

/// A way out of a text that names no scope.
pub(super) struct Guess<'a> {
    pub help: String,
    pub fix: Fix<Cow<'a, str>>,
}

/// What was probably meant; `None` when nothing is near enough. A wrong guess is worse than none.
pub(super) fn guess<'a>(view: &View<'a>, entry: &Entry<'a>) -> Option<Guess<'a>> {
    if entry.text.len() > MAX_LENGTH {
        return None;
    }
    several(view, entry).or_else(|| wildcard(view, entry)).or_else(|| near(view, entry))
}

/// Two or more scopes in one text, as OAuth writes them.
fn several<'a>(view: &View<'a>, entry: &Entry<'a>) -> Option<Guess<'a>> {
    let words = entry.text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+' | '|'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.iter().any(|word| view.catalog.scope_position(word).is_none()) {
        return None;
    }
    let scopes = text::counted(words.len(), "scope", "scopes");
    match words.as_slice() {
        [only] => Some(replaced(view, entry, only)),
        _ => Some(Guess {
            help: format!("it holds {scopes} in one text; give each an entry of its own"),
            fix: Fix { title: format!("split it into {scopes}").into(), edits: spread(view, entry, &words) },
        }),
    }
}

/// `users.*`, which no system of scopes like this one knows.
fn wildcard<'a>(view: &View<'a>, entry: &Entry<'a>) -> Option<Guess<'a>> {
    let resource = entry.text.strip_suffix('*')?.strip_suffix(['.', ':', '/'])?;
    let scopes = of_resource(view, resource);
    let names = text::listed(scopes.iter().copied());
    (!scopes.is_empty()).then(|| Guess {
        help: format!("there is no wildcard; grant {names}"),
        fix: Fix { title: format!("replace by {names}").into(), edits: spread(view, entry, &scopes) },
    })
}

fn near<'a>(view: &View<'a>, entry: &Entry<'a>) -> Option<Guess<'a>> {
    let near = nearest_scope(view.catalog, entry.text, &view.patience, &|scope| view.target.can_hold(scope))?;
    Some(replaced(view, entry, near))
}

fn replaced<'a>(view: &View<'a>, entry: &Entry<'a>, near: &'a str) -> Guess<'a> {
    if view.names(near) {
        let help = format!("did you mean `{near}`? it is granted already");
        return Guess { help, fix: Fix { title: "remove it".into(), edits: view.remove(entry) } };
    }
    let edits = view.replace(entry, near);
    Guess { help: format!("did you mean `{near}`?"), fix: Fix { title: format!("replace by `{near}`").into(), edits } }
}

/// The scopes of a resource that the key could be granted.
pub(super) fn of_resource<'a>(view: &View<'a>, resource: &str) -> Vec<&'a str> {
    let scopes = view.catalog.scopes_of(resource).into_iter().filter_map(|position| view.catalog.scope_at(position));
    scopes.filter(|scope| view.target.can_hold(scope)).map(|scope| scope.id.as_str()).collect()
}

/// Puts several scopes in the place of one entry, those that are not granted yet.
fn spread<'a>(view: &View<'a>, entry: &Entry<'a>, scopes: &[&'a str]) -> Vec<Edit<Cow<'a, str>>> {
    let mut seen = Seen::default();
    let mut fresh = scopes.iter().copied().filter(|scope| !view.names(scope) && seen.insert(scope));
    let mut edits = match fresh.next() {
        Some(scope) => view.replace(entry, scope),
        None => view.remove(entry),
    };
    edits.extend(fresh.map(|scope| Edit::Add { scope: Cow::Borrowed(scope) }));
    edits
}
