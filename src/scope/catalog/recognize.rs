//! Recognizes operations: an SDK method in the spelling of any language, or a request's method and path.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::{entries::Operation, index, lookup::Catalog, route::Origin};
use crate::scope::support::{nearest::Patience, text};

/// Longer texts name no operation. A path of the contract has at most about 400 characters.
const MAX_LENGTH: usize = 4096;

impl Catalog {
    /// The ids of the operations that a text means, as positions; none when it means none.
    ///
    /// Several where one route serves several methods (`createRow` and `createRows`). A deprecated spelling gives way to a
    /// current one unless it is written exactly.
    pub(in crate::scope) fn recognize(&self, text: &str) -> Vec<u16> {
        if text.len() > MAX_LENGTH {
            return Vec::new();
        }
        // The hot path: the id as the catalog spells it.
        let exact = self.positions_named(text);
        if !exact.is_empty() {
            return exact.to_vec();
        }
        let text = text.trim();
        if let Some((method, path)) = request_line(text) {
            return self.routes().find(&method.to_ascii_uppercase(), path, Origin::Text);
        }
        let Some((namespace, method)) = method_name(text) else { return Vec::new() };
        let found = self.positions_spelled(&namespace, &method);
        let is_current = |position: &&u16| self.operation_at(**position).is_some_and(|operation| operation.deprecated.is_none());
        if found.iter().any(|position| is_current(&position)) { found.iter().filter(is_current).copied().collect() } else { found.to_vec() }
    }

    /// The ids of the operations that a text means: `tablesDB.listRows`, `TablesDB.list_rows`, `tables_db.list_rows`,
    /// `$tablesDB->listRows()`, `tables-db list-rows`, or `GET /v1/tablesdb/main/tables/x/rows`. Empty when it means none.
    ///
    /// ```
    /// use scopewise::scope::Catalog;
    /// let catalog = Catalog::appwrite();
    /// assert_eq!(catalog.operation_ids("tables_db.list_rows"), ["tablesDB.listRows"]);
    /// assert_eq!(catalog.operation_ids("GET /v1/users/42?queries[]=x"), ["users.get"]);
    /// assert!(catalog.operation_ids("users.fly").is_empty());
    /// ```
    pub fn operation_ids(&self, text: &str) -> Vec<&str> {
        let mut ids: Vec<&str> = self.recognize(text).into_iter().map(|position| self.operation_id(position)).collect();
        // Two entries can share one id (`presences.update`).
        ids.dedup();
        ids
    }

    /// The operations that a text means, as [`Catalog::operation_ids`] reads it.
    pub fn operations_meant(&self, text: &str) -> Vec<&Operation> {
        self.recognize(text).into_iter().filter_map(|position| self.operation_at(position)).collect()
    }

    /// What to write instead of a text that means no operation, in one sentence.
    pub(in crate::scope) fn help_with_operation(&self, text: &str, patience: &Patience) -> String {
        const FORMS: &str = "write it as an SDK method, or as an HTTP method and a path";
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return FORMS.to_owned();
        }
        if let Some((method, path)) = request_line(text) {
            if let Some((written, taken)) = self.mistaken(&method.to_ascii_uppercase(), path, Origin::Text) {
                return format!(
                    "some servers read it as `{} {}` and others as `{}`; name the operation",
                    taken.method, taken.path, written.id
                );
            }
            let methods = self.routes().methods(path);
            return if methods.is_empty() {
                format!("no route of {} has this path; check its spelling, beginning with `/`", self.name)
            } else {
                format!("this path is not called with {}, but with {}", text::quoted(&method.to_ascii_uppercase()), text::either(methods))
            };
        }
        if text.starts_with('/') {
            return format!("add the HTTP method: {}", text::quoted(&format!("GET {text}")));
        }
        match self.operation_like(text, patience) {
            Some(near) => format!("did you mean `{near}`?"),
            None => match self.operations().iter().find(|operation| operation.method == "GET") {
                Some(Operation { id, method, path, .. }) => format!("{FORMS}, such as `{id}` or `{method} {path}`"),
                None => FORMS.to_owned(),
            },
        }
    }

    fn operation_like(&self, text: &str, patience: &Patience) -> Option<&str> {
        let (namespace, method) = method_name(text)?;
        let nearest = self.nearest_operation(&format!("{namespace}.{method}"), patience, &|_| true);
        nearest.map(|position| self.operation_id(position))
    }
}

