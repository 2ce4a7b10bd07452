//! Remembers which operations a method and a path call. Two paths are the same here if they have the same words of the catalog's routes in the
//! same places: parameters accept any other segment, so `/v1/users/1` and `/v1/users/2` are one entry.

use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderValue;
use hashbrown::HashMap;

use crate::scope::{Catalog, Operation};

/// More forms of paths than this are not kept.
const MAX_FORMS: usize = 4096;
/// Longer forms are not kept, in bytes: a method, and two bytes for each segment.
const MAX_BYTES: usize = 64;
/// Where a parameter takes the segment.
const ANYTHING: u16 = 0;

/// The forms of paths that were called, with what they mean.
pub(in crate::server) struct Paths {
    /// The words of the routes. `None` where a route looks at more than whole words.
    words: Option<Words>,
    longest: usize,
    forms: RwLock<HashMap<Box<[u8]>, Arc<Called>>>,
}

/// The words of the routes, as the catalog spells them and in lower case: a reader may ignore letter case.
type Words = HashMap<Box<str>, Word>;

/// How a text is a word.
#[derive(Default)]
struct Word {
    /// From 1 on, where the catalog spells a word so.
    number: Option<u16>,
    /// Whether a word is so in lower case.
    is_folded: bool,
}

/// The operations of a form, of which there is at least one.
pub(in crate::server::http) struct Called {
    /// Their positions in the catalog.
    pub operations: Box<[usize]>,
    /// The id of the first one.
    pub name: HeaderValue,
}

/// A method and a path, as what matters of them.
struct Form {
    bytes: [u8; MAX_BYTES],
    length: usize,
}

impl Form {
    fn new(method: &str) -> Option<Self> {
        let mut form = Self { bytes: [0; MAX_BYTES], length: 0 };
        form.add(method.as_bytes())?;
        // No method contains it.
        form.add(b"/")?;
        Some(form)
    }

