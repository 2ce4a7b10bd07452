//! The facts of the built-in catalog: counts, a checksum of everything that was read from the product's source, and the form of
//! our own words.
//!
//! The checksums stand for two lists that are not part of this repository: every scope of every edition, and every operation of
//! server 1.9.6. They were computed once from those lists, by the projections that [`scopes`] and [`operations`] describe; a row
//! that is changed, lost or added here changes them.

use std::collections::BTreeMap;

use scopewise::scope::{Catalog, Operation, Scope, Tier, allows};

fn in_edition(scope: &Scope, edition: &str) -> bool {
    scope.tiers.contains(&Tier::Project) && scope.editions.iter().any(|known| known == edition)
}

fn count(edition: &str) -> usize {
    Catalog::appwrite().scopes().iter().filter(|scope| in_edition(scope, edition)).count()
}

#[test]
fn each_edition_has_its_number_of_project_scopes() {
    let counts: Vec<(&str, usize)> = Catalog::appwrite().editions.iter().map(|edition| (edition.id.as_str(), count(&edition.id))).collect();
    assert_eq!(
        counts,
        [("docs-2023", 32), ("docs-2025", 32), ("docs-2026", 53), ("sdk-27", 104), ("server-1.9", 87), ("sdk-2026-10", 125)]
    );
}

#[test]
fn an_organization_key_can_hold_sixteen_scopes() {
    assert_eq!(Catalog::appwrite().scopes().iter().filter(|scope| scope.tiers.contains(&Tier::Organization)).count(), 16);
}

#[test]
fn deprecated_scopes_are_those_of_the_server() {
    let deprecated = |scope: &&Scope| scope.deprecated && in_edition(scope, "server-1.9");
    assert_eq!(Catalog::appwrite().scopes().iter().filter(deprecated).count(), 10);
    let without_successor: Vec<&str> = Catalog::appwrite()
        .scopes()
        .iter()
        .filter(|scope| scope.deprecated && scope.successor.is_none())
        .map(|scope| scope.id.as_str())
        .collect();
    assert_eq!(without_successor, ["devKeys.read", "devKeys.write"]);
}

#[test]
fn the_server_shows_its_services_in_this_order() {
    let mut services: Vec<(&str, usize)> = Vec::new();
    for scope in Catalog::appwrite().scopes().iter().filter(|scope| in_edition(scope, "server-1.9")) {
        let name = Catalog::appwrite().service(&scope.service).unwrap().name.as_str();
        match services.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => services.push((name, 1)),
        }
    }
    let expected = [
        ("Project", 18),
        ("Auth", 6),
        ("Databases", 17),
        ("Storage", 6),
        ("Functions", 6),
        ("Sites", 4),
        ("Messaging", 10),
        ("Proxy", 2),
        ("Other", 12),
        ("Advisor", 4),
        ("Presences", 2),
    ];
    assert_eq!(services, expected);
}

/// The edition of October 2026 came later; what it adds has tests of its own.
const LATER: &str = "sdk-2026-10";

fn is_later(scope: &Scope) -> bool {
    scope.editions == [LATER]
}

/// What the server of the first list does not have: the cloud has it, or a later server. Whole namespaces, or single operations.
fn is_of_a_later_server(operation: &Operation) -> bool {
    let (namespace, method) = operation.id.split_once('.').unwrap();
    match namespace {
        "activities" | "apps" | "backups" | "domains" | "mongo" | "mysql" | "oauth2" | "postgresql" | "waf" => true,
        "account" => {
            let words = ["Consent", "Passkey", "OTP", "IdToken"];
            words.iter().any(|word| method.contains(word)) || matches!(method, "listLogs" | "listMemberships")
        }
        "avatars" => matches!(method, "updatePhoto" | "deletePhoto"),
        "databases" => method == "createQuery",
        "documentsDB" | "tablesDB" | "vectorsDB" => {
            let words = ["Failover", "Migration", "Cutover", "Replicas", "Specifications", "listOperations"];
            words.iter().any(|word| method.contains(word))
                || matches!((namespace, method), ("documentsDB" | "tablesDB", "createQuery"))
                || method == "getStatus"
                || operation.path.contains("/columns/relationship/") && operation.method == "PATCH"
        }
        "messaging" => method.contains("Appwrite"),
        "organization" => !matches!(method, "listProjects" | "createProject" | "getProject" | "updateProject" | "deleteProject"),
        "project" => {
            let words =
                ["Deny", "Cloudflare", "Kakao", "Resend", "Server", "TikTok", "Webflow", "Passkey", "Pwned", "Rotation", "Environment"];
            words.iter().any(|word| method.contains(word))
        }
        "proxy" => matches!(method, "createInvalidation" | "createSMTPRule"),
        "teams" => method.contains("Installation"),
        "users" => method.contains("Passkey") || method == "listLogs",
        _ => false,
    }
}

