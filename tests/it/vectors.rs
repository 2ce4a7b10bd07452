//! The vectors of tests/vectors: through the JSON facade, byte for byte, and through the typed functions.
//!
//! A case is a name, a call, a request (JSON, or a raw text where it is about malformed ones) and the whole answer. It can name a
//! catalog of tests/vectors/catalogs, which every entry point loads for it; otherwise the built-in one is asked. With
//! `SCOPEWISE_BLESS=1` the answers are written anew; a change of rule then shows in the diff, where a person judges it. A case with
//! `"by": "hand"` has an answer that a person wrote or checked word by word: it is never written anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::Mutex,
};

use scopewise::scope::{
    self, AllowsRequest, Catalog, CheckRequest, Code, CompareRequest, Diagnostic, MigrateRequest, Query, ReachRequest, Report,
    SuggestRequest,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::bless;

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    call: String,
    catalog: Option<String>,
    by: Option<By>,
    request: Option<Box<RawValue>>,
    text: Option<String>,
    answer: Box<RawValue>,
}

/// Who wrote the answer of a case, where it is not the code.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum By {
    Hand,
}

impl Case {
    fn request(&self) -> &str {
        self.text.as_deref().or_else(|| self.request.as_deref().map(RawValue::get)).expect("a case has a request or a text")
    }
}

/// The file of a catalog that a case names.
pub fn catalog_file(name: &str) -> PathBuf {
    PathBuf::from(format!("{}/tests/vectors/catalogs/{name}.json", env!("CARGO_MANIFEST_DIR")))
}

/// The catalog that a case asks.
pub fn catalog(name: Option<&str>) -> &'static Catalog {
    static OWN: Mutex<BTreeMap<String, &'static Catalog>> = Mutex::new(BTreeMap::new());
    let Some(name) = name else { return Catalog::appwrite() };
    OWN.lock().unwrap().entry(name.to_owned()).or_insert_with(|| {
        let read = Catalog::from_json(&fs::read_to_string(catalog_file(name)).unwrap());
        Box::leak(Box::new(read.unwrap_or_else(|faults| panic!("{name}: {faults:?}"))))
    })
}

pub fn files() -> Vec<PathBuf> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

