//! Finds the operations of a request's method and path.

use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};

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
    /// For each segment, the place of the next route that is not the same up to there: where one does not fit, none before that does.
    next: Vec<usize>,
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

    /// How it fits a path of as many segments.
    fn fit(&self, path: &[Given<'_>]) -> Fit {
        let mut fit = Fit::Exactly;
        for ((segment, given), next) in self.segments.iter().zip(path).zip(&self.next) {
            match segment {
                Some(word) if **word == *given.text => {}
                Some(word) if given.is_taken_for(word) => fit = Fit::Loosely,
                Some(_) => return Fit::Not { next: *next },
                None => {}
            }
        }
        fit
    }

    /// Where the routes go on that are not the same up to each of its segments, seen from the place before `behind`.
    fn skips(&self, place: usize, behind: Option<&Self>) -> Vec<usize> {
        let behind = behind.filter(|behind| behind.method == self.method && behind.segments.len() == self.segments.len());
        let mut is_same = true;
        let skip = |(depth, segment): (usize, &Option<Box<str>>)| {
            let next = behind.and_then(|behind| Some((behind.segments.get(depth)?, *behind.next.get(depth)?)));
            is_same &= next.is_some_and(|(other, _)| other == segment);
            next.filter(|_| is_same).map_or(place + 1, |(_, next)| next)
        };
        self.segments.iter().enumerate().map(skip).collect()
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
    /// Nor does any route before this place.
    Not {
        next: usize,
    },
}

/// A decoded segment of a path.
struct Given<'a> {
    text: Cow<'a, str>,
    /// Whether it has nothing but letters, digits, `-` and `_` of ASCII.
    is_plain: bool,
}

impl Given<'_> {
    /// See [`is_taken_for`]. Every word of many routes is compared with each segment of a path, and nearly all of those are plain: there is
    /// nothing to trim or to cut, so that only the letter case is left.
    fn is_taken_for(&self, word: &str) -> bool {
        if self.is_plain { self.text.eq_ignore_ascii_case(word) } else { is_taken_for(&self.text, word) }
    }
}

