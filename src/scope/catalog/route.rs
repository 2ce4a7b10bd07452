//! Finds the operations of a request's method and path.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::cmp::Ordering;

use super::entries::Operation;
use crate::scope::support::sort::sort;

/// So many routes are compared one by one; of more, those that cannot fit are passed over.
const FEW: usize = 8;
/// So many routes are compared, for each path, with a segment that is not ASCII, which a reader could take for many words. Beyond,
/// the path means nothing. The built-in catalog has at most 135 routes of one method and length.
const MAX_COMPARED: usize = 160;

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
    /// Method, length, then shape: where two routes differ, a word comes before a parameter, and words that differ in letter case
    /// only stand together.
    fn order(&self, other: &Self) -> Ordering {
        let begin = (&*self.method, self.segments.len()).cmp(&(&*other.method, other.segments.len()));
        let shape = || {
            let mut both = self.segments.iter().zip(&other.segments);
            both.find_map(|pair| {
                let order = match pair {
                    (Some(own), Some(other)) => folded(own, other).then_with(|| own.cmp(other)),
                    (own, other) => own.is_none().cmp(&other.is_none()),
                };
                Some(order).filter(|order| order.is_ne())
            })
        };
        begin.then_with(|| shape().unwrap_or(Ordering::Equal)).then(self.operation.cmp(&other.operation))
    }

    /// `None` for a parameter.
    fn word(&self, at: usize) -> Option<&str> {
        self.segments.get(at)?.as_deref()
    }

    /// How it fits a path of its length, the first segments of which, so many, are known to fit so.
    fn fit(&self, path: &[String], known: usize, mut fit: Fit) -> Fit {
        for (segment, given) in self.segments.iter().zip(path).skip(known) {
            match segment {
                Some(word) if **word == **given => {}
                Some(word) if is_taken_for(given, word) => fit = Fit::Loosely,
                Some(_) => return Fit::Not,
                None => {}
            }
        }
        fit
    }

    /// Whether it has a word wherever the other one has, and more of them. Both fit the same path.
    fn is_narrower_than(&self, other: &Self) -> bool {
        let mut both = self.segments.iter().zip(&other.segments);
        self.segments != other.segments && both.all(|(own, other)| own.is_some() || other.is_none())
    }
}

/// How a route fits a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Exactly,
    /// For a reader that ignores letter case, or cuts or trims a segment.
    Loosely,
    Not,
}

