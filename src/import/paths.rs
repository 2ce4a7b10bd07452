//! Paths of documents, written as paths of a catalog.

/// A path as a catalog has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub path: String,
    /// The same for paths that cannot be told apart.
    pub shape: String,
    pub fidelity: Fidelity,
}

/// How much of the document's path a catalog can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fidelity {
    /// All of it.
    Whole,
    /// The path also has a query, which a catalog does not look at.
    WithoutQuery,
    /// Not all: the path is a wider one, so that no other operation answers for it, and must stay closed.
    Wider,
}

enum Part {
    Text(String),
    Parameter(String),
    Tail(String),
}

/// So many segments are written; a catalog has a limit, too, which counts the base path.
const MAX_SEGMENTS: usize = 40;

/// Writes a path as a catalog has it.
pub(super) fn route(path: &str, fold_case: bool) -> Route {
    let (path, query) = without_query(path);
    let mut fidelity = if query { Fidelity::WithoutQuery } else { Fidelity::Whole };
    let (mut written, mut shape) = (String::new(), String::new());
    // How much is written before the segment with the tail.
    let mut tail: Option<(usize, usize)> = None;
    for (index, segment) in path.split('/').filter(|segment| !segment.is_empty()).enumerate() {
        let mut parts = parts(segment).unwrap_or_else(|| {
            fidelity = Fidelity::Wider;
            vec![Part::Parameter(name(segment))]
        });
        let is_tail = parts.iter().any(|part| matches!(part, Part::Tail(_)));
        // What follows cannot be said.
        let is_over = is_tail && tail.is_some() || index >= MAX_SEGMENTS;
        if is_over {
            fidelity = Fidelity::Wider;
            let (in_path, in_shape) = tail.unwrap_or((written.len(), shape.len()));
            written.truncate(in_path);
            shape.truncate(in_shape);
            parts = vec![Part::Tail("rest".to_owned())];
        } else if is_tail {
            tail = Some((written.len(), shape.len()));
        }
        written.push('/');
        shape.push('/');
        for part in &parts {
            match part {
                Part::Text(text) => {
                    written.push_str(text);
                    shape.push_str(&if fold_case { text.to_ascii_lowercase() } else { text.clone() });
                }
                Part::Parameter(name) => {
                    written.push_str(&format!("{{{name}}}"));
                    shape.push_str("{}");
                }
                Part::Tail(name) => {
                    written.push_str(&format!("{{+{name}}}"));
                    shape.push_str("{+}");
                }
            }
        }
        if is_over {
            break;
        }
    }
    if written.is_empty() {
        written.push('/');
        shape.push('/');
    }
    Route { path: written, shape, fidelity }
}

/// The path before `?` or `#`, and whether there was one. `{?page}` is an optional query of a URI template.
fn without_query(path: &str) -> (String, bool) {
    let mut kept = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("{?").or_else(|| rest.split_once("{&")) {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    match kept.split_once(['?', '#']) {
        Some((before, _)) => (before.to_owned(), true),
        None => (kept, false),
    }
}

/// The parts of a segment; `None` where a catalog cannot say them. Parameters without a text between them are one.
fn parts(segment: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, after) = after.split_once('}')?;
        if !before.is_empty() {
            parts.push(Part::Text(literal(before)?));
        }
        let ends_as_tail = inner.ends_with(['+', '*']) || inner.ends_with("...");
        let is_tail = inner.starts_with('+') || ends_as_tail && !inner.contains(':');
        let name = name(inner);
        match parts.pop() {
            Some(Part::Parameter(before)) if is_tail => parts.push(Part::Tail(format!("{before}-{name}"))),
            Some(Part::Parameter(before)) => parts.push(Part::Parameter(format!("{before}-{name}"))),
            Some(Part::Tail(before)) => parts.push(Part::Tail(format!("{before}-{name}"))),
            other => {
                parts.extend(other);
                parts.push(if is_tail { Part::Tail(name) } else { Part::Parameter(name) });
            }
        }
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(literal(rest)?));
    }
    // A catalog reads a segment that begins with a colon as a parameter, and has one tail in a path. No request has a dot segment.
    let is_misread = match parts.as_slice() {
        [Part::Text(text)] if text == "." || text == ".." => true,
        [Part::Text(text), ..] => text.starts_with(':'),
        _ => false,
    };
    let tails = parts.iter().filter(|part| matches!(part, Part::Tail(_))).count();
    (!is_misread && tails < 2).then_some(parts)
}

