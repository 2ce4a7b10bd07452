//! Guesses what somebody meant who wrote something that is not a scope.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::scope::{
    Edit, Fix,
    check::{Entry, View},
    nearest::nearest_scope,
    text,
};

/// Longer texts are not taken apart.
const MAX_LENGTH: usize = 4096;

/// A way out of a text that names no scope.
pub(super) struct Guess {
    pub help: String,
    pub fix: Fix,
}

/// What was probably meant; `None` when nothing is near enough. A wrong guess is worse than none.
pub(super) fn guess(view: &View<'_>, entry: &Entry<'_>) -> Option<Guess> {
    if entry.text.len() > MAX_LENGTH {
        return None;
    }
    several(view, entry).or_else(|| wildcard(view, entry)).or_else(|| near(view, entry))
}

/// Two or more scopes in one text, as OAuth writes them.
fn several(view: &View<'_>, entry: &Entry<'_>) -> Option<Guess> {
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
            fix: Fix { title: format!("split it into {scopes}"), edits: spread(view, entry, &words) },
        }),
    }
}

/// `users.*`, which no system of scopes like this one knows.
fn wildcard(view: &View<'_>, entry: &Entry<'_>) -> Option<Guess> {
    let resource = entry.text.strip_suffix('*')?.strip_suffix(['.', ':', '/'])?;
    let scopes = of_resource(view, resource);
    let names = text::listed(scopes.iter().copied());
    (!scopes.is_empty()).then(|| Guess {
        help: format!("there is no wildcard; grant {names}"),
        fix: Fix { title: format!("replace by {names}"), edits: spread(view, entry, &scopes) },
    })
}

fn near(view: &View<'_>, entry: &Entry<'_>) -> Option<Guess> {
    let near = nearest_scope(view.catalog, entry.text, &|scope| view.target.can_hold(scope))?;
    Some(replaced(view, entry, near))
}

fn replaced(view: &View<'_>, entry: &Entry<'_>, near: &str) -> Guess {
    if view.names(near) {
        let help = format!("did you mean `{near}`? it is granted already");
        return Guess { help, fix: Fix { title: "remove it".to_owned(), edits: view.remove(entry.text) } };
    }
    let edits = view.replace(entry.text, near);
    Guess { help: format!("did you mean `{near}`?"), fix: Fix { title: format!("replace by `{near}`"), edits } }
}

/// The scopes of a resource, such as `users.read` and `users.write` of `users`, that the key could be granted.
pub(super) fn of_resource<'a>(view: &View<'a>, resource: &str) -> Vec<&'a str> {
    let scopes = view.catalog.scopes().iter().filter(|scope| scope.id.resource() == resource && scope.id.action().is_some());
    scopes.filter(|scope| view.target.can_hold(scope)).map(|scope| scope.id.as_str()).collect()
}

/// Puts several scopes in the place of one entry, those that are not granted yet.
fn spread(view: &View<'_>, entry: &Entry<'_>, scopes: &[&str]) -> Vec<Edit> {
    let mut fresh: Vec<&str> = Vec::new();
    for scope in scopes {
        if !view.names(scope) && !fresh.contains(scope) {
            fresh.push(scope);
        }
    }
    let mut fresh = fresh.into_iter();
    let mut edits = match fresh.next() {
        Some(scope) => view.replace(entry.text, scope),
        None => view.remove(entry.text),
    };
    edits.extend(fresh.map(|scope| Edit::Add { scope: scope.to_owned() }));
    edits
}
