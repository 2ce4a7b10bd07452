//! A slow matcher, written from the rules of [`super`] alone: it compares every route in every way. Tests compare it with the fast one.

use super::{super::entries::TrailingSlash, Origin};

/// A letter of a pattern, or of a path that stands for all that a pattern takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Letter {
    Is(char),
    Parameter,
    Tail,
}

type Segment = Vec<Letter>;

#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Methods and paths.
    pub operations: &'a [(&'a str, String)],
    pub bases: &'a [String],
    pub is_folded: bool,
    pub slash: TrailingSlash,
}

/// What a path means as it is written, as positions; and whether a reader could take it for something else.
pub fn meaning(rules: Rules<'_>, method: &str, path: &str, origin: Origin) -> (Vec<usize>, bool) {
    let Some(path) = request(path, rules, origin) else { return (Vec::new(), false) };
    let bases: Vec<Vec<Segment>> = rules.bases.iter().map(|base| pattern(base, rules)).collect();
    let how = |base: &Vec<Segment>| -> How {
        if path.len() < base.len() { How::Not } else { path.iter().zip(base).map(|(value, word)| segment(word, value)).max().unwrap() }
    };
    let mut paths: Vec<&[Segment]> = bases.iter().filter(|base| how(base) == How::Exactly).map(|base| &path[base.len()..]).collect();
    if bases.is_empty() || origin == Origin::Text && bases.iter().all(|base| how(base) == How::Not) {
        paths.push(&path);
    }
    let (mut all, mut is_mistaken) = (Vec::new(), false);
    for path in paths {
        let (mut found, mut mistaken) = called(rules, method, path);
        if method == "HEAD" {
            let (get, also) = called(rules, "GET", path);
            found = if found.is_empty() { get } else { found };
            mistaken |= also;
        }
        all.extend(found);
        is_mistaken |= mistaken;
    }
    all.sort_unstable();
    all.dedup();
    (all, is_mistaken)
}

