//! Finds scopes by what a person types: a part of a scope, a word of its description, or what the code does (`send an email`, `createEmail`,
//! `GET /v1/users`).

use super::{highlight::words_of, letters::lowered};
use crate::scope::{Catalog, catalog::alike};

/// Words that say nothing about what is looked for. They count only where no other word is left.
const FILLERS: &[&str] = &["a", "an", "the", "my", "of", "to", "in", "on", "for", "from", "with", "and", "or", "all", "any", "how", "i"];
/// Longer texts are no search.
const MAX_LENGTH: usize = 256;
const MAX_WORDS: usize = 12;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The words between white space, in lower case, without fillers.
    pub words: Vec<String>,
    /// The words that an operation's id would have: also split at capital letters and marks.
    pub parts: Vec<String>,
    /// As it was typed, where it can be an operation in the spelling of a language, or a method with a path.
    spelling: Option<String>,
}

impl Query {
    /// Reads what was typed. `None` where nothing was.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.char_indices().nth(MAX_LENGTH).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
        if text.is_empty() {
            return None;
        }
        let words = without_fillers(text.split_whitespace().map(lowered).collect());
        let parts = without_fillers(words_of(text).map(|(_, word)| lowered(word)).collect());
        let spelling = text.contains(['.', '/', '_', '-', '(', '>', ':']).then(|| text.to_owned());
        Some(Self { words, parts, spelling })
    }

    /// What an operation's id has of this query, for its highlight: the parts, and the verbs that mean the same.
    pub fn operation_words(&self) -> Vec<String> {
        let same = |part: &String| alike(part).into_iter().map(str::to_owned).chain(singular(part).map(str::to_owned)).collect::<Vec<_>>();
        self.parts.iter().flat_map(same).collect()
    }
}

fn without_fillers(mut words: Vec<String>) -> Vec<String> {
    let meaningful: Vec<String> = words.iter().filter(|word| !FILLERS.contains(&word.as_str())).cloned().collect();
    if !meaningful.is_empty() {
        words = meaningful;
    }
    words.truncate(MAX_WORDS);
    words
}

fn singular(word: &str) -> Option<&str> {
    word.strip_suffix('s').filter(|rest| rest.len() > 2)
}

/// Why a scope is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Its id, name, description or service has all words.
    Text,
    /// It opens operations that do what is looked for.
    Operation {
        /// The position of the best one in [`Catalog::operations`].
        operation: usize,
        /// How many others it opens.
        more: usize,
    },
}

/// What a search has found: for each scope of the catalog, by its position, why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found(Vec<Option<Hit>>);

impl Found {
    /// Why a scope is found, if it is.
    pub fn hit(&self, scope: usize) -> Option<&Hit> {
        self.0.get(scope)?.as_ref()
    }

    fn set(&mut self, scope: usize, hit: Hit) {
        if let Some(place) = self.0.get_mut(scope) {
            *place = Some(hit);
        }
    }
}

struct OperationWords {
    /// Which words its id has, by their numbers; the method's verb is at `verb`.
    words: Vec<u32>,
    verb: u32,
    /// How many of them are the method's.
    of_method: usize,
    deprecated: bool,
    /// The scopes that open it, alone or with others.
    openers: Vec<usize>,
}

/// What is searched, prepared once.
pub struct Index {
    /// For each scope its texts in lower case, in lines.
    texts: Vec<String>,
    /// Every word of an operation's id, once.
    vocabulary: Vec<String>,
    operations: Vec<OperationWords>,
}

