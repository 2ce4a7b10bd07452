//! Recognizes operations: an SDK method in the spelling of any language, or a request's method and path.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::mem::take;

use super::{
    entries::Operation,
    index::squashed,
    lookup::Catalog,
    reading::Reading,
    route::{Origin, is_of_word},
};
use crate::scope::support::{
    gather::Gather,
    nearest::Patience,
    text::{self, fill},
};

/// Longer texts name no operation. A path of the contract has at most about 400 characters.
const MAX_LENGTH: usize = 4096;
const FORMS: &str = "write it as an SDK method, or as an HTTP method and a path";

/// What a text means.
pub(in crate::scope) struct Meaning<'a> {
    /// The operations; none when it means none.
    pub positions: Vec<u16>,
    /// For a request that means nothing since some servers would read it as another one: what it means as it is written, and what they
    /// read.
    pub mistaken: Option<(u16, u16)>,
    /// How the text was read, where it is no id. To read a long one takes time.
    reading: Option<Reading<'a>>,
}

impl Catalog {
    /// The ids of the operations that a text means, as positions; none when it means none.
    ///
    /// Several where one route serves several methods (`createRow` and `createRows`). A deprecated spelling gives way to a
    /// current one unless it is written exactly.
    pub(in crate::scope) fn recognize(&self, text: &str) -> Vec<u16> {
        self.meaning(text).positions
    }

    /// The same, with what [`Catalog::no_operation`] needs where it means nothing.
    pub(in crate::scope) fn meaning<'a>(&'a self, text: &'a str) -> Meaning<'a> {
        let mut meaning = Meaning { positions: Vec::new(), mistaken: None, reading: None };
        if text.len() > MAX_LENGTH {
            return meaning;
        }
        // The hot path: the id as the catalog spells it.
        let exact = self.positions_named(text);
        if !exact.is_empty() {
            meaning.positions = exact.to_vec();
            return meaning;
        }
        let mut reading = match self.plain_request(text) {
            Some(request) => Reading::of_request(self, request),
            None => Reading::of(self, text),
        };
        match reading.request {
            Some((method, path)) => {
                (meaning.positions, meaning.mistaken) = self.routes().meaning(&method.to_ascii_uppercase(), path, Origin::Text)
            }
            None => meaning.positions = take(&mut reading.found),
        }
        meaning.reading = Some(reading);
        meaning
    }