fn called(rules: Rules<'_>, method: &str, path: &[Segment]) -> (Vec<usize>, bool) {
    let of_method = rules.operations.iter().enumerate().filter(|(_, (own, _))| *own == method);
    let patterns: Vec<(usize, Vec<Segment>)> = of_method.map(|(at, (_, path))| (at, pattern(path, rules))).collect();
    let fitting: Vec<(usize, &Vec<Segment>, How)> = patterns.iter().map(|(at, pattern)| (*at, pattern, fit(pattern, path))).collect();
    let takes = |one: &[Segment], other: &[Segment]| fit(one, other) <= How::Cut;
    let exact: Vec<&(usize, &Vec<Segment>, How)> = fitting.iter().filter(|(.., how)| *how <= How::Cut).collect();
    let is_narrower = |one: &Vec<Segment>, other: &Vec<Segment>| takes(other, one) && !takes(one, other);
    let is_wider = |it: &&(usize, &Vec<Segment>, How)| exact.iter().any(|(_, other, _)| is_narrower(other, it.1));
    let narrowest: Vec<&(usize, &Vec<Segment>, How)> = exact.iter().copied().filter(|it| !is_wider(it)).collect();
    let is_excused = |loose: &Vec<Segment>| narrowest.iter().all(|(_, own, _)| fit(loose, own) != How::Not);
    let is_loose = fitting.iter().any(|(_, pattern, how)| *how == How::Loosely && !is_excused(pattern));
    let is_cut = narrowest.iter().any(|(.., how)| *how == How::Cut) && narrowest.len() < exact.len();
    (narrowest.iter().map(|(at, ..)| *at).collect(), is_loose || is_cut)
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum How {
    Exactly,
    Cut,
    Loosely,
    Not,
}

fn letters(text: &str, is_folded: bool) -> Segment {
    text.chars().map(|letter| Letter::Is(if is_folded { letter.to_ascii_lowercase() } else { letter })).collect()
}

fn request(path: &str, rules: Rules<'_>, origin: Origin) -> Option<Vec<Segment>> {
    if path == "/" {
        return Some(Vec::new());
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    if !parts.remove(0).is_empty() || parts.is_empty() {
        return None;
    }
    let has_slash = parts.len() > 1 && parts.last() == Some(&"");
    if has_slash {
        parts.pop();
    }
    let mut segments = Vec::new();
    for part in parts {
        let mut pieces = part.split('%');
        let mut bytes = pieces.next()?.as_bytes().to_vec();
        for piece in pieces {
            let digits = piece.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            bytes.extend(&piece.as_bytes()[2..]);
        }
        let decoded = String::from_utf8(bytes).ok()?;
        if decoded.contains(['/', '\\', '\0', '\u{1}']) || ["", ".", ".."].contains(&decoded.as_str()) {
            return None;
        }
        let is_pattern = origin == Origin::Text && decoded.contains('{');
        segments.push(if is_pattern { pattern(&decoded, rules).remove(0) } else { letters(&decoded, rules.is_folded) });
    }
    segments.extend((has_slash && rules.slash == TrailingSlash::Distinct).then(Vec::new));
    Some(segments)
}

fn pattern(path: &str, rules: Rules<'_>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = path
        .split('/')
        .filter(|text| !text.is_empty())
        .map(|text| {
            let mut segment = Segment::new();
            let mut rest = text;
            while let Some(first) = rest.chars().next() {
                let mark = if first == '{' {
                    let (name, behind) = rest.split_once('}').unwrap();
                    rest = behind;
                    if name.starts_with("{+") || name.ends_with("...") { Letter::Tail } else { Letter::Parameter }
                } else if first == ':' && rest.len() == text.len() {
                    rest = rest
                        .strip_prefix(':')
                        .unwrap()
                        .trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-');
                    Letter::Parameter
                } else {
                    rest = rest.strip_prefix(first).unwrap();
                    segment.extend(letters(&first.to_string(), rules.is_folded));
                    continue;
                };
                match segment.last_mut().filter(|last| !matches!(last, Letter::Is(_))) {
                    Some(last) if mark == Letter::Tail => *last = mark,
                    Some(_) => {}
                    None => segment.push(mark),
                }
            }
            segment
        })
        .collect();
    segments.extend((rules.slash == TrailingSlash::Distinct && path.ends_with('/') && !segments.is_empty()).then(Vec::new));
    segments
}

/// With a tail for each segment that it takes.
fn fit(pattern: &[Segment], path: &[Segment]) -> How {
    let tail = pattern.iter().position(|segment| segment.contains(&Letter::Tail));
    let mut expanded = pattern.to_vec();
    if let Some(tail) = tail
        && path.len() > pattern.len()
    {
        let own = &pattern[tail];
        let at = own.iter().position(|letter| *letter == Letter::Tail).unwrap();
        let mut taken = vec![vec![Letter::Tail]; path.len() + 1 - pattern.len()];
        taken[0] = own[..=at].to_vec();
        *taken.last_mut().unwrap() = own[at..].to_vec();
        expanded.splice(tail..=tail, taken);
    }
    if expanded.len() != path.len() {
        return How::Not;
    }
    expanded.iter().zip(path).map(|(own, value)| segment(own, value)).max().unwrap_or(How::Exactly)
}

fn segment(pattern: &[Letter], value: &[Letter]) -> How {
    if pattern == value {
        return How::Exactly;
    }
    if takes(pattern, value, false, true) {
        return How::Exactly;
    }
    if takes(pattern, value, false, false) {
        return How::Cut;
    }
    // What readers make of it.
    let begin = value.iter().position(|letter| !matches!(letter, Letter::Is(' ' | '+'))).unwrap_or(value.len());
    let is_ascii = |letter: &Letter| !matches!(letter, Letter::Is(letter) if !letter.is_ascii());
    let ascii: Segment = value[begin..].iter().copied().filter(is_ascii).collect();
    for value in [&value[begin..], &ascii] {
        let is_end =
            |end: usize| !matches!(value.get(end), Some(Letter::Is(letter)) if letter.is_ascii_alphanumeric() || "-_".contains(*letter));
        if (0..=value.len()).any(|end| is_end(end) && takes(pattern, &value[..end], true, false)) {
            return How::Loosely;
        }
    }
    How::Not
}

/// Tries every place. Where it is whole, no parameter with text behind it takes what readers cut at.
fn takes(pattern: &[Letter], value: &[Letter], is_lax: bool, is_whole: bool) -> bool {
    let Some((first, behind)) = pattern.split_first() else { return value.is_empty() };
    if let Letter::Is(letter) = first {
        let is_same = |other: &Letter| match other {
            Letter::Is(other) if is_lax => letter.eq_ignore_ascii_case(other) || !other.is_ascii(),
            other => other == first,
        };
        return value.split_first().is_some_and(|(other, rest)| is_same(other) && takes(behind, rest, is_lax, is_whole));
    }
    (1..=value.len()).any(|count| {
        let (taken, rest) = value.split_at(count);
        let is_cut = |letter: &Letter| matches!(letter, Letter::Is(letter) if *letter <= ' ' || ".;?#\u{7f}".contains(*letter) || !letter.is_ascii());
        (*first == Letter::Tail || !taken.contains(&Letter::Tail))
            && !(is_whole && !behind.is_empty() && taken.iter().any(is_cut))
            && takes(behind, rest, is_lax, is_whole)
    })
}
