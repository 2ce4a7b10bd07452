//! What paths mean, in the built-in catalog and in custom ones.

use super::{
    super::entries::{Operation, TrailingSlash},
    Origin, Routes,
};
use crate::scope::Catalog;

fn found(method: &str, path: &str) -> Vec<&'static str> {
    let catalog = Catalog::appwrite();
    catalog.routes().find(method, path, Origin::Request).into_iter().map(|position| catalog.operation_id(position)).collect()
}

pub(super) fn operation(method: &str, path: &str) -> Operation {
    Operation { id: "a.b".to_owned(), method: method.to_owned(), path: path.to_owned(), ..Operation::default() }
}

/// GET routes of these paths.
fn routes(paths: &[&str]) -> Routes {
    let operations: Vec<Operation> = paths.iter().map(|path| operation("GET", path)).collect();
    Routes::new(&operations, &[], false, TrailingSlash::Ignored)
}

fn at(routes: &Routes, path: &str) -> Vec<u16> {
    routes.find("GET", path, Origin::Request)
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
            let mistaken = catalog
                .routes()
                .meaning(method, &path, Origin::Request)
                .1
                .map(|(one, other)| [one, other].map(|it| catalog.operation_id(it)));
            assert_eq!(mistaken, Some(["databases.get", "databases.listTransactions"]), "{method} {path}");
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
                for spelled in [word.to_uppercase(), format!("{word}."), format!("{word}%20"), format!("{word}%3f"), format!("{word}.json")]
                {
                    let mut path = words.iter().zip(&others).map(|(word, other)| match (word.starts_with(':'), other.starts_with(':')) {
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

#[test]
fn a_path_means_its_operation_however_many_siblings_have_text_around_a_parameter() {
    let names: Vec<String> = (0..2_000).map(|n| format!("get{}Report{n}", if n % 2 == 0 { "Site" } else { "Team" })).collect();
    let paths: Vec<String> = names.iter().map(|name| format!("/reports/{name}(period={{x}})")).collect();
    let mut paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let own = u16::try_from(paths.len()).unwrap();
    paths.extend(["/reports/{id}", "/reports/get{name}", "/reports/list", "/reports/{+path}/x"]);
    let routes = routes(&paths);
    for (n, name) in (0..).zip(&names) {
        assert_eq!(at(&routes, &format!("/reports/{name}(period=D7)")), [n]);
    }
    assert_eq!(at(&routes, "/reports/a"), [own]);
    assert_eq!(at(&routes, "/reports/getaway"), [own + 1]);
    assert_eq!(at(&routes, "/reports/list"), [own + 2]);
    assert_eq!(at(&routes, "/reports/a/x"), [own + 3]);
    // Readers that ignore letter case would take it for another one's.
    assert_eq!(at(&routes, "/reports/GETSiteReport0(period=D7)"), Vec::<u16>::new());
}

#[test]
fn text_around_a_parameter_is_preferred_to_a_parameter() {
    let routes = routes(&["/v1/:id", "/v1/{id}:resolve", "/v1/{name}.{ext}", "/v1/list(on='{x}')", "/v1/list", "/v1/x:resolve"]);
    for (path, expected) in [
        ("/v1/a", &[0][..]),
        ("/v1/a:resolve", &[1]),
        ("/v1/a:other", &[0]),
        ("/v1/a.b", &[2]),
        ("/v1/a.tar.gz", &[2]),
        ("/v1/list(on='a')", &[3]),
        ("/v1/list", &[4]),
        ("/v1/x:resolve", &[5]),
        // A reader could take each for another one's.
        ("/v1/a:Resolve", &[]),
        ("/v1/a:resolve;x", &[]),
        ("/v1/a;x:resolve", &[]),
        ("/v1/List(on='a')", &[]),
        ("/v1/list(on='')", &[]),
        ("/v1/X:resolve", &[]),
        ("/v1/a.b:resolve", &[]),
    ] {
        assert_eq!(at(&routes, path), expected, "{path}");
    }
}

#[test]
fn where_no_wider_route_is_there_a_parameter_takes_what_readers_cut_at() {
    let routes = routes(&["/v1/{id}:resolve", "/{base}...{head}"]);
    assert_eq!(at(&routes, "/v1/a.example:resolve"), [0]);
    assert_eq!(at(&routes, "/v1.0...v2.0"), [1]);
    assert!(at(&routes, "/v1/a.example").is_empty());
}

#[test]
fn words_that_the_catalog_lists_side_by_side_are_told_apart() {
    let routes = routes(&["/report", "/report.json", "/Report", "/:id/report", "/me/report.json"]);
    for (path, expected) in [
        ("/report", &[0][..]),
        ("/report.json", &[1]),
        ("/Report", &[2]),
        ("/REPORT", &[]),
        ("/a/report", &[3]),
        ("/me/report", &[3]),
        ("/me/report.json", &[4]),
        ("/Me/report.json", &[]),
    ] {
        assert_eq!(at(&routes, path), expected, "{path}");
    }
}

#[test]
fn a_tail_takes_one_or_more_segments_and_gives_way_to_what_is_narrower() {
    let routes =
        routes(&["/files/{+path}", "/files/:id", "/files/:id/share", "/v1/{+name}:cancel", "/v1/{+parent}/items", "/v1/{name...}"]);
    for (path, expected) in [
        ("/files", &[][..]),
        ("/files/a", &[1]),
        ("/files/a/b", &[0]),
        ("/files/a/share", &[2]),
        ("/files/a/b/share", &[0]),
        ("/files/a/Share", &[]),
        ("/v1/a/b/c:cancel", &[3]),
        ("/v1/a:cancel", &[3]),
        ("/v1/a/b/c", &[5]),
        ("/v1/a/items", &[4]),
        ("/v1/a/b/items", &[4]),
        ("/v1/items", &[5]),
        ("/v1/a/Items", &[]),
        ("/v1/a/b:Cancel", &[]),
        ("/v1/a/b.c:cancel", &[]),
    ] {
        assert_eq!(at(&routes, path), expected, "{path}");
    }
    assert!(at(&routes, &format!("/files{}", "/a".repeat(63))) == [0] && at(&routes, &format!("/files{}", "/a".repeat(64))).is_empty());
}

#[test]
fn a_base_path_comes_first() {
    let operations = [operation("GET", "/users/:id"), operation("GET", "/:a/users/:id"), operation("GET", "/v1")];
    let bases = ["/v1.0".to_owned(), "/beta".to_owned(), "/beta/two".to_owned()];
    let routes = Routes::new(&operations, &bases, false, TrailingSlash::Ignored);
    for (path, request, text) in [
        ("/v1.0/users/1", &[0][..], &[0][..]),
        ("/beta/users/1", &[0], &[0]),
        ("/users/1", &[], &[0]),
        ("/beta/v1", &[2], &[2]),
        // In two ways.
        ("/beta/two/users/1", &[1, 0], &[1, 0]),
        ("/x/users/1", &[], &[1]),
        // A reader could take it for a base path.
        ("/V1.0/users/1", &[], &[]),
        ("/Beta/users/1", &[], &[]),
        ("/v1.0", &[], &[]),
    ] {
        assert_eq!(routes.find("GET", path, Origin::Request), request, "{path}");
        assert_eq!(routes.find("GET", path, Origin::Text), text, "{path}");
    }
    assert_eq!(routes.methods("/users/1"), ["GET"]);
}

#[test]
fn letter_case_is_folded_where_the_catalog_says_so() {
    let operations = [operation("GET", "/Users/:id"), operation("GET", "/users/Me"), operation("GET", "/users/{id}:Copy")];
    let routes = Routes::new(&operations, &["/V1".to_owned()], true, TrailingSlash::Ignored);
    for (path, expected) in [("/v1/USERS/A", &[0][..]), ("/V1/users/ME", &[1]), ("/v1/users/a:COPY", &[2]), ("/v1/users/me.", &[])] {
        assert_eq!(at(&routes, path), expected, "{path}");
    }
}

#[test]
fn a_slash_at_the_end_counts_where_the_catalog_says_so() {
    let operations = ["/a", "/a/", "/b/", "/c/:id", "/d/{+path}", "/"].map(|path| operation("GET", path));
    let distinct = Routes::new(&operations, &[], false, TrailingSlash::Distinct);
    for (path, expected) in [
        ("/a", &[0][..]),
        ("/a/", &[1]),
        ("/b/", &[2]),
        ("/b", &[]),
        ("/c/x", &[3]),
        ("/c/x/", &[]),
        ("/c/", &[]),
        ("/d/x/y", &[4]),
        ("/d/x/", &[]),
        ("/", &[5]),
        ("//", &[]),
    ] {
        assert_eq!(at(&distinct, path), expected, "{path}");
    }
    let ignored = Routes::new(&operations[2..], &[], false, TrailingSlash::Ignored);
    assert_eq!((at(&ignored, "/b"), at(&ignored, "/b/"), at(&ignored, "/d/x/")), (vec![0], vec![0], vec![2]));
}

#[test]
fn a_person_can_write_a_path_as_the_catalog_does() {
    let paths = ["/f/{id}", "/f/{+path}", "/f/{id}:x", "/f/{name...}:x", "/f/{a}.{b}", "/f/{+up}/items", "/f/{id}/items", "/f/on('{x}')"];
    let routes = routes(&paths);
    for (position, path) in (0..).zip(paths) {
        assert_eq!(routes.find("GET", path, Origin::Text), [position], "{path}");
    }
    // In a request these are letters like all others.
    assert_eq!(at(&routes, "/f/{+path}"), [0]);
}

#[test]
fn routes_that_cannot_be_told_apart_are_listed() {
    let same = |paths: &[&str]| routes(paths).same().collect::<Vec<_>>();
    assert_eq!(same(&["/a/:id", "/a/{name}/", "/a/{b}{c}", "/b"]), [[0, 1, 2]]);
    assert_eq!(same(&["/a/{+x}", "/a/{y...}", "/a/:z"]), [[0, 1]]);
    assert_eq!(same(&["/{a}:x", "/{b}:x", "/{a}:y", "/A", "/a"]), [[0, 1]]);
}

#[test]
fn paths_of_the_built_in_catalog_take_a_part_of_the_work_that_is_allowed() {
    let catalog = Catalog::appwrite();
    for one in catalog.operations() {
        let read = catalog.routes().read(&one.method, &one.path, Origin::Request, 128);
        assert!(!read.found.is_empty(), "{} {}", one.method, one.path);
    }
}

#[test]
fn a_path_that_would_take_too_much_work_means_nothing() {
    let mut paths: Vec<String> = vec!["/v1/:id".to_owned()];
    assert_eq!(at(&routes(&["/v1/:id"]), "/v1/\u{e9}x"), [0]);
    paths.extend((0..2_000).map(|number| format!("/v1/{number}")));
    let words = routes(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(at(&words, "/v1/\u{e9}x").is_empty());
    assert_eq!((at(&words, "/v1/x"), at(&words, "/v1/77"), at(&words, "/v1/77;x")), (vec![0], vec![78], vec![]));
    // Each of so many segments is a word or a parameter, and all fit.
    let forms: Vec<String> = (0..1 << 12).map(|bits| (0..12).map(|at| if bits >> at & 1 == 1 { "/a" } else { "/:p" }).collect()).collect();
    let forms = routes(&forms.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(at(&forms, &"/a".repeat(12)).is_empty());
    assert_eq!(at(&forms, &"/b".repeat(12)), [0]);
    let inner: Vec<String> = (0..5_000).map(|number| format!("/v1/{{a}}x{{b}}x{number}")).collect();
    let inner = routes(&inner.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(at(&inner, &format!("/v1/{}x7", "x".repeat(200))).is_empty());
}

#[test]
fn a_segment_beyond_ascii_is_compared_once_with_each_segment_that_routes_share() {
    let mut paths = vec!["/v1/:id/:part".to_owned()];
    paths.extend((0..1_600).map(|number| format!("/v1/a{}/b{number}", number % 40)));
    let routes = routes(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(at(&routes, "/v1/\u{e9}x/c"), [0]);
    // `a7`, and its `b7`, as some readers have them.
    assert!(at(&routes, "/v1/\u{e9}7/b7").is_empty());
}

#[test]
fn the_words_of_routes_are_listed_unless_a_parameter_stands_within_a_plain_segment() {
    let listed = |paths: &[&str]| routes(paths).words();
    let words = |paths: &[&str]| listed(paths).unwrap_or_default();
    assert_eq!(words(&["/items", "/items/{id}", "/Items/new", "/{kind}/new"]), ["items", "items", "new"]);
    assert_eq!(words(&["/items/{id}:resolve", "/items/{name}.{ext}", "/files/{+path}", "/f(on='{x}')"]), ["items", "files"]);
    for within in ["/v{version}", "/{a}-{b}", "/items/pre{id}", "/{+path}_end"] {
        assert_eq!(listed(&["/items", within]), None, "{within}");
    }
    let based = Routes::new(&[operation("GET", "/items")], &["/API/v1".to_owned()], true, TrailingSlash::Ignored);
    assert_eq!(based.words().unwrap_or_default(), ["items", "api", "v1"]);
}
