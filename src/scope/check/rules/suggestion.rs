//! Guesses which scope was meant by a text that is not one.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::scope::{
    Edit, Fix,
    catalog::nearest_scope,
    check::context::{Context, Entry},
    support::{
        gather::Gather,
        sort::Dedup,
        text::{self, cut_last, fill},
    },
};

/// Longer texts are not taken apart.
const MAX_LENGTH: usize = 4096;

/// What to do about a text that names no scope.
pub(super) struct Suggested<'a> {
    pub help: String,
    pub fix: Fix<Cow<'a, str>>,
}

/// What was probably meant; `None` when nothing is near enough. A wrong suggestion is worse than none.
pub(super) fn suggestion<'a>(context: &Context<'a>, entry: &Entry<'a>) -> Option<Suggested<'a>> {
    if entry.text.len() > MAX_LENGTH {
        return None;
    }
    several(context, entry).or_else(|| wildcard(context, entry)).or_else(|| near(context, entry))
}

/// One scope with something around it, or several in one text.
fn several<'a>(context: &Context<'a>, entry: &Entry<'a>) -> Option<Suggested<'a>> {
    let found = listed(context, entry.text)?;
    let scopes = text::counted(found.len(), "scope");
    match found.as_slice() {
        [] => None,
        [only] => Some(replaced(context, entry, only)),
        _ => Some(Suggested {
            help: fill("the text holds {}; list each one separately", &[&scopes]),
            fix: Fix { title: fill("split it into {}", &[&scopes]).into(), edits: spread(context, entry, &found) },
        }),
    }
}

/// The scopes of a text that holds nothing else: in a row as OAuth writes them, as lines of a list, quoted, or with one resource for
/// several actions (`users.read/write`, `users.{read,write}`). `None` where it holds something else.
fn listed<'a>(context: &Context<'a>, text: &str) -> Option<Vec<&'a str>> {
    const MARKS: &str = ",;+|&/\"'`[]{}()<>\u{2018}\u{2019}\u{201c}\u{201d}";
    let (mut found, mut resource, mut is_waiting) = (Vec::new(), "", false);
    for word in text::words(text, |c| c.is_whitespace() || MARKS.chars().any(|mark| mark == c)) {
        let name = text::trimmed(word, |c| matches!(c, '.' | ':' | '-' | '*' | '_'));
        // Bullets, numbers and boxes of lists.
        if matches!(name, "and" | "x" | "X") || name.chars().all(|c| c.is_ascii_digit() || matches!(c, '\u{2013}' | '\u{2022}' | '\u{b7}'))
        {
            continue;
        }
        let whole = context.catalog.find_scope(name).filter(|_| !is_waiting);
        let scope = whole.or_else(|| context.catalog.find_scope(&fill("{}.{}", &[resource, name])));
        match scope {
            Some((_, scope)) => {
                found.push(scope.id.as_str());
                is_waiting = false;
                resource = cut_last(scope.id.as_str(), b'.').map_or("", |(resource, _)| resource);
            }
            None if !is_waiting && matches!(word.as_bytes(), [.., b'.' | b':']) => (resource, is_waiting) = (name, word.ends_with('.')),
            None => return None,
        }
    }
    (!is_waiting).then_some(found)
}

/// `users.*`, which no system of scopes like this one knows.
fn wildcard<'a>(context: &Context<'a>, entry: &Entry<'a>) -> Option<Suggested<'a>> {
    let resource = entry.text.strip_suffix('*')?.strip_suffix(['.', ':', '/'])?;
    let scopes = of_resource(context, resource);
    let names = text::listed(scopes.iter().copied());
    (!scopes.is_empty()).then(|| Suggested {
        help: fill("there is no wildcard; grant {}", &[&names]),
        fix: Fix { title: fill("replace with {}", &[&names]).into(), edits: spread(context, entry, &scopes) },
    })
}

fn near<'a>(context: &Context<'a>, entry: &Entry<'a>) -> Option<Suggested<'a>> {
    let near = nearest_scope(context.catalog, entry.text, &context.patience, &|scope| context.target.can_hold(scope))?;
    Some(replaced(context, entry, near))
}

fn replaced<'a>(context: &Context<'a>, entry: &Entry<'a>, near: &'a str) -> Suggested<'a> {
    if context.names(near) {
        let help = fill("did you mean `{}`? it is already granted", &[near]);
        return Suggested { help, fix: Fix { title: "remove it".into(), edits: context.remove(entry) } };
    }
    let edits = context.replace(entry, near);
    Suggested { help: fill("did you mean `{}`?", &[near]), fix: Fix { title: fill("replace with `{}`", &[near]).into(), edits } }
}

/// The scopes of a resource that the key could be granted.
pub(super) fn of_resource<'a>(context: &Context<'a>, resource: &str) -> Vec<&'a str> {
    let scopes = context.catalog.scopes_of(resource).into_iter().filter_map(|position| context.catalog.scope_at(position));
    scopes.filter(|scope| context.target.can_hold(scope)).map(|scope| scope.id.as_str()).gathered()
}

/// Replaces one entry with several scopes, those that are not granted yet.
fn spread<'a>(context: &Context<'a>, entry: &Entry<'a>, scopes: &[&'a str]) -> Vec<Edit<Cow<'a, str>>> {
    let mut seen = Dedup::default();
    let mut fresh = scopes.iter().copied().filter(|scope| !context.names(scope) && seen.insert(scope));
    let mut edits = match fresh.next() {
        Some(scope) => context.replace(entry, scope),
        None => context.remove(entry),
    };
    edits.extend(fresh.map(|scope| Edit::Add { scope: Cow::Borrowed(scope) }));
    edits
}