/// A literal text, decoded; `None` if it could not be met in a request.
fn literal(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_odd = |c: char| c.is_control() || matches!(c, '{' | '}' | '%' | '/' | '\\' | '?' | '#');
    (!text.chars().any(is_odd)).then_some(text)
}

/// The name of a parameter, of letters that a catalog can have there.
fn name(text: &str) -> String {
    // `{id:[0-9]+}` has a pattern behind the name.
    let text = text.split_once(':').map_or(text, |(name, _)| if name.is_empty() { text } else { name });
    let text: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let text = text.trim_matches('-');
    if text.is_empty() { "value".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written_as(path: &str) -> (String, Fidelity) {
        let route = route(path, false);
        (route.path, route.fidelity)
    }

    #[test]
    fn what_a_catalog_can_say_stays() {
        for (path, written) in [
            ("/users/{user_id}", "/users/{user_id}"),
            ("users/", "/users"),
            ("/", "/"),
            ("/v1/{name}:resolve", "/v1/{name}:resolve"),
            ("/filterBy(on='{x}',to='{y}')", "/filterBy(on='{x}',to='{y}')"),
            ("/files/{name}.{ext}", "/files/{name}.{ext}"),
            ("/v1/{+path}", "/v1/{+path}"),
            ("/{proxy+}", "/{+proxy}"),
            ("/things/{id:[0-9]+}", "/things/{id}"),
            ("/search{?page,size}", "/search"),
            ("/caf%C3%A9", "/café"),
            ("/a%20b/cell(row={row}, column={column})", "/a b/cell(row={row}, column={column})"),
            ("/v1/{+name}/operations", "/v1/{+name}/operations"),
            ("/v1/{+name}:cancel", "/v1/{+name}:cancel"),
            ("/x/{a}{b}", "/x/{a-b}"),
        ] {
            assert_eq!(written_as(path).0, written, "{path}");
        }
    }

    #[test]
    fn what_it_cannot_say_becomes_wider() {
        for (path, written, fidelity) in [
            ("/items?kind=a", "/items", Fidelity::WithoutQuery),
            ("/items#a", "/items", Fidelity::WithoutQuery),
            ("/x/{open", "/x/{open}", Fidelity::Wider),
            ("/x/:batch", "/x/{batch}", Fidelity::Wider),
            ("/v1/{+a}:x/y/{+b}/z", "/v1/{+rest}", Fidelity::Wider),
            ("/a/{+b}-{+c}", "/a/{b----c}", Fidelity::Wider),
            ("/a/../b", "/a/{value}/b", Fidelity::Wider),
            ("/a/b%2Fc", "/a/{b-2Fc}", Fidelity::Wider),
        ] {
            assert_eq!(written_as(path), (written.to_owned(), fidelity), "{path}");
        }
    }

    #[test]
    fn long_paths_become_wider() {
        let route = route(&"/a".repeat(100), false);
        assert_eq!((route.path, route.fidelity), (format!("{}/{{+rest}}", "/a".repeat(40)), Fidelity::Wider));
    }

    #[test]
    fn paths_that_cannot_be_told_apart_have_one_shape() {
        assert_eq!(route("/users/{id}", false).shape, route("/users/{user}/", false).shape);
        assert_ne!(route("/Users", false).shape, route("/users", false).shape);
        assert_eq!(route("/Users", true).shape, route("/users", true).shape);
        assert_ne!(route("/users/{id}:stop", false).shape, route("/users/{id}", false).shape);
    }
}
