//! Finds the operations of a request's method and path.

use alloc::{boxed::Box, string::String, vec::Vec};

use super::Operation;
use crate::scope::order::sort;

/// Routes of a catalog, sorted so that the most specific of several that fit is met first.
#[derive(Clone, Debug, Default)]
pub(in crate::scope) struct Routes(Vec<Route>);

#[derive(Clone, Debug)]
struct Route {
    method: Box<str>,
    /// `None` for a parameter.
    segments: Vec<Option<Box<str>>>,
    operation: u16,
}

impl Route {
    /// Method, length, then shape: where two routes differ, a word comes before a parameter.
    fn key(&self) -> (&str, usize, impl Iterator<Item = (bool, &str)>) {
        let shape = self.segments.iter().map(|segment| (segment.is_none(), segment.as_deref().unwrap_or("")));
        (&self.method, self.segments.len(), shape)
    }

    fn order(&self, other: &Self) -> core::cmp::Ordering {
        let ((method, length, shape), (other_method, other_length, other_shape)) = (self.key(), other.key());
        (method, length).cmp(&(other_method, other_length)).then_with(|| shape.cmp(other_shape)).then(self.operation.cmp(&other.operation))
    }

    fn fits(&self, path: &[String]) -> bool {
        self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(segment, given)| match segment {
                Some(word) => **word == **given,
                None => !given.is_empty(),
            })
    }
}

impl Routes {
    pub(super) fn new(operations: &[Operation]) -> Self {
        let route = |(position, operation): (usize, &Operation)| {
            let segment = |text: &str| (!text.starts_with(':')).then(|| text.into());
            Some(Route {
                method: operation.method.as_str().into(),
                segments: operation.path.split('/').filter(|text| !text.is_empty()).map(segment).collect(),
                operation: u16::try_from(position).ok()?,
            })
        };
        Self(sort(operations.iter().enumerate().filter_map(route).collect(), Route::order))
    }

    /// The operations of a method and a path; several where they share one route. A `HEAD` is a `GET` where no route says otherwise.
    pub(in crate::scope) fn find(&self, method: &str, path: &str) -> Vec<u16> {
        let Some(path) = segments(path) else { return Vec::new() };
        let found = self.find_exactly(method, &path);
        if found.is_empty() && method == "HEAD" { self.find_exactly("GET", &path) } else { found }
    }

    fn find_exactly(&self, method: &str, path: &[String]) -> Vec<u16> {
        let wanted = (method, path.len());
        let first = self.0.partition_point(|route| (&*route.method, route.segments.len()) < wanted);
        let rest = self.0.get(first..).unwrap_or_default();
        let mut alike = rest.iter().take_while(|route| (&*route.method, route.segments.len()) == wanted);
        let Some(best) = alike.find(|route| route.fits(path)) else { return Vec::new() };
        let others = alike.take_while(|route| route.segments == best.segments).map(|route| route.operation);
        core::iter::once(best.operation).chain(others).collect()
    }

    /// The methods that this path can be called with, each once, in alphabetical order.
    pub(in crate::scope) fn methods(&self, path: &str) -> Vec<&str> {
        let Some(path) = segments(path) else { return Vec::new() };
        let mut methods: Vec<&str> = self.0.iter().filter(|route| route.fits(&path)).map(|route| &*route.method).collect();
        methods.dedup();
        methods
    }
}

/// The decoded segments of a path. `None` for a path that servers read in different ways: one with an empty segment, a dot segment,
/// an encoded slash or a broken encoding. One slash at the end is passed over.
fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some(Vec::new());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(decoded).collect()
}

fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains(['/', '\\', '\0']) && !matches!(text.as_str(), "" | "." | "..")).then_some(text)
}

#[cfg(test)]
mod tests {
    use crate::scope::Catalog;

    fn found(method: &str, path: &str) -> Vec<&'static str> {
        let catalog = Catalog::appwrite();
        catalog.routes().find(method, path).into_iter().map(|position| catalog.operation_id(position)).collect()
    }

    #[test]
    fn a_word_is_preferred_to_a_parameter() {
        assert_eq!(found("GET", "/v1/tablesdb/transactions"), ["tablesDB.listTransactions"]);
        assert_eq!(found("GET", "/v1/tablesdb/main"), ["tablesDB.get"]);
        assert_eq!(found("POST", "/v1/project/keys/ephemeral"), ["project.createEphemeralKey"]);
        assert_eq!(found("GET", "/v1/project/keys/ephemeral"), ["project.getKey"]);
    }

    #[test]
    fn operations_that_share_a_route_are_all_found() {
        assert_eq!(found("POST", "/v1/tablesdb/main/tables/x/rows"), ["tablesDB.createRow", "tablesDB.createRows"]);
    }

    #[test]
    fn an_encoded_word_cannot_pass_as_a_parameter() {
        assert_eq!(found("POST", "/v1/project/keys/%65phemeral"), ["project.createEphemeralKey"]);
        for path in ["/v1/users/%2e%2e", "/v1/users/a%2Fb", "/v1/users/..", "/v1//users", "/v1/users/%4", "/v1/users/%zz", "v1/users", ""] {
            assert!(found("GET", path).is_empty(), "{path}");
        }
    }

    #[test]
    fn every_route_finds_its_own_operation() {
        for operation in Catalog::appwrite().operations() {
            let path = operation.path.replace(':', "some-");
            assert!(found(&operation.method, &path).contains(&operation.id.as_str()), "{} {path}", operation.method);
        }
    }

    #[test]
    fn a_head_request_is_a_get_request() {
        assert_eq!(found("HEAD", "/v1/users/"), ["users.list"]);
    }
}