pub fn cases() -> Vec<Case> {
    let read =
        |path: PathBuf| serde_json::from_str::<Vec<Case>>(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    files().into_iter().flat_map(read).collect()
}

/// The check cases of the built-in catalog with the request and the report.
pub fn checks() -> Vec<(String, CheckRequest, Report)> {
    let check =
        |case: &Case| Some((case.name.clone(), serde_json::from_str(case.request()).ok()?, serde_json::from_str(case.answer.get()).ok()?));
    cases().iter().filter(|case| case.call == "check" && case.catalog.is_none()).filter_map(check).collect()
}

fn answered(case: &Case) -> String {
    let answer = case.call.parse::<Query>().and_then(|call| scope::answer(catalog(case.catalog.as_deref()), call, case.request()));
    answer.unwrap_or_else(|error| error.to_json())
}

/// The same JSON in ASCII, so that the files have no invisible characters.
fn ascii(json: &str) -> String {
    let escaped = |c: char| {
        if c.is_ascii() { c.to_string() } else { c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect() }
    };
    json.chars().map(escaped).collect()
}

#[test]
fn every_answer_is_the_stored_one_byte_for_byte() {
    let bless = bless::is_on();
    let mut wrong = Vec::new();
    for path in files() {
        let cases: Vec<Case> =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let mut written = Vec::new();
        for case in &cases {
            let answer = ascii(&answered(case));
            let is_by_hand = case.by == Some(By::Hand);
            if answer != case.answer.get() && (!bless || is_by_hand) {
                wrong.push(format!(
                    "{path:?}, {}{}\n  stored: {}\n  given:  {answer}",
                    case.name,
                    if is_by_hand { " (by hand)" } else { "" },
                    case.answer.get()
                ));
            }
            let text = |text: &str| ascii(&serde_json::to_string(text).unwrap());
            let request = match &case.text {
                Some(raw) => format!("\"text\":{}", text(raw)),
                None => format!("\"request\":{}", ascii(case.request())),
            };
            let answer = if is_by_hand { case.answer.get() } else { &answer };
            let by = if is_by_hand { ",\"by\":\"hand\"" } else { "" };
            let own = case.catalog.as_ref().map(|name| format!(",\"catalog\":{}", text(name))).unwrap_or_default();
            written.push(format!(
                "{{\"name\":{},\"call\":{}{own}{by},\n {request},\n \"answer\":{answer}}}",
                text(&case.name),
                text(&case.call)
            ));
        }
        if bless {
            bless::write(&path, &format!("[\n{}\n]\n", written.join(",\n")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} answers differ; SCOPEWISE_BLESS=1 writes those anew that are not by hand\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Reads with serde, asks the function, writes with serde.
fn typed(case: &Case) -> Option<String> {
    fn read<T: DeserializeOwned>(case: &Case) -> Option<T> {
        serde_json::from_str(case.request()).ok()
    }
    fn write(value: &impl Serialize) -> Option<String> {
        serde_json::to_string(value).ok()
    }
    let catalog = catalog(case.catalog.as_deref());
    match case.call.parse().ok()? {
        Query::Check => write(&scope::check(catalog, &read::<CheckRequest>(case)?)),
        Query::Allows => read::<AllowsRequest>(case)
            .and_then(|request| write(&scope::allows(catalog, &request.scopes, &request.operation, request.edition.as_deref()))),
        Query::Suggest => write(&scope::suggest(catalog, &read::<SuggestRequest>(case)?)),
        Query::Reach => {
            read::<ReachRequest>(case).and_then(|request| write(&scope::reach(catalog, &request.scopes, request.edition.as_deref())))
        }
        Query::Compare => read::<CompareRequest>(case)
            .and_then(|request| write(&scope::compare(catalog, &request.before, &request.after, request.edition.as_deref()))),
        Query::Migrate => write(&scope::migrate(catalog, &read::<MigrateRequest>(case)?)),
        Query::Catalog => None,
    }
}

#[test]
fn the_typed_functions_give_the_same_answers() {
    let mut compared = 0;
    for case in cases().iter().filter(|case| case.text.is_none()) {
        if let Some(answer) = typed(case) {
            compared += 1;
            assert_eq!(ascii(&answer), case.answer.get(), "{}", case.name);
        }
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn there_are_enough_cases_each_with_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for path in files() {
        let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases {
            assert!(names.insert((path.clone(), case.name.clone())), "{path:?}: {} stands twice", case.name);
        }
    }
    assert!(names.len() >= 400, "{}", names.len());
}

#[test]
fn without_operations_the_smaller_check_reports_the_same() {
    let requests = checks().into_iter().filter(|(_, request, _)| request.operations.as_ref().is_none_or(Vec::is_empty));
    let count = requests
        .inspect(|(name, request, report)| assert_eq!(scope::check_scopes(Catalog::appwrite(), request), *report, "{name}"))
        .count();
    assert!(count > 50, "only {count} requests");
}

#[test]
fn every_code_fires_in_some_case_and_is_silent_in_another() {
    let checks = checks();
    for code in Code::ALL {
        let fires = |report: &Report| report.all().any(|finding| finding.code == *code);
        assert!(checks.iter().any(|(.., report)| fires(report)), "{} never fires", code.as_str());
        assert!(checks.iter().any(|(.., report)| !fires(report)), "{} always fires", code.as_str());
    }
}

#[test]
fn every_context_edition_and_tier_has_a_case() {
    let checks = checks();
    for context in scope::Runtime::ALL {
        assert!(checks.iter().any(|(_, request, _)| request.runs_in == Some(*context)), "{}", context.as_str());
    }
    for edition in &Catalog::appwrite().editions {
        assert!(checks.iter().any(|(_, request, _)| request.edition.as_ref() == Some(&edition.id)), "{}", edition.id);
    }
    for tier in [scope::Tier::Project, scope::Tier::Organization, scope::Tier::Account] {
        assert!(checks.iter().any(|(_, request, _)| request.tier == tier), "{}", tier.as_str());
    }
}

#[test]
fn a_fix_removes_its_finding() {
    let mut applied = 0;
    for (name, request, report) in checks() {
        for finding in report.all() {
            let Some(fix) = &finding.fix else { continue };
            applied += 1;
            let scopes = scope::apply_edits(&request.scopes, &fix.edits);
            let after = scope::check(Catalog::appwrite(), &CheckRequest { scopes: scopes.clone(), ..request.clone() });
            let same =
                |other: &Diagnostic| (other.code, &other.scope, &other.operation) == (finding.code, &finding.scope, &finding.operation);
            assert!(!after.all().any(same), "{name}: {} stays after {scopes:?}", finding.message);
        }
    }
    assert!(applied > 150, "{applied}");
}

/// Only these remove access, and each says so: its diagnostic says that the scope must go.
#[test]
fn a_fix_for_a_deprecated_scope_keeps_access() {
    for (name, request, report) in checks() {
        for finding in
            report.all().filter(|finding| matches!(finding.code, Code::DeprecatedScope | Code::RedundantScope | Code::DuplicateScope))
        {
            let Some(fix) = &finding.fix else { continue };
            let after = scope::apply_edits(&request.scopes, &fix.edits);
            let lost = scope::compare(Catalog::appwrite(), &request.scopes, &after, None).lost;
            // Where the code's calls are given, nothing else counts.
            let calls = request.operations.clone().unwrap_or_default();
            let calls: Vec<&str> = calls.iter().flat_map(|call| Catalog::appwrite().operation_ids(call)).collect();
            assert!(lost.iter().all(|lost| !calls.is_empty() && !calls.contains(&lost.as_str())), "{name}: {lost:?}");
        }
    }
}

#[test]
fn messages_are_one_lower_case_sentence_and_help_says_what_to_do() {
    for (name, _, report) in checks() {
        for finding in report.all() {
            for text in [&finding.message, &finding.help] {
                let first = text.chars().next().unwrap_or(' ');
                assert!(first.is_lowercase() || first == '`' || first.is_ascii_digit() || text.starts_with("an API"), "{name}: {text}");
                assert!(!text.ends_with('.') && !text.contains(['\n', '\t']), "{name}: {text}");
                assert!(text.chars().count() <= 600, "{name}: {text}");
            }
        }
    }
}