/// Whether some reader takes a value for a word: one that ignores letter case, trims spaces and dots, cuts a segment at `;`, `?`,
/// `#` or an extension such as `.json`, or maps letters that are not ASCII onto those that are.
fn is_taken_for(value: &str, word: &str) -> bool {
    let begins = |value: &mut dyn Iterator<Item = char>| {
        let same = |letter: char, other: char| other.eq_ignore_ascii_case(&letter) || !other.is_ascii();
        word.chars().all(|letter| value.next().is_some_and(|other| same(letter, other)))
            && value.next().is_none_or(|behind| !is_of_word(behind))
    };
    let value = trimmed(value);
    begins(&mut value.chars()) || !value.is_ascii() && begins(&mut value.chars().filter(char::is_ascii))
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

fn trimmed(value: &str) -> &str {
    value.trim_start_matches([' ', '+'])
}

/// Whatever their letter case.
fn folded(one: &str, other: &str) -> Ordering {
    one.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(other.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Routes that fit a path.
struct Walk<'a> {
    path: &'a [String],
    exact: Vec<&'a Route>,
    /// The operation of the first that fits for some readers only.
    loose: Option<u16>,
    /// How many routes may still be compared with what is not ASCII.
    left: usize,
}

impl<'a> Walk<'a> {
    /// Looks through routes of the path's length, which have the same first segments, and how those fit.
    fn of(&mut self, routes: &'a [Route], at: usize, fit: Fit) {
        let value = self.path.get(at).filter(|_| routes.len() > FEW);
        let Some(value) = value.filter(|value| value.is_ascii()) else {
            for route in routes {
                if value.is_some() {
                    if self.left == 0 {
                        self.loose = self.loose.or(Some(route.operation));
                        return;
                    }
                    self.left -= 1;
                }
                match route.fit(self.path, at, fit) {
                    Fit::Exactly => self.exact.push(route),
                    Fit::Loosely => self.loose = self.loose.or(Some(route.operation)),
                    Fit::Not => {}
                }
            }
            return;
        };
        let (words, parameters) = routes.split_at(routes.partition_point(|route| route.word(at).is_some()));
        let cut = trimmed(value);
        // Whatever a reader makes of the value, it ends where a word can end.
        let ends = (1..=cut.len()).filter(|end| cut.as_bytes().get(*end).is_none_or(|behind| !is_of_word(char::from(*behind))));
        let whole = Some(value.as_str()).filter(|value| value.len() > cut.len());
        for meant in ends.filter_map(|end| cut.get(..end)).chain(whole) {
            let before = words.partition_point(|route| route.word(at).is_some_and(|word| folded(word, meant).is_lt()));
            let mut rest = words.get(before..).unwrap_or_default();
            while let Some(word) = rest.first().and_then(|route| route.word(at)).filter(|word| folded(word, meant).is_eq()) {
                let (same, behind) = rest.split_at(rest.partition_point(|route| route.word(at) == Some(word)));
                self.of(same, at + 1, if word == value { fit } else { Fit::Loosely });
                rest = behind;
            }
        }
        self.of(parameters, at + 1, fit);
    }
}

/// What a method and a path mean.
struct Reading {
    /// The operations of the routes that fit as they are written.
    found: Vec<u16>,
    /// One that fits for some readers only.
    loose: Option<u16>,
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

    /// The operations of a method and a path. Several where they share one route, and where none of several routes is the narrower
    /// one: then it depends on the reader which is meant. None where a reader could take the path for another route's, as
    /// [`Routes::mistaken`] tells. A `HEAD` is a `GET` where no route says otherwise.
    pub(in crate::scope) fn find(&self, method: &str, path: &str) -> Vec<u16> {
        let Some(path) = segments(path) else { return Vec::new() };
        match self.read(method, &path) {
            Reading { found, loose: None } => found,
            Reading { loose: Some(_), .. } => Vec::new(),
        }
    }

    /// What a path means as it is written, and what some readers could take it for.
    pub(in crate::scope) fn mistaken(&self, method: &str, path: &str) -> Option<(u16, u16)> {
        let Reading { found, loose } = self.read(method, &segments(path)?);
        found.first().copied().zip(loose)
    }

    fn read(&self, method: &str, path: &[String]) -> Reading {
        let mut reading = self.read_as(method, path);
        if method == "HEAD" {
            let get = self.read_as("GET", path);
            if reading.found.is_empty() {
                reading.found = get.found;
            }
            reading.loose = reading.loose.or(get.loose);
        }
        reading
    }

    fn read_as(&self, method: &str, path: &[String]) -> Reading {
        let Walk { exact, loose, .. } = self.walk(method, path);
        let is_narrowest = |route: &&&Route| !exact.iter().any(|other| other.is_narrower_than(route));
        Reading { found: exact.iter().filter(is_narrowest).map(|route| route.operation).collect(), loose }
    }

    fn walk<'a>(&'a self, method: &str, path: &'a [String]) -> Walk<'a> {
        let begin = |route: &Route| (&*route.method, route.segments.len()).cmp(&(method, path.len()));
        let (first, end) = (self.0.partition_point(|route| begin(route).is_lt()), self.0.partition_point(|route| begin(route).is_le()));
        let mut walk = Walk { path, exact: Vec::new(), loose: None, left: MAX_COMPARED };
        walk.of(self.0.get(first..end).unwrap_or_default(), 0, Fit::Exactly);
        walk
    }

    /// The methods that this path can be called with, each once, in alphabetical order.
    pub(in crate::scope) fn methods(&self, path: &str) -> Vec<&str> {
        let Some(path) = segments(path) else { return Vec::new() };
        let (mut methods, mut rest) = (Vec::new(), &*self.0);
        while let Some(first) = rest.first() {
            methods.extend(Some(&*first.method).filter(|method| !self.walk(method, &path).exact.is_empty()));
            rest = rest.split_at(rest.partition_point(|route| route.method == first.method)).1;
        }
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
    use super::*;
    use crate::scope::{Catalog, support::dice::Dice};

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

    /// As the rule says it: every route is compared.
    fn compared(routes: &Routes, method: &str, path: &[String]) -> (Vec<u16>, Option<u16>) {
        let fitting = routes.0.iter().filter(|route| &*route.method == method && route.segments.len() == path.len());
        let fitting: Vec<_> = fitting.map(|route| (route.fit(path, 0, Fit::Exactly), route)).filter(|(fit, _)| *fit != Fit::Not).collect();
        let exact = fitting.iter().filter(|(fit, _)| *fit == Fit::Exactly).map(|(_, route)| route.operation).collect();
        (exact, fitting.iter().find(|(fit, _)| *fit == Fit::Loosely).map(|(_, route)| route.operation))
    }

    #[test]
    fn what_is_passed_over_could_not_have_fitted() {
        let words = ["a", "A", "ab", "a.b", "a;b", "b-c", "x", ":p", ":q", "+a", "\u{e9}a"];
        let values =
            ["a", "A", "AB", "ab.", "a.b", "a.b.json", "a;b", "a;x", " a", "+a", "b-c", "b", "x ", "\u{e9}", "\u{e9}a", "a\u{e9}", "zz"];
        let mut dice = Dice::new(0x5eed);
        let mut below = |limit: usize| dice.below(limit);
        let (mut exact, mut loose) = (0, 0);
        for _ in 0..30 {
            let mut operation = |_| {
                let path: String = (0..=below(3)).map(|_| format!("/{}", words[below(words.len())])).collect();
                let id = "a.b".to_owned();
                Operation { id, method: "GET".to_owned(), path, ..Operation::default() }
            };
            let routes = Routes::new(&(0..200).map(&mut operation).collect::<Vec<_>>());
            for _ in 0..300 {
                let path: Vec<String> = (0..=below(3)).map(|_| values[below(values.len())].to_owned()).collect();
                let walk = routes.walk("GET", &path);
                let found = (walk.exact.iter().map(|route| route.operation).collect::<Vec<_>>(), walk.loose.is_some());
                let expected = compared(&routes, "GET", &path);
                assert_eq!(found, (expected.0, expected.1.is_some()), "{path:?}");
                exact += usize::from(!found.0.is_empty());
                loose += usize::from(found.1);
            }
        }
        assert!(exact > 500 && loose > 500, "{exact} {loose}");
        let catalog = Catalog::appwrite();
        for one in catalog.operations() {
            let path: Vec<String> =
                one.path.split('/').filter(|word| !word.is_empty()).map(|word| values[below(values.len())].to_owned() + word).collect();
            for path in [path, one.path.to_uppercase().split('/').skip(1).map(str::to_owned).collect()] {
                let walk = catalog.routes().walk(&one.method, &path);
                let found = (walk.exact.iter().map(|route| route.operation).collect::<Vec<_>>(), walk.loose);
                assert_eq!(found, compared(catalog.routes(), &one.method, &path), "{path:?}");
            }
        }
    }

    #[test]
    fn no_path_of_the_built_in_catalog_has_too_many_routes() {
        let routes = Catalog::appwrite().routes();
        let most = routes.0.chunk_by(|a, b| a.method == b.method && a.segments.len() == b.segments.len()).map(<[Route]>::len).max();
        assert!(most.unwrap() < MAX_COMPARED, "{most:?}");
    }

    #[test]
    fn what_could_be_taken_for_too_many_words_means_nothing() {
        let operation = |path: String| Operation { id: "a.b".to_owned(), method: "GET".to_owned(), path, ..Operation::default() };
        let mut operations = vec![operation("/v1/:id".to_owned())];
        assert_eq!(Routes::new(&operations).find("GET", "/v1/\u{e9}x"), [0]);
        operations.extend((0..2_000).map(|number| operation(format!("/v1/{number}"))));
        let routes = Routes::new(&operations);
        assert!(routes.find("GET", "/v1/\u{e9}x").is_empty());
        assert_eq!(routes.find("GET", "/v1/x"), [0]);
        assert_eq!(routes.find("GET", "/v1/77"), [78]);
        assert!(routes.find("GET", "/v1/77;x").is_empty());
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
    fn a_path_that_a_reader_takes_for_a_siblings_means_nothing() {
        assert_eq!(found("GET", "/v1/databases/transactions"), ["databases.listTransactions"]);
        for id in [
            "Transactions",
            "TRANSACTIONS",
            "transactions.",
            "transactions..",
            "transactions.json",
            "transactions;a=b",
            "transactions%3fx",
            "transactions%23x",
            "transactions%20",
            "%20transactions",
            "+transactions",
            "transactions+",
            "transactions%09",
            "transactions,x",
            "transactions:x",
            "tran%C5%BFactions",
            "%EF%BD%94ransactions",
            "transactions%C2%A0",
            "transactions%E2%80%8B",
            "%EF%BB%BFtransactions",
        ] {
            let path = format!("/v1/databases/{id}");
            for method in ["GET", "HEAD"] {
                assert!(found(method, &path).is_empty(), "{method} {path}");
                let catalog = Catalog::appwrite();
                let told = catalog.routes().mistaken(method, &path).map(|(one, other)| [one, other].map(|it| catalog.operation_id(it)));
                assert_eq!(told, Some(["databases.get", "databases.listTransactions"]), "{method} {path}");
            }
        }
        for id in ["transactions-2", "transactions_2", "transactions2", "transaction", "my-transactions", "my.transactions", "main", "é"] {
            assert_eq!(found("GET", &format!("/v1/databases/{id}")), ["databases.get"], "{id}");
        }
        // Nothing is served there by another operation.
        assert_eq!(found("DELETE", "/v1/databases/Transactions"), ["databases.delete"]);
    }

    #[test]
    fn no_value_in_the_catalog_can_be_taken_for_a_word() {
        let catalog = Catalog::appwrite();
        let mut tried = 0;
        for one in catalog.operations() {
            let words: Vec<&str> = one.path.split('/').collect();
            for other in catalog.operations().iter().filter(|other| other.method == one.method) {
                let others: Vec<&str> = other.path.split('/').collect();
                let fits = |(word, other): (&&str, &&str)| word == other || word.starts_with(':') || other.starts_with(':');
                if words.len() != others.len() || !words.iter().zip(&others).all(fits) {
                    continue;
                }
                for (position, word) in
                    words.iter().enumerate().filter(|(position, word)| !word.starts_with(':') && others[*position] != **word)
                {
                    for spelled in
                        [word.to_uppercase(), format!("{word}."), format!("{word}%20"), format!("{word}%3f"), format!("{word}.json")]
                    {
                        let mut path =
                            words.iter().zip(&others).map(|(word, other)| match (word.starts_with(':'), other.starts_with(':')) {
                                (false, _) => (*word).to_owned(),
                                (true, false) => (*other).to_owned(),
                                (true, true) => "x".to_owned(),
                            });
                        let path: Vec<String> =
                            (0..).map_while(|at| path.next().map(|it| if at == position { spelled.clone() } else { it })).collect();
                        assert!(found(&one.method, &path.join("/")).is_empty(), "{} {}", one.method, path.join("/"));
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 50, "{tried}");
    }

    #[test]
    fn where_no_route_is_the_narrower_one_both_are_meant() {
        assert_eq!(found("GET", "/v1/databases/transactions/collections"), ["databases.getTransaction", "databases.listCollections"]);
        assert_eq!(found("GET", "/v1/databases/transactions/x"), ["databases.getTransaction"]);
        assert_eq!(found("GET", "/v1/databases/x/collections"), ["databases.listCollections"]);
    }

    #[test]
    fn a_head_request_is_a_get_request() {
        assert_eq!(found("HEAD", "/v1/users/"), ["users.list"]);
    }
}
