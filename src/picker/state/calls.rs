//! What code will call, and the scopes for that.

use crate::scope::{Catalog, SuggestRequest, Tier, suggest};

/// More is cut.
const MAX_BYTES: usize = 256 * 1024;
/// So many operations are read from a text.
const MAX_CALLS: usize = 300;
/// Lines without an operation that are looked at piece by piece.
const MAX_PIECES: usize = 4000;

/// The operations that a text calls: a list of them, requests, or source code. By their ids, each once, in their order.
pub fn calls_in(catalog: &Catalog, text: &str) -> Vec<String> {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let text = text.get(..end).unwrap_or_default();
    let mut calls: Vec<String> = Vec::new();
    let mut pieces_left = MAX_PIECES;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut add = |ids: Vec<&str>| {
            let is_one = !ids.is_empty();
            for id in ids {
                if !calls.iter().any(|call| call == id) {
                    calls.push(id.to_owned());
                }
            }
            is_one
        };
        if is_comment(line) || add(catalog.operation_ids(line)) {
            continue;
        }
        // Several calls in a line: each with what stands before its bracket.
        for piece in line.split(['(', ';', ',', '{', '}', '=', '|', '&', '[', ']', '!', '"', '\'', '`']) {
            let piece = piece.trim();
            if pieces_left == 0 || piece.len() < 3 || !piece.contains(['.', ':', '>', '_', '-', ' ', '/']) {
                continue;
            }
            pieces_left -= 1;
            let word = piece.rsplit(' ').next().unwrap_or(piece);
            if !add(catalog.operation_ids(piece)) && word != piece {
                add(catalog.operation_ids(word));
            }
        }
        if calls.len() >= MAX_CALLS || pieces_left == 0 {
            break;
        }
    }
    calls.truncate(MAX_CALLS);
    calls
}

fn is_comment(line: &str) -> bool {
    ["//", "#", "/*", "*", "--"].iter().any(|begin| line.starts_with(begin)) && !line.starts_with("#[")
}

/// An operation that the code calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// As it was said.
    pub operation: String,
    /// The chosen scopes that open it, or else those to choose; empty where none is needed, or none of such a key opens it.
    pub scopes: Vec<String>,
    /// Whether the chosen scopes open it.
    pub is_open: bool,
}

/// What the chosen scopes open of it, and what to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The operations, in their order.
    pub calls: Vec<Call>,
    /// The scopes that the chosen ones lack.
    pub missing: Vec<String>,
    /// The smallest set that opens everything.
    pub smallest: Vec<String>,
}

/// Compares the operations with the chosen scopes.
pub fn plan(catalog: &Catalog, operations: &[String], chosen: &[String], edition: Option<&str>, tier: Tier) -> Plan {
    let ask = |scopes: &[String]| {
        let (operations, scopes, edition) = (operations.to_vec(), scopes.to_vec(), edition.map(str::to_owned));
        suggest(catalog, &SuggestRequest { operations, scopes, edition, tier, prefer: None })
    };
    let (lacking, whole) = (ask(chosen), ask(&[]));
    let grant = catalog.compile(chosen);
    let call = |operation: &String| {
        let is_open = grant.allows(operation);
        let opened = lacking.operations.iter().find(|opened| opened.operation == *operation);
        Call { operation: operation.clone(), scopes: opened.map(|opened| opened.scopes.clone()).unwrap_or_default(), is_open }
    };
    Plan { calls: operations.iter().map(call).collect(), missing: lacking.scopes, smallest: whole.scopes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(text: &str) -> Vec<String> {
        calls_in(Catalog::appwrite(), text)
    }

    #[test]
    fn a_list_of_operations_is_read_in_any_spelling() {
        assert_eq!(
            calls("tablesDB.listRows\nstorage.create_file\nGET /v1/users/42"),
            ["tablesDB.listRows", "storage.createFile", "users.get"]
        );
        assert_eq!(calls("users.list\nusers.list"), ["users.list"]);
        assert_eq!(calls("nothing here"), Vec::<String>::new());
    }

    #[test]
    fn source_code_is_read_for_its_calls() {
        let code = "
            import { Client, TablesDB, Storage } from 'node-appwrite';
            const client = new Client().setEndpoint('https://cloud.example/v1').setKey(process.env.KEY);
            // storage.deleteFile is for tomorrow
            for (const { $id } of (await tablesDB.listRows({ databaseId, tableId })).rows) await storage.createFile('b', $id);
            if (await users.get(id)) { await users.updateName(id, 'x'); }
        ";
        assert_eq!(calls(code), ["tablesDB.listRows", "storage.createFile", "users.get", "users.updateName"]);
    }

    #[test]
    fn a_huge_text_ends_soon() {
        assert!(calls(&"a.b(c.d(e.f(".repeat(100_000)).is_empty());
        assert!(calls(&"users.list()\n".repeat(50_000)).len() == 1);
    }

    #[test]
    fn the_plan_names_what_opens_each_call_and_what_is_missing() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let operations = list(&["tablesDB.listRows", "storage.createFile"]);
        let plan = plan(Catalog::appwrite(), &operations, &list(&["rows.read", "users.read"]), None, Tier::Project);
        assert_eq!(plan.calls[0], Call { operation: "tablesDB.listRows".into(), scopes: list(&["rows.read"]), is_open: true });
        assert_eq!(plan.calls[1], Call { operation: "storage.createFile".into(), scopes: list(&["files.write"]), is_open: false });
        assert_eq!((plan.missing, plan.smallest), (list(&["files.write"]), list(&["rows.read", "files.write"])));
    }
}