impl Index {
    /// Prepares a catalog.
    pub fn new(catalog: &Catalog) -> Self {
        let text = |scope: &crate::scope::Scope| {
            let service = catalog.service(&scope.service).map_or("", |service| service.name.as_str());
            lowered(&[scope.id.as_str(), scope.name.as_deref().unwrap_or_default(), &scope.description, service].join("\n"))
        };
        let mut vocabulary: Vec<String> = Vec::new();
        // The numbers of the words, in the order of the words.
        let mut numbers: Vec<u32> = Vec::new();
        let mut number = |word: String| {
            let known = |number: &u32| vocabulary.get(*number as usize).map(String::as_str).cmp(&Some(word.as_str()));
            match numbers.binary_search_by(known) {
                Ok(place) => numbers.get(place).copied().unwrap_or(u32::MAX),
                Err(place) => {
                    let number = u32::try_from(vocabulary.len()).unwrap_or(u32::MAX);
                    numbers.insert(place, number);
                    vocabulary.push(word);
                    number
                }
            }
        };
        let mut operations = Vec::with_capacity(catalog.operations().len());
        for operation in catalog.operations() {
            let (namespace, method) = operation.id.rsplit_once('.').unwrap_or(("", &operation.id));
            let mut words: Vec<u32> = words_of(method).map(|(_, word)| number(lowered(word))).collect();
            let (verb, of_method) = (words.first().copied().unwrap_or(u32::MAX), words.len());
            words.extend(words_of(namespace).map(|(_, word)| number(lowered(word))));
            // Also as one word: `tablesdb`, `listrows`.
            let whole = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            words.extend([number(whole(namespace)), number(whole(method))]);
            let openers = operation.scopes.iter().flat_map(|alternative| &alternative.0);
            let openers = openers.filter_map(|scope| catalog.scope_index(scope.as_str())).collect();
            operations.push(OperationWords { words, verb, of_method, deprecated: operation.deprecated.is_some(), openers });
        }
        Self { texts: catalog.scopes().iter().map(text).collect(), vocabulary, operations }
    }

    /// Everything that a query finds.
    pub fn find(&self, catalog: &Catalog, query: &Query) -> Found {
        let mut found = Found(vec![None; self.texts.len()]);
        for (operation, _) in self.operations(catalog, query) {
            for scope in self.operations.get(operation).map_or(&[][..], |words| &words.openers) {
                let hit = match found.hit(*scope) {
                    Some(Hit::Operation { operation: best, more }) => Hit::Operation { operation: *best, more: more + 1 },
                    _ => Hit::Operation { operation, more: 0 },
                };
                found.set(*scope, hit);
            }
        }
        for (scope, text) in self.texts.iter().enumerate() {
            // Of several words, the operation says more than a text that has them all.
            let is_said = query.parts.len() > 1 && found.hit(scope).is_some();
            if !is_said && query.words.iter().all(|word| text.contains(word.as_str())) {
                found.set(scope, Hit::Text);
            }
        }
        found
    }