/// Whether some reader takes a value for a word: one that ignores letter case, trims spaces and dots, cuts a segment at `;`, `?`,
/// `#` or an extension such as `.json`, or maps letters that are not ASCII onto those that are.
fn is_taken_for(value: &str, word: &str) -> bool {
    let begins = |value: &mut dyn Iterator<Item = char>| {
        let same = |letter: char, other: char| other.eq_ignore_ascii_case(&letter) || !other.is_ascii();
        word.chars().all(|letter| value.next().is_some_and(|other| same(letter, other)))
            && value.next().is_none_or(|behind| !(behind.is_ascii_alphanumeric() || matches!(behind, '-' | '_')))
    };
    let value = value.trim_start_matches([' ', '+']);
    begins(&mut value.chars()) || !value.is_ascii() && begins(&mut value.chars().filter(char::is_ascii))
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
                next: Vec::new(),
                operation: u16::try_from(position).ok()?,
            })
        };
        let mut routes = sort(operations.iter().enumerate().filter_map(route).collect(), Route::order);
        for place in (0..routes.len()).rev() {
            let skips = routes.get(place).map(|route: &Route| route.skips(place, routes.get(place + 1)));
            if let (Some(route), Some(skips)) = (routes.get_mut(place), skips) {
                route.next = skips;
            }
        }
        Self(routes)
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

    fn read(&self, method: &str, path: &[Given<'_>]) -> Reading {
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

    fn read_as(&self, method: &str, path: &[Given<'_>]) -> Reading {
        let wanted = (method, path.len());
        let mut place = self.0.partition_point(|route| (&*route.method, route.segments.len()) < wanted);
        let behind = self.0.get(place..).unwrap_or_default();
        let end = place + behind.partition_point(|route| (&*route.method, route.segments.len()) == wanted);
        let (mut exact, mut loose) = (Vec::new(), None);
        while let Some(route) = self.0.get(place).filter(|_| place < end) {
            place += 1;
            match route.fit(path) {
                Fit::Exactly => exact.push(route),
                Fit::Loosely => loose = loose.or(Some(route.operation)),
                Fit::Not { next } => place = next,
            }
        }
        let is_narrowest = |route: &&&Route| !exact.iter().any(|other| other.is_narrower_than(route));
        Reading { found: exact.iter().filter(is_narrowest).map(|route| route.operation).collect(), loose }
    }

    /// The methods that this path can be called with, each once, in alphabetical order.
    pub(in crate::scope) fn methods(&self, path: &str) -> Vec<&str> {
        let Some(path) = segments(path) else { return Vec::new() };
        let mut methods: Vec<&str> = self
            .0
            .iter()
            .filter(|route| route.segments.len() == path.len() && route.fit(&path) == Fit::Exactly)
            .map(|route| &*route.method)
            .collect();
        methods.dedup();
        methods
    }
}

/// The decoded segments of a path. `None` for a path that servers read in different ways: one with an empty segment, a dot segment,
/// an encoded slash or a broken encoding. One slash at the end is passed over.
fn segments(path: &str) -> Option<Vec<Given<'_>>> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some(Vec::new());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(given).collect()
}

fn given(segment: &str) -> Option<Given<'_>> {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !segment.is_empty() && is_plain(segment) {
        return Some(Given { text: Cow::Borrowed(segment), is_plain: true });
    }
    let text = decoded(segment)?;
    Some(Given { is_plain: is_plain(&text), text: Cow::Owned(text) })
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
    fn the_short_way_for_plain_segments_answers_as_the_long_one() {
        let words = ["", "a", "-", "tables", "Tables", "transactions", "list-usage", "list_usage", "é", "a.b"];
        let others =
            ["x", "A", "_", "TABLES", "tables-", "Transactions", "transactionsx", "%C3%A9", "tables.json", "%20tables", "ta%62les"];
        for value in words.iter().chain(&others).filter(|value| !value.is_empty()) {
            let given = given(value).unwrap();
            for word in words.iter().chain(&others) {
                assert_eq!(given.is_taken_for(word), is_taken_for(&given.text, word), "{value} {word}");
            }
        }
    }

    #[test]
    fn routes_that_are_passed_over_do_not_fit() {
        let routes = Catalog::appwrite().routes();
        let mut passed = 0;
        for operation in Catalog::appwrite().operations() {
            let path = operation.path.replace(':', "some-");
            for path in [path.clone(), path.to_uppercase(), path.replacen("some-", "usage.", 1)] {
                let path = segments(&path).unwrap();
                let fits = |route: &&Route| route.segments.len() == path.len() && route.fit(&path) == Fit::Exactly;
                let exact: Vec<&Route> = routes.0.iter().filter(|route| *route.method == *operation.method).filter(fits).collect();
                let narrowest = exact.iter().filter(|route| !exact.iter().any(|other| other.is_narrower_than(route)));
                let found: Vec<u16> = narrowest.map(|route| route.operation).collect();
                let is_loose = |route: &&Route| route.segments.len() == path.len() && route.fit(&path) == Fit::Loosely;
                let loose = routes.0.iter().filter(|route| *route.method == *operation.method).find(is_loose);
                let reading = routes.read_as(&operation.method, &path);
                assert_eq!((reading.found, reading.loose), (found, loose.map(|route| route.operation)), "{}", operation.id);
                passed += 1;
            }
        }
        assert!(passed > 2000, "{passed}");
        let skipped = routes.0.iter().enumerate().filter(|(place, route)| route.next.iter().any(|next| *next > place + 1)).count();
        assert!(skipped > 300 && routes.0.iter().all(|route| route.next.len() == route.segments.len()), "{skipped}");
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