/// What no SDK of the first list has: the health of the server, and the operations of our own server.
fn is_of_a_server(operation: &Operation) -> bool {
    operation.id.starts_with("health.") || operation.id.starts_with("scopewise.")
}

#[test]
fn the_scopes_of_the_sdks_of_october_2026_can_all_be_granted() {
    let names =
        sorted(Catalog::appwrite().scopes().iter().filter(|scope| in_edition(scope, LATER)).map(|scope| scope.id.to_string()).collect());
    assert_eq!((names.lines().count(), names.len(), checksum(&names)), (125, 1_964, 0xcc84_d0b1));
    assert_eq!(Catalog::appwrite().scopes().iter().filter(|scope| is_later(scope)).count(), 20);
    // What a server has that people run themselves, the SDKs have, too.
    assert!(Catalog::appwrite().scopes().iter().all(|scope| in_edition(scope, LATER) || !in_edition(scope, "server-1.9")));
    assert_eq!(Catalog::appwrite().server_edition().map(|edition| edition.id.as_str()), Some("server-1.9"));
}

#[test]
fn operations_of_later_servers_are_opened_by_scopes_of_the_catalog() {
    let later = Catalog::appwrite().operations().iter().filter(|operation| is_of_a_later_server(operation));
    assert_eq!(later.clone().count(), 316);
    for operation in later {
        assert!(
            operation.scopes.iter().flat_map(|all| &all.0).all(|scope| Catalog::appwrite().scope(scope.as_str()).is_some()),
            "{}",
            operation.id
        );
    }
}

/// An operation without scopes is closed for every key, and is reported as such.
#[test]
fn what_nobody_has_annotated_stays_closed() {
    let closed: Vec<&str> = Catalog::appwrite()
        .operations()
        .iter()
        .filter(|operation| operation.scopes.is_empty())
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(
        closed,
        [
            "account.updateEmailVerificationOTP",
            "oauth2.listOrganizations",
            "oauth2.listProjects",
            "project.listEnvironments",
            "project.createEnvironment",
            "project.getEnvironment",
            "project.updateEnvironment",
            "project.deleteEnvironment",
        ]
    );
    let all: Vec<String> = Catalog::appwrite().scopes().iter().map(|scope| scope.id.to_string()).collect();
    assert!(closed.iter().all(|operation| !allows(Catalog::appwrite(), &all, operation, None).allowed));
    assert!(Catalog::appwrite().operations().iter().all(|operation| operation.open.is_none()));
}

/// Inferred is only what a later server has, and what it asks for.
#[test]
fn only_operations_of_later_servers_and_of_health_are_inferred() {
    let inferred = || Catalog::appwrite().operations().iter().filter(|operation| operation.inferred);
    assert!(inferred().all(|operation| !operation.scopes.is_empty()));
    assert!(inferred().all(|operation| is_of_a_later_server(operation) || operation.id.starts_with("health.")));
    assert_eq!(inferred().count(), 243);
}