    /// The operations that a query means, the best first, with how many words of the method it leaves out.
    pub fn operations(&self, catalog: &Catalog, query: &Query) -> Vec<(usize, usize)> {
        if let Some(spelling) = &query.spelling {
            let meant: Vec<&str> = catalog.operation_ids(spelling);
            if !meant.is_empty() {
                let is_meant = |(_, operation): &(usize, &crate::scope::Operation)| meant.contains(&operation.id.as_str());
                return catalog.operations().iter().enumerate().filter(is_meant).map(|(at, _)| (at, 0)).collect();
            }
        }
        // Which words of the vocabulary each part begins, and which verbs mean the same.
        let fits = |part: &String| -> (Vec<bool>, Vec<bool>) {
            let (same, one) = (alike(part), singular(part));
            let is_word = |word: &String| word.starts_with(part.as_str()) || one == Some(word.as_str());
            (self.vocabulary.iter().map(is_word).collect(), self.vocabulary.iter().map(|word| same.contains(&word.as_str())).collect())
        };
        let parts: Vec<(Vec<bool>, Vec<bool>)> = query.parts.iter().map(fits).collect();
        let flag = |flags: &[bool], word: u32| flags.get(word as usize).copied().unwrap_or(false);
        let mut matching = Vec::new();
        for (at, operation) in self.operations.iter().enumerate() {
            let has = |(words, verbs): &(Vec<bool>, Vec<bool>)| {
                flag(verbs, operation.verb) || operation.words.iter().any(|word| flag(words, *word))
            };
            if parts.is_empty() || !parts.iter().all(has) {
                continue;
            }
            let method = operation.words.iter().take(operation.of_method).enumerate();
            let left = method
                .filter(|(place, word)| !parts.iter().any(|(words, verbs)| flag(words, **word) || (*place == 0 && flag(verbs, **word))));
            matching.push((at, left.count()));
        }
        // Of several words the operations are meant that say no more: `list rows` is not `listRowLogs`.
        let least = matching.iter().map(|(_, left)| *left).min().unwrap_or(0);
        if parts.len() > 1 {
            matching.retain(|(_, left)| *left == least);
        }
        // The current ones first, then those that leave out least.
        let is_old = |at: usize| self.operations.get(at).is_some_and(|operation| operation.deprecated);
        let most = matching.iter().map(|(_, left)| *left).max().unwrap_or(0);
        let orders = [false, true].into_iter().flat_map(|old| (0..=most).map(move |left| (old, left)));
        orders.flat_map(|(old, left)| matching.iter().filter(move |(at, own)| *own == left && is_old(*at) == old).copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, Option<&'static str>)> {
        let catalog = Catalog::appwrite();
        let Some(query) = Query::of(text) else { return Vec::new() };
        let found = Index::new(catalog).find(catalog, &query);
        let offered = catalog.scopes().iter().enumerate().filter(|(_, scope)| !scope.deprecated);
        offered
            .filter_map(|(at, scope)| match found.hit(at)? {
                Hit::Text => Some((scope.id.as_str(), None)),
                Hit::Operation { operation, .. } => Some((scope.id.as_str(), Some(catalog.operations()[*operation].id.as_str()))),
            })
            .collect()
    }

    fn names(text: &str) -> Vec<&'static str> {
        found(text).into_iter().map(|(scope, _)| scope).collect()
    }

    #[test]
    fn a_search_finds_ids_descriptions_and_services() {
        assert!(names("ROWS.re").contains(&"rows.read"));
        let databases = names("databases read");
        assert!(databases.contains(&"rows.read") && !databases.contains(&"rows.write"), "{databases:?}");
        assert_eq!(names("nothing like it"), Vec::<&str>::new());
        assert_eq!(Query::of("   "), None);
    }

    #[test]
    fn a_search_finds_what_opens_an_operation_and_names_it() {
        for text in
            ["send an email", "createEmail", "create_email", "messaging.createEmail", "POST /v1/messaging/messages/email", "send emails"]
        {
            let found = found(text);
            assert!(found.contains(&("messages.write", Some("messaging.createEmail"))), "{text}: {found:?}");
        }
        let rows = found("list rows");
        assert!(rows.contains(&("rows.read", Some("tablesDB.listRows"))), "{rows:?}");
        assert!(rows.iter().all(|(scope, _)| *scope != "rows.write"), "{rows:?}");
        assert!(found("createFile").contains(&("files.write", Some("storage.createFile"))));
        assert!(found("upload file").contains(&("files.write", Some("storage.createFile"))));
    }

    #[test]
    fn a_search_grows_with_each_key() {
        let mut text = String::new();
        for letter in "createEmail".chars() {
            text.push(letter);
            assert!(names(&text).contains(&"messages.write"), "{text}");
        }
    }

    #[test]
    fn words_that_say_nothing_do_not_count() {
        assert_eq!(Query::of("send an email").unwrap().words, ["send", "email"]);
        assert_eq!(Query::of("the").unwrap().words, ["the"]);
    }

    #[test]
    fn a_long_text_is_cut() {
        let query = Query::of(&"wörd ".repeat(10_000)).unwrap();
        assert_eq!(query.words.len(), MAX_WORDS);
    }
}