/// Method and path of `GET /v1/users?limit=1` or `GET https://host/v1/users`.
fn request_line(text: &str) -> Option<(&str, &str)> {
    let (method, target) = text.split_once(char::is_whitespace)?;
    let target = target.trim_start();
    let target = match target.strip_prefix("https://").or_else(|| target.strip_prefix("http://")) {
        Some(rest) => rest.find('/').and_then(|slash| rest.get(slash..))?,
        None => target,
    };
    let is_word = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_word && target.starts_with('/')).then(|| (method, target.split(['?', '#']).next().unwrap_or_default()))
}

/// Namespace and method of an SDK call in lower case, without the marks that languages put between them.
fn method_name(text: &str) -> Option<(String, String)> {
    let text = text.split('(').next()?;
    let is_mark = |c: char| matches!(c, '.' | ':' | '#' | '$' | '?' | '>') || c.is_whitespace();
    let mut words = text.split(is_mark).filter(|word| !word.is_empty());
    let (method, namespace) = (words.next_back()?, words.next_back()?);
    let is_plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_plain(method) && is_plain(namespace)).then(|| (squashed(namespace), squashed(method)))
}

fn squashed(word: &str) -> String {
    index::squashed(word).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_spells_the_same_operation() {
        for text in [
            "tablesDB.listRows",
            "TablesDB.list_rows",
            "tables_db.list_rows",
            "tablesdb->listRows",
            "$tablesDB->listRows()",
            "tablesDB.ListRows",
            "TablesDB::listRows",
            "await tablesDB.listRows({ databaseId: 'x' })",
            "client.tablesDB.listRows",
            "tables-db list-rows",
            "appwrite tables-db list-rows",
            "GET /v1/tablesdb/main/tables/x/rows",
            "get /v1/tablesdb/main/tables/x/rows?queries[0]=limit(1)#top",
            "GET https://cloud.example/v1/tablesdb/main/tables/x/rows/",
            "GET /v1/tablesdb/{databaseId}/tables/:tableId/rows",
        ] {
            assert_eq!(Catalog::appwrite().operation_ids(text), ["tablesDB.listRows"], "{text}");
        }
    }

    #[test]
    fn a_current_spelling_is_preferred_to_a_deprecated_one() {
        let catalog = Catalog::appwrite();
        assert_eq!(catalog.operation_ids("messaging.create_sms"), ["messaging.createSMS"]);
        assert_eq!(catalog.operation_ids("messaging.createSms"), ["messaging.createSms"]);
        assert_eq!(catalog.operation_ids("account.update_magic_url_session"), ["account.updateMagicURLSession"]);
    }

    #[test]
    fn every_operation_is_recognized_in_snake_case() {
        for operation in Catalog::appwrite().operations().iter().filter(|operation| operation.deprecated.is_none()) {
            let snake: String =
                operation.id.chars().flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] }).collect();
            assert!(Catalog::appwrite().operation_ids(&snake).contains(&operation.id.as_str()), "{snake}");
        }
    }

    #[test]
    fn what_means_no_operation_is_not_guessed() {
        for text in [
            "",
            " ",
            "listRows",
            "tablesDB",
            "users.list\u{0}",
            "us\u{435}rs.list",
            "GET",
            "/v1/users",
            "GET v1/users",
            "x://y",
            "->",
            "(",
            "GET https://host",
        ] {
            assert!(Catalog::appwrite().operation_ids(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn help_names_the_way_out() {
        let help = |text| Catalog::appwrite().help_with_operation(text, &Patience::default());
        assert_eq!(help("tablesDB.listRow"), "did you mean `tablesDB.listRows`?");
        assert_eq!(help("PUT /v1/users"), "this path is not called with `PUT`, but with `GET` or `POST`");
        assert_eq!(help("/v1/users"), "add the HTTP method: `GET /v1/users`");
        assert_eq!(help("GET /v1/nothing"), "no route of Appwrite has this path; check its spelling, beginning with `/`");
        assert_eq!(help("x"), "write it as an SDK method, or as an HTTP method and a path, such as `account.get` or `GET /v1/account`");
    }
}
