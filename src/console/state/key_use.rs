//! What the counted requests of a key say about its scopes.

use crate::{
    api::UseReport,
    scope::{Catalog, CheckRequest, Code, check},
};

/// The scopes of a key that no counted request needed. Empty where nothing was counted, or where the catalog does not know what was
/// called: that could be what needs them.
pub fn unneeded(catalog: &Catalog, scopes: &[String], used: &UseReport, edition: Option<String>) -> Vec<String> {
    let operations: Vec<String> = used.operations.iter().map(|used| used.operation.clone()).collect();
    if operations.is_empty() {
        return Vec::new();
    }
    let request = CheckRequest { scopes: scopes.to_vec(), operations: Some(operations), edition, ..CheckRequest::default() };
    let found = check(catalog, &request).warnings.into_iter();
    found.filter(|diagnostic| diagnostic.code == Code::UnusedScope).filter_map(|diagnostic| diagnostic.scope).collect()
}

/// The heights of the bars of the days, in hundredths of the highest one. A day with requests is never empty.
pub fn heights(days: &[u64]) -> Vec<u64> {
    let most = days.iter().max().copied().unwrap_or_default().max(1);
    // Divided first where the product would not fit.
    let part = |day: u64| day.checked_mul(100).map_or_else(|| day / (most / 100).max(1), |product| product / most);
    days.iter().map(|day| if *day == 0 { 0 } else { part(*day).clamp(4, 100) }).collect()
}

/// A number with a space between thousands: `12 400`. The space does not break.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{OperationUse, WireDate};

    fn report(operations: &[&str]) -> UseReport {
        let used = |operation: &&str| OperationUse { operation: (*operation).to_owned(), requests: 1, last_day: WireDate(None) };
        UseReport { since: WireDate(None), days: vec![0; 30], operations: operations.iter().map(used).collect() }
    }

    fn of(scopes: &[&str], operations: &[&str]) -> Vec<String> {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        unneeded(Catalog::appwrite(), &scopes, &report(operations), None)
    }

    #[test]
    fn a_scope_that_no_counted_operation_needs_is_named() {
        assert_eq!(of(&["rows.read", "users.read", "users.write"], &["tablesDB.listRows", "users.get"]), ["users.write"]);
        assert_eq!(of(&["rows.read"], &["tablesDB.listRows"]), [""; 0]);
    }

    #[test]
    fn nothing_is_said_of_scopes_where_nothing_is_known() {
        assert_eq!(of(&["rows.read"], &[]), [""; 0]);
        assert_eq!(of(&["rows.read", "users.read"], &["users.get", "gone.method"]), [""; 0]);
    }

    #[test]
    fn a_day_with_one_request_beside_thousands_still_has_a_bar() {
        assert_eq!(heights(&[0, 1, 5_000, 10_000]), [0, 4, 50, 100]);
        assert_eq!(heights(&[0, 0]), [0, 0]);
        assert_eq!(heights(&[u64::MAX, u64::MAX / 2, 1]), [100, 50, 4]);
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1\u{a0}000", "1\u{a0}234\u{a0}567"]);
    }
}