    fn add(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.length + bytes.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(bytes);
        self.length = end;
        Some(())
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Paths {
    /// Of a catalog, the only one that is asked about.
    pub(in crate::server) fn new(catalog: &Catalog) -> Self {
        let are_whole = catalog.operations().iter().all(|operation| operation.path.split('/').all(is_word_or_parameter));
        let folded = if are_whole { catalog.route_words() } else { None };
        let words = folded.and_then(|folded| {
            let paths = catalog.operations().iter().map(|operation| &operation.path).chain(&catalog.base_paths);
            let spelled = paths.flat_map(|path| path.split('/')).filter(|segment| !segment.is_empty() && !segment.starts_with([':', '{']));
            let mut words = Words::default();
            let mut last = ANYTHING;
            for text in spelled {
                let word = words.entry(text.into()).or_default();
                if word.number.is_none() {
                    last = last.checked_add(1)?;
                    word.number = Some(last);
                }
            }
            for text in folded {
                words.entry(text.into()).or_default().is_folded = true;
            }
            Some(words)
        });
        let longest = words.iter().flat_map(Words::keys).map(|word| word.len()).max().unwrap_or(0);
        Self { words, longest, forms: RwLock::default() }
    }

    /// The operations that a request calls, as [`Catalog::operations_at`] finds them; `None` where it finds none, or what it finds
    /// depends on more than words.
    pub(in crate::server::http) fn called(&self, catalog: &Catalog, method: &str, path: &str) -> Option<Arc<Called>> {
        let form = self.form(method, path)?;
        if let Some(known) = self.forms.read().unwrap_or_else(PoisonError::into_inner).get(form.as_bytes()) {
            return Some(known.clone());
        }
        let found: Vec<&Operation> = catalog.operations_at(method, path).collect();
        let place = |found: &&Operation| catalog.operations().iter().position(|operation| std::ptr::eq(operation, *found));
        let (operations, name) = (found.iter().map(place).collect::<Option<_>>()?, HeaderValue::from_str(&found.first()?.id).ok()?);
        let called = Arc::new(Called { operations, name });
        let mut forms = self.forms.write().unwrap_or_else(PoisonError::into_inner);
        if forms.len() >= MAX_FORMS {
            forms.clear();
        }
        forms.insert(form.as_bytes().into(), called.clone());
        Some(called)
    }

    /// `None` where a path has anything that needs a closer look.
    fn form(&self, method: &str, path: &str) -> Option<Form> {
        let (words, mut form) = (self.words.as_ref()?, Form::new(method)?);
        let mut rest = path.strip_prefix('/')?;
        loop {
            let (mut length, mut has_upper_case) = (0, false);
            for byte in rest.bytes() {
                match byte {
                    b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => {}
                    b'A'..=b'Z' => has_upper_case = true,
                    _ => break,
                }
                length += 1;
            }
            let (segment, behind) = rest.split_at_checked(length)?;
            if segment.is_empty() {
                return None;
            }
            form.add(&self.number(words, segment, has_upper_case)?.to_le_bytes())?;
            match behind.strip_prefix('/') {
                Some(next) => rest = next,
                None => return behind.is_empty().then_some(form),
            }
        }
    }

    /// What a segment counts as; `None` where a reader could take it for a word.
    fn number(&self, words: &Words, segment: &str, has_upper_case: bool) -> Option<u16> {
        if segment.len() > self.longest {
            return Some(ANYTHING);
        }
        let known = words.get(segment);
        if let Some(number) = known.and_then(|word| word.number) {
            return Some(number);
        }
        let folded = if has_upper_case { words.get(segment.to_ascii_lowercase().as_str()) } else { known };
        (!folded.is_some_and(|word| word.is_folded)).then_some(ANYTHING)
    }
}

/// Whether a segment of a route is one word, or one parameter and nothing else.
fn is_word_or_parameter(segment: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let parameter = segment.strip_prefix(':').or_else(|| segment.strip_prefix('{')?.strip_suffix('}'));
    parameter.map_or_else(|| !segment.contains(['{', '}', ':']), is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Dice;

    fn ids(paths: &Paths, method: &str, path: &str) -> Option<Vec<&'static str>> {
        let called = paths.called(Catalog::appwrite(), method, path)?;
        let ids: Vec<&str> = called.operations.iter().map(|place| Catalog::appwrite().operations()[*place].id.as_str()).collect();
        assert_eq!(called.name, ids[0]);
        Some(ids)
    }

    #[test]
    fn every_route_is_found_again_with_other_values_of_its_parameters() {
        let (catalog, paths) = (Catalog::appwrite(), Paths::new(Catalog::appwrite()));
        for operation in catalog.operations() {
            for value in ["42", "Users-1", "a_b", &"x".repeat(200)] {
                let segments = operation.path.split('/').map(|segment| if segment.starts_with(':') { value } else { segment });
                let path = segments.collect::<Vec<_>>().join("/");
                let found: Vec<&str> = catalog.operations_at(&operation.method, &path).map(|operation| operation.id.as_str()).collect();
                assert!(!found.is_empty(), "{path}");
                // One with a dot, such as `/openapi.json`, is looked at closely each time.
                let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'));
                assert_eq!(ids(&paths, &operation.method, &path), is_plain.then_some(found), "{path}");
            }
        }
        let forms = paths.forms.read().unwrap().len();
        assert!(forms <= catalog.operations().len(), "{forms} forms");
    }

    #[test]
    fn what_readers_could_read_in_another_way_is_not_kept() {
        let paths = Paths::new(Catalog::appwrite());
        assert_eq!(ids(&paths, "GET", "/v1/users/42"), Some(vec!["users.get"]));
        assert_eq!(ids(&paths, "PATCH", "/v1/project/oauth2/paypalSandbox"), Some(vec!["project.updateOAuth2PaypalSandbox"]));
        for path in ["/v1/Users/42", "/v1/users/42/", "/v1/users//42", "/v1/users/4.2", "/v1/users/%34", "/v1/users/é", "v1/users/42", ""]
        {
            assert_eq!(ids(&paths, "GET", path), None, "{path}");
        }
        assert_eq!(ids(&paths, "PATCH", "/v1/project/oauth2/paypalsandbox"), None);
        assert_eq!(ids(&paths, "GET", "/v1/no/such/route"), None);
        assert_eq!(ids(&paths, "BREW", "/v1/users/42"), None);
        assert_eq!(ids(&paths, &"G".repeat(99), "/v1/users/42"), None);
        assert_eq!(paths.forms.read().unwrap().len(), 2);
    }

    #[test]
    fn a_word_and_a_value_in_one_place_are_two_forms() {
        let paths = Paths::new(Catalog::appwrite());
        let at = |path: &str| Catalog::appwrite().operations_at("GET", path).map(|operation| operation.id.as_str()).collect::<Vec<_>>();
        // `usage` is a word of a route, `x1` of none.
        for path in ["/v1/users/x1", "/v1/users/usage", "/v1/users/x2", "/v1/users/memberships", "/v1/users/usage"] {
            assert_eq!(ids(&paths, "GET", path).unwrap_or_default(), at(path), "{path}");
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let paths = Paths::new(Catalog::appwrite());
        let words: Vec<&str> = paths.words.iter().flatten().filter(|(_, word)| word.number.is_some()).map(|(word, _)| &**word).collect();
        for one in &words {
            for other in words.iter().take(40) {
                ids(&paths, "GET", &format!("/v1/databases/{one}/collections/{other}"));
                assert!(paths.forms.read().unwrap().len() <= MAX_FORMS);
            }
        }
    }

    #[test]
    fn a_catalog_whose_routes_look_into_segments_keeps_nothing() {
        for path in ["/a/{id}:run", "/a/v{id}", "/a/{+rest}", "/a/{rest...}", "/a/{one}.{two}"] {
            let text = format!(
                r#"{{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{{"id":"s","name":"S"}}],"scopes":[
                {{"id":"read","service":"s","description":"","tiers":["project"],"editions":[]}}],
                "operations":[{{"id":"a","method":"GET","path":"{path}","scopes":["read"]}}]}}"#
            );
            let catalog = Catalog::from_json(&text).unwrap();
            let paths = Paths::new(&catalog);
            assert!(paths.called(&catalog, "GET", "/a/x").is_none() && paths.words.is_none(), "{path}");
        }
    }