/// One line a scope: name, service as the server calls it (empty where the server does not have the scope), deprecated,
/// successor, then 0 or 1 for a project key in each of the five editions, and for an organization key; `|` between them, sorted.
fn scopes() -> String {
    let catalog = Catalog::appwrite();
    let line = |scope: &Scope| {
        let service = catalog.service(&scope.service).unwrap();
        let service = if in_edition(scope, "server-1.9") { service.name.as_str() } else { "" };
        let successor = scope.successor.as_ref().map_or("", |successor| successor.as_str());
        let mut fields = vec![scope.id.to_string(), service.to_owned(), scope.deprecated.to_string(), successor.to_owned()];
        fields.extend(
            catalog
                .editions
                .iter()
                .filter(|edition| edition.id != LATER)
                .map(|edition| u8::from(in_edition(scope, &edition.id)).to_string()),
        );
        fields.push(u8::from(scope.tiers.contains(&Tier::Organization)).to_string());
        fields.join("|")
    };
    sorted(catalog.scopes().iter().filter(|scope| !is_later(scope)).map(line).collect())
}

/// One line an operation: id, HTTP method, path, scopes, callers, `version>successor` where it is deprecated; `|` between them,
/// commas within, sorted.
fn operations() -> String {
    let is_first = |operation: &&Operation| !is_of_a_later_server(operation) && !is_of_a_server(operation);
    let of_the_server = Catalog::appwrite().operations().iter().filter(is_first);
    let lines = of_the_server.map(|operation| {
        let scopes: Vec<&str> = operation.scopes.iter().flat_map(|all| &all.0).map(|scope| scope.as_str()).collect();
        let successor = operation.successor.as_ref().map(|successor| format!(">{successor}")).unwrap_or_default();
        let deprecated = format!("{}{successor}", operation.deprecated.as_deref().unwrap_or(""));
        [&operation.id, &operation.method, &operation.path, &scopes.join(","), &operation.callers.join(","), &deprecated]
            .map(String::as_str)
            .join("|")
    });
    sorted(lines.collect())
}

fn sorted(mut lines: Vec<String>) -> String {
    lines.sort();
    lines.join("\n") + "\n"
}

/// CRC-32 as in zip.
fn checksum(text: &str) -> u32 {
    !text.bytes().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn every_scope_is_as_it_was_read() {
    let scopes = scopes();
    assert_eq!((scopes.lines().count(), scopes.len(), checksum(&scopes)), (125, 5_111, 0x7ed4_eebf));
}

#[test]
fn every_operation_is_as_it_was_read() {
    let operations = operations();
    assert_eq!((operations.lines().count(), operations.len(), checksum(&operations)), (656, 68_289, 0xeb70_4439));
}

#[test]
fn what_climbs_says_how() {
    for scope in Catalog::appwrite().scopes() {
        let Some(sensitive) = &scope.sensitive else { continue };
        assert!(sensitive.reason.ends_with('.') && sensitive.reason.starts_with(char::is_uppercase), "{}: {}", scope.id, sensitive.reason);
        assert_eq!(sensitive.path.len(), 3, "{}: from holding it, by one step, to the end", scope.id);
        assert_eq!(sensitive.path[0], format!("hold {}", scope.id));
        assert!(sensitive.path.iter().all(|step| !step.ends_with('.') && step.len() <= 90), "{}: {:?}", scope.id, sensitive.path);
    }
}

#[test]
fn descriptions_are_one_line_of_plain_english() {
    let mut seen = BTreeMap::new();
    for scope in Catalog::appwrite().scopes() {
        let text = scope.description.as_str();
        let entry = format!("{}: {text}", scope.id);
        assert!((8..=90).contains(&text.chars().count()), "{entry}");
        assert!(text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.ends_with(['.', ' ']), "{entry}");
        assert!(text.chars().all(|c| matches!(c, ' '..='~')) && !text.contains("  ") && !text.contains(['\\', '`']), "{entry}");
        assert!(!text.to_lowercase().contains("access to access"), "{entry}");
        let words: Vec<String> = text.split(' ').map(|word| word.trim_end_matches(',').to_lowercase()).collect();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{entry}");
        if let Some(other) = seen.insert(text, &scope.id) {
            panic!("{} and {other} have the same description", scope.id);
        }
        // What reads does not change, and what writes does more than read.
        let reads = text.starts_with("Read")
            || text.starts_with("Look up")
            || text.starts_with("Render")
            || text.starts_with("List")
            || text.starts_with("Ask");
        match scope.id.action() {
            Some("read") => assert!(reads, "{entry}"),
            Some("write") => assert!(!reads, "{entry}"),
            _ => {}
        }
    }
}