    /// The method and the path of a text that is nothing else: most of those that programs ask about. There is nothing to read in a path of
    /// plain letters behind a base path.
    fn plain_request<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let (method, path) = text::cut(text, b' ')?;
        let is_method = matches!(text.as_bytes(), [b'A'..=b'Z', ..]) && method.bytes().all(|byte| byte.is_ascii_uppercase());
        let behind = self.base_paths.iter().find_map(|base| path.strip_prefix(&**base).filter(|rest| rest.starts_with('/')));
        let rest = behind.unwrap_or(path);
        let is_plain = rest.starts_with('/') && rest.bytes().all(|byte| byte == b'/' || is_of_word(byte));
        (is_method && is_plain).then_some((method, path))
    }

    /// The ids of the operations that a text means: `tablesDB.listRows`, `TablesDB.list_rows`, `tables_db.list_rows`,
    /// `$tablesDB->listRows()`, `tables-db list-rows`, or `GET /v1/tablesdb/main/tables/x/rows`. Empty when it means none, and when it
    /// holds several calls or requests.
    ///
    /// | Spelling | Example |
    /// |---|---|
    /// | with a type | `tablesDB.listRows<Row>(`, `tables_db.list_rows::<Row>(` |
    /// | with marks | `client?.tablesDB!.listRows(`, `this.tablesDB.listRows` |
    /// | service made on the spot | `TablesDB(client).list_rows(`, `(new TablesDB($client))->listRows()` |
    /// | one word | `tablesDBListRows`, `tablesdb_list_rows` |
    /// | command line | `appwrite tables-db list-rows --database-id main` |
    /// | line of a log | `"GET /v1/users HTTP/1.1" 200 512` |
    /// | curl | `curl -X GET https://host/v1/users` |
    ///
    /// ```
    /// use scopewise::scope::Catalog;
    /// let catalog = Catalog::appwrite();
    /// assert_eq!(catalog.operation_ids("tables_db.list_rows"), ["tablesDB.listRows"]);
    /// assert_eq!(catalog.operation_ids("GET /v1/users/42?queries[]=x"), ["users.get"]);
    /// assert_eq!(catalog.operation_ids("(new Users($client))->list()"), ["users.list"]);
    /// assert!(catalog.operation_ids("users.fly").is_empty());
    /// assert!(catalog.operation_ids("users.list() && users.delete()").is_empty());
    /// ```
    pub fn operation_ids(&self, text: &str) -> Vec<&str> {
        let mut ids: Vec<&str> = self.recognize(text).into_iter().map(|position| self.operation_id(position)).collect();
        // Two entries can share one id (`presences.update`).
        ids.dedup();
        ids
    }

    /// The operations that a text means, as [`Catalog::operation_ids`] reads it.
    pub fn operations_meant(&self, text: &str) -> Vec<&Operation> {
        self.recognize(text).into_iter().filter_map(|position| self.operation_at(position)).gathered()
    }

    /// The same, as positions in [`Catalog::operations`].
    pub fn operation_positions(&self, text: &str) -> Vec<usize> {
        self.recognize(text).into_iter().map(usize::from).collect()
    }

    /// What is wrong with a text that means no operation, and what to write instead, each in one sentence.
    pub(in crate::scope) fn no_operation(&self, text: &str, meaning: &Meaning<'_>, patience: &Patience) -> (String, String) {
        let shown = text::quoted(text);
        let unknown = fill("there is no operation {}", &[&shown]);
        // It is not read where it is too long.
        let Some(reading) = &meaning.reading else { return (unknown, FORMS.to_owned()) };
        if reading.is_several {
            return (fill("{} holds several operations", &[&shown]), "list each one separately".to_owned());
        }
        let text = text::trimmed(text, char::is_whitespace);
        let help = match reading.request {
            Some((method, path)) if !method.is_empty() => self.help_with_request(&method.to_ascii_uppercase(), path, meaning.mistaken),
            Some((_, path)) => fill("add the HTTP method: {}", &[&text::quoted(&fill("GET {}", &[path]))]),
            None if text.starts_with('/') => fill("add the HTTP method: {}", &[&text::quoted(&fill("GET {}", &[text]))]),
            None => self.help_with_name(reading, patience),
        };
        (unknown, help)
    }

    fn help_with_request(&self, method: &str, path: &str, mistaken: Option<(u16, u16)>) -> String {
        let unknown = || fill("no route of {} has this path; check its spelling, beginning with `/`", &[&self.name]);
        if let Some((written, taken)) = mistaken.and_then(|pair| self.entries(pair)) {
            let [method, path, id] = [&taken.method, &taken.path, &written.id].map(String::as_str);
            return fill("some servers read it as `{} {}` and others as `{}`; name the operation", &[method, path, id]);
        }
        let first =
            self.operations().first().map_or("", |operation| text::parts(&operation.path, b'/').get(1).copied().unwrap_or_default());
        let is_version = first.strip_prefix('v').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        let based = fill("/{}{}", &[first, path]);
        if is_version && !self.routes().find(method, &based, Origin::Text).is_empty() {
            return fill("did you mean {}?", &[&text::quoted(&fill("{} {}", &[method, &based]))]);
        }
        let methods = self.routes().methods(path);
        if methods.is_empty() {
            unknown()
        } else if methods.contains(&method) {
            fill("{} has too many routes like this path; name the operation", &[&self.name])
        } else {
            fill("this path is not called with {}, but with {}", &[&text::quoted(method), &text::either(methods)])
        }
    }

    fn help_with_name(&self, reading: &Reading<'_>, patience: &Patience) -> String {
        let as_before = |by_verb| reading.like.and_then(|(namespace, method)| self.operation_as_in_old_sdks(namespace, method, by_verb));
        let near = as_before(false).or_else(|| self.operation_like(reading, patience)).or_else(|| as_before(true));
        let of_services = if near.is_some() { Vec::new() } else { self.positions_of_method(reading.method(), patience) };
        if of_services.len() > 1 {
            let ids = of_services.iter().map(|position| self.operation_id(*position));
            return fill("several services have this method; choose {}", &[&text::either(ids)]);
        }
        match near.or_else(|| self.operation_at(*of_services.first()?)) {
            Some(Operation { id, successor: Some(successor), .. }) => {
                fill("did you mean `{}`? it is deprecated; call `{}` instead", &[id, successor])
            }
            Some(Operation { id, .. }) => fill("did you mean `{}`?", &[id]),
            None => match self.operations().iter().find(|operation| operation.method == "GET") {
                Some(Operation { id, method, path, .. }) => fill("{}, such as `{}` or `{} {}`", &[FORMS, id, method, path]),
                None => FORMS.to_owned(),
            },
        }
    }

    fn operation_like(&self, reading: &Reading<'_>, patience: &Patience) -> Option<&Operation> {
        let (namespace, method) = reading.like?;
        let plain = |word: &str| -> String { squashed(word).map(char::from).collect() };
        self.operation_at(self.nearest_operation(&fill("{}.{}", &[&plain(namespace), &plain(method)]), patience, &|_| true)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::support::dice::Dice;

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
    fn every_language_calls_it_its_own_way() {
        for text in [
            "const rows = await tablesDB.listRows<Row>({ databaseId: 'x', tableId: 'y' });",
            "tablesDB.listRows::<Row>(",
            "tables_db.list_rows::<Row>(\"x\", \"y\", None).await?;",
            "Task<RowList> x = tablesDB.ListRows(",
            "client?.tablesDB!.listRows(",
            "this.tablesDB.listRows",
            "this.rows = await this.tablesDB.listRows({ databaseId })",
            "self.tables_db.list_rows(database_id='x', queries=[Query.limit(5)])",
            "$this->tablesDB->listRows(databaseId: 'x')",
            "@tables_db.list_rows",
            "tables_db&.list_rows(database_id: 'x')",
            "TablesDB(client).list_rows('x', 'y')",
            "new TablesDB(client).listRows({",
            "(new TablesDB($client))->listRows('x', 'y')",
            "$rows = (new \\Appwrite\\Services\\TablesDB($client))->listRows('x', 'y');",
            "TablesDB.new(client).list_rows(database_id: 'x')",
            "TablesDB::new(&client).list_rows(",
            "appwrite.NewTablesDB(client).ListRows(\"x\", \"y\")",
            "rows, err := client.TablesDB.ListRows(",
            "let rows: RowList<Row> = try await tablesDB.listRows(databaseId: \"x\")",
            "val rows = tablesDB\n    .listRows(databaseId = \"x\")",
            "RowList rows = new TablesDB(client).listRows(\"x\", \"y\", new CoroutineCallback<>((rows, error) -> {",
            "tablesDB!!.listRows(",
            "(await tablesDB.listRows({})).rows",
            "tablesDB.listRows({}).then((rows) => rows.map((row) => row.$id))",
            "print(await tablesDB.listRows())",
            "tablesDBListRows",
            "tablesdb_list_rows",
            "query { tablesDBListRows(databaseId: \"x\") { total } }",
            "`tablesDB.listRows`",
            "\"tablesDB.listRows\",",
            "\u{201c}tablesDB.listRows\u{201d}",
            "- tablesDB.listRows",
            "appwrite tables-db list-rows --database-id x --queries '{\"method\":\"limit\"}'",
            "GET /v1/tablesdb/main/tables/x/rows HTTP/1.1\" 200 512",
            "\"GET /v1/tablesdb/main/tables/x/rows HTTP/2\"",
            "10.0.0.1 - - [26/Nov/2026:10:00:00 +0000] \"GET /v1/tablesdb/main/tables/x/rows?a=b HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (X11)\"",
            "- GET /v1/tablesdb/main/tables/x/rows",
            "curl -X GET https://host/v1/tablesdb/main/tables/x/rows -H 'X-Appwrite-Key: x'",
            "curl -XGET -H 'a: b' \"https://host/v1/tablesdb/main/tables/x/rows\"",
            "curl 'https://host/v1/tablesdb/main/tables/x/rows' --request GET",
        ] {
            assert_eq!(Catalog::appwrite().operation_ids(text), ["tablesDB.listRows"], "{text}");
        }
    }

    #[test]
    fn several_operations_are_not_judged_as_one() {
        for text in [
            "users.list() && users.delete(",
            "users.delete users.list(",
            "users.list, users.delete",
            "users.list\nusers.delete",
            "users.list; users.delete",
            "users.list(); teams.list();",
            "users.list().then(() => users.delete('x'))",
            "users.list().delete(",
            "users.get(account.get().$id)",
            "Promise.all([users.list(), teams.list()])",
            "usersList() || teamsList()",
            "query { usersList { total } teamsList { total } }",
            "appwrite users list && appwrite users delete",
            "appwrite users list --limit 5 && appwrite users delete --user-id x",
            "GET /v1/users GET /v1/teams",
            "GET /v1/users, GET /v1/teams",
            "GET /v1/users HTTP/1.1\nDELETE /v1/users/x HTTP/1.1",
            "GET /v1/users && users.delete()",
            "users.list() && GET /v1/teams",
            "curl -X GET https://h/v1/users; curl -X GET https://h/v1/teams",
            "GET /v1/users/x DELETE /sessions",
        ] {
            assert!(Catalog::appwrite().operation_ids(text).is_empty(), "{text}");
            assert!(Reading::of(Catalog::appwrite(), text).is_several, "{text}");
        }
        // The same one twice is one.
        assert_eq!(Catalog::appwrite().operation_ids("users.list() || users.list()"), ["users.list"]);
    }

    #[test]
    fn what_stands_next_to_something_unknown_is_not_judged() {
        for text in [
            "users.fly() && users.list()",
            "users.fly, users.list",
            "users.list() && users.fly()",
            "users.list, foo",
            "users.list; DROP TABLE",
            "tablesDB.list.rows",
            "tablesDBlistRows",
            "GET and POST /v1/users",
            "GET,POST /v1/users",
            "GET /v1/users/x /v1/teams",
            "curl https://host/v1/users -d '{}'",
            "do not GET /v1/users",
            "console.log(users)",
        ] {
            assert!(Catalog::appwrite().operation_ids(text).is_empty(), "{text}");
            assert!(!Reading::of(Catalog::appwrite(), text).is_several, "{text}");
        }
    }

    #[test]
    fn every_operation_is_recognized_in_each_spelling() {
        let catalog = Catalog::appwrite();
        let upper = |word: &str| word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)).collect::<String>();
        let with = |word: &str, mark: char| -> String {
            word.chars().flat_map(|c| if c.is_uppercase() { vec![mark, c.to_ascii_lowercase()] } else { vec![c] }).collect()
        };
        for operation in catalog.operations().iter().filter(|operation| operation.deprecated.is_none()) {
            let (namespace, method) = operation.id.split_once('.').unwrap();
            let (class, big) = (upper(namespace), upper(method));
            let (snake, kebab) = (with(method, '_'), with(method, '-'));
            for text in [
                format!("const x = await {namespace}.{method}<Row>({{ a: 'b' }});"),
                format!("{namespace}.{method}::<Row>(a).await?"),
                format!("Task<X> x = {namespace}.{big}(a);"),
                format!("client?.{namespace}!.{method}(a)"),
                format!("this.x = await this.{namespace}.{method}(a)"),
                format!("{class}(client).{snake}(a='b')"),
                format!("new {class}(client).{method}(a)"),
                format!("(new {class}($client))->{method}(a)"),
                format!("$this->{namespace}->{method}(a);"),
                format!("{class}::new(&client).{snake}(a)"),
                format!("{class}.new(client).{snake}(a: 'b')"),
                format!("appwrite.New{class}(client).{big}(a)"),
                format!("x, err := client.{class}.{big}(a)"),
                format!("val x = {namespace}\n  .{method}(a)"),
                format!("{namespace}{big}"),
                format!("{}_{snake}", namespace.to_ascii_lowercase()),
                format!("mutation {{ {namespace}{big}(a: \"b\") {{ total }} }}"),
                format!("appwrite {} {kebab} --a b --c 'd'", with(namespace, '-')),
            ] {
                assert!(catalog.operation_ids(&text).contains(&operation.id.as_str()), "{text}");
            }
            let others = ["users.list", "teams.list"].into_iter().filter(|other| *other != operation.id);
            for text in others.flat_map(|other| {
                [
                    format!("{namespace}.{method}(a) && {other}(b)"),
                    format!("{other}, {namespace}.{method}"),
                    format!("{namespace}.{method}().then(() => {other}())"),
                    format!("{} {} {other}()", operation.method, operation.path),
                    format!("appwrite {namespace} {kebab} --x && appwrite {}", other.replace('.', " ")),
                ]
            }) {
                assert!(catalog.operation_ids(&text).is_empty() && Reading::of(catalog, &text).is_several, "{text}");
            }
            for text in [
                format!("{} {} HTTP/1.1\" 200 512", operation.method, operation.path),
                format!("\"{} https://host{} HTTP/2\"", operation.method, operation.path),
                format!("curl -X {} https://host{} -H 'a: b'", operation.method, operation.path),
            ] {
                assert!(catalog.operation_ids(&text).contains(&operation.id.as_str()), "{text}");
            }
        }
    }

    #[test]
    fn a_name_without_a_namespace_is_recognized_in_other_letters_where_it_is_clear() {
        let operation = |id: &str, path: &str| format!(r#"{{"id":"{id}","method":"GET","path":"{path}","scopes":["a.read"]}}"#);
        let catalog = Catalog::from_json(&format!(
            r#"{{"id":"own","name":"Own","version":"1","maxScopes":9,"editions":[{{"id":"e","name":"E"}}],"services":[{{"id":"s","name":"S"}}],
            "scopes":[{{"id":"a.read","service":"s","description":"","tiers":["project"],"editions":["e"]}}],"operations":[{}]}}"#,
            [operation("listOrganizations", "/o"), operation("search", "/s"), operation("ab.cD", "/a"), operation("abC.d", "/b")].join(",")
        ))
        .unwrap();
        for text in ["listOrganizations", "ListOrganizations", "list_organizations", "api.listOrganizations()", "LIST_ORGANIZATIONS"] {
            assert_eq!(catalog.operation_ids(text), ["listOrganizations"], "{text}");
        }
        assert_eq!(catalog.operation_ids("search"), ["search"]);
        for text in ["index.search()", "abCD", "listorganizations()"] {
            assert!(catalog.operation_ids(text).is_empty(), "{text}");
        }
        assert_eq!(catalog.operation_ids("abC.d"), ["abC.d"]);
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
    fn a_plain_request_is_what_the_long_way_reads() {
        let catalog = Catalog::appwrite();
        let mut dice = Dice::new(0x5eed);
        let words = ["users", "list", "GET", "new", "curl", "usersList", "a-b", "-", "--x", "X", "-X", "-XGET", "HTTP", "_", "1"];
        let mut plain = 0;
        for round in 0..20_000 {
            let mut text = dice.one(&["GET", "POST", "A", "get", "curl", "", "USERS"]).to_owned();
            text.push_str(dice.one(&[" ", " ", " ", "  ", " /"]));
            for _ in 0..dice.below(5) {
                text.push_str(dice.one(&["/", "/", "/", "//", "", ".", "?"]));
                text.push_str(dice.one(&words));
            }
            if round % 3 == 0 {
                let operation = &catalog.operations()[dice.below(catalog.operations().len())];
                text = format!("{} {}", operation.method, operation.path.replace(':', "x"));
            }
            let Some(request) = catalog.plain_request(&text) else { continue };
            plain += 1;
            let reading = Reading::of(catalog, &text);
            assert_eq!((reading.request, reading.found.as_slice(), reading.is_several), (Some(request), &[][..], false), "{text}");
        }
        assert!(plain > 5_000, "{plain}");
        let own = Catalog { base_paths: vec!["/v1".to_owned(), "/v1.0".to_owned()], ..catalog.clone() };
        assert_eq!(own.plain_request("GET /v1.0/users"), Some(("GET", "/v1.0/users")));
        for text in ["GET /v1.1/users", "GET /v1.0", "GET /v1.0/users.list", " GET /v1/users", "get /v1/users", "GET /v1/users?a", "GET v1"]
        {
            assert_eq!(own.plain_request(text), None, "{text}");
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
    fn a_path_that_takes_too_much_work_is_not_said_to_have_another_method() {
        let operation = |n: usize| format!(r#"{{"id":"s.o{n}","method":"GET","path":"/{{p}}x{n}","scopes":["a.read"]}}"#);
        let catalog = Catalog::from_json(&format!(
            r#"{{"id":"own","name":"Own","version":"1","maxScopes":9,"editions":[{{"id":"e","name":"E"}}],"services":[{{"id":"s","name":"S"}}],
            "scopes":[{{"id":"a.read","service":"s","description":"","tiers":["project"],"editions":["e"]}}],"operations":[{}]}}"#,
            (0..1_000).map(operation).collect::<Vec<_>>().join(",")
        ))
        .unwrap();
        let help = |text: &str| catalog.no_operation(text, &catalog.meaning(text), &Patience::default()).1;
        assert_eq!(help("GET /ax1"), "Own has too many routes like this path; name the operation");
        assert_eq!(help("PUT /ax1"), "this path is not called with `PUT`, but with `GET`");
    }

    #[test]
    fn help_names_the_way_out() {
        let help = |text| Catalog::appwrite().no_operation(text, &Catalog::appwrite().meaning(text), &Patience::default()).1;
        assert_eq!(help("tablesDB.listRow"), "did you mean `tablesDB.listRows`?");
        for (text, id) in [
            ("users.getLogs", "users.listLogs"),
            ("storage.uploadFile(bucket)", "storage.createFile"),
            ("messaging.send_email", "messaging.createEmail"),
            ("$users->remove('x')", "users.delete"),
            ("new TablesDB(client).listRws(", "tablesDB.listRows"),
            ("user.list()", "users.list"),
            ("users.list() && users.lists()", "users.list"),
        ] {
            assert_eq!(help(text), format!("did you mean `{id}`?"), "{text}");
        }
        assert_eq!(
            help("database.listDocuments"),
            "did you mean `databases.listDocuments`? it is deprecated; call `tablesDB.listRows` instead"
        );
        for text in ["createEmail", "create_email(", "messages.createEmail({})", "await client.mails.create_email()"] {
            assert_eq!(help(text), "did you mean `messaging.createEmail`?", "{text}");
        }
        assert_eq!(
            help("createDocument"),
            "several services have this method; choose `documentsDB.createDocument`, `vectorsDB.createDocument` or `databases.createDocument`"
        );
        for text in ["list", "GET", "x.list()", "createNothing"] {
            assert!(help(text).starts_with(FORMS), "{text}: {}", help(text));
        }
        assert_eq!(help("GET /users"), "did you mean `GET /v1/users`?");
        assert_eq!(help("curl https://host/v1/users -d '{}'"), "add the HTTP method: `GET /v1/users`");
        assert_eq!(help("users.list(); users.get(x)"), "list each one separately");
        assert_eq!(help("PUT /v1/users"), "this path is not called with `PUT`, but with `GET` or `POST`");
        assert_eq!(help("/v1/users"), "add the HTTP method: `GET /v1/users`");
        assert_eq!(help("GET /v1/nothing"), "no route of Appwrite has this path; check its spelling, beginning with `/`");
        assert_eq!(help("x"), "write it as an SDK method, or as an HTTP method and a path, such as `account.get` or `GET /v1/account`");
    }
}