    /// Catalogs and paths of few words, so that they meet often.
    #[test]
    fn on_random_catalogs_the_memory_changes_no_answer() {
        const WHOLE: &[&str] = &["a", "A", "ab", "b-c", "x_1", "usage", ":p", ":q", "{p}", "{q}", "{r}"];
        const PARTS: &[&str] = &["{p}:run", "v{p}", "{p}.{q}", "{+t}", "a.b", "a;b", "f({p})"];
        const VALUES: &[&str] = &["a", "A", "ab", "aB", "B-C", "b-c", "x_1", "usage", "Usage", "42", "zz", "a-much-longer-value_1"];
        const ODD: &[&str] = &["", ".", "..", "%61", "a.b", "a;b", "a:run", "v1", "f(a)", "\u{e9}", "a%2Fb"];
        let mut dice = Dice::new(0x0bad_5eed);
        let (mut kept, mut unclear, mut several, mut without) = (0, 0, 0, 0);
        for round in 0..300 {
            let path = |dice: &mut Dice, pool: &[&str]| (0..=dice.below(4)).map(|_| format!("/{}", dice.one(pool))).collect::<String>();
            let mut operations: Vec<String> = Vec::new();
            for number in 0..2 + round % 40 {
                let (method, mut written) = (dice.one(&["GET", "GET", "POST"]), path(&mut dice, WHOLE));
                if round % 5 == 0 && dice.chance(10) {
                    written += &path(&mut dice, PARTS);
                }
                operations.push(format!(r#"{{"id":"o{number}","method":"{method}","path":"{written}","scopes":["read"]}}"#));
            }
            let bases = dice.one(&["", "", r#""basePaths":["/a","/usage/x_1"],"#]);
            let fold = dice.one(&["", "", r#""foldCase":true,"#]);
            let slash = dice.one(&["", r#""trailingSlash":"distinct","#]);
            let text = format!(
                r#"{{"id":"x","name":"X","version":"1","maxScopes":9,{bases}{fold}{slash}"editions":[],"services":[{{"id":"s","name":"S"}}],
                "scopes":[{{"id":"read","service":"s","description":"","tiers":["project"],"editions":[]}}],"operations":[{}]}}"#,
                operations.join(",")
            );
            // A path with one parameter twice, or an operation that is there twice, is refused.
            let Ok(catalog) = Catalog::from_json(&text) else { continue };
            let paths = Paths::new(&catalog);
            without += usize::from(paths.words.is_none());
            for _ in 0..200 {
                let mut asked = path(&mut dice, VALUES);
                if dice.chance(10) {
                    asked += &path(&mut dice, ODD);
                }
                let method = dice.one(&["GET", "GET", "POST", "HEAD"]);
                let slow: Vec<&str> = catalog.operations_at(method, &asked).map(|operation| operation.id.as_str()).collect();
                // The second time, what the first one has kept.
                for _ in 0..2 {
                    let Some(called) = paths.called(&catalog, method, &asked) else {
                        unclear += usize::from(!slow.is_empty());
                        continue;
                    };
                    let found: Vec<&str> = called.operations.iter().map(|place| catalog.operations()[*place].id.as_str()).collect();
                    assert_eq!(found, slow, "{method} {asked} of {text}");
                    assert!(called.name == found[0] && catalog.operations_mistaken(method, &asked).is_none(), "{method} {asked} of {text}");
                    kept += 1;
                    several += usize::from(found.len() > 1);
                }
            }
        }
        assert!(kept > 5_000 && unclear > 500 && several > 100 && without > 5, "{kept} {unclear} {several} {without}");
    }
}
