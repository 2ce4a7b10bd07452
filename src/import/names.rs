//! Names: ids made of texts, levels of access in names, the resource that a scope is about.

use std::collections::{HashMap, HashSet};

use crate::scope::{ScopeName, nearest_word};

/// Words that say how much a scope lets do, with their rank. Names of one resource with different ranks are levels.
const LEVELS: [(&str, u8); 18] = [
    ("read", 1),
    ("readonly", 1),
    ("view", 1),
    ("viewer", 1),
    ("list", 1),
    ("get", 1),
    ("write", 2),
    ("readwrite", 2),
    ("edit", 2),
    ("editor", 2),
    ("update", 2),
    ("modify", 2),
    ("create", 2),
    ("admin", 3),
    ("manage", 3),
    ("full", 3),
    ("all", 3),
    ("owner", 3),
];
/// Resources that lead to more access for those who can change them.
const SENSITIVE: [&str; 16] = [
    "token",
    "tokens",
    "role",
    "roles",
    "key",
    "keys",
    "apikey",
    "apikeys",
    "webhook",
    "webhooks",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "permission",
    "permissions",
];
/// Why a name is that of a sensitive scope.
pub(super) const WHY_SENSITIVE: &str = "its name speaks of administration, or of changes to tokens, roles, keys or webhooks";
/// The longest description, in characters.
pub(super) const MAX_DESCRIPTION: usize = 200;

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The rank of a word, among given words or the usual ones.
fn rank(word: &str, levels: &[String]) -> Option<u8> {
    if levels.is_empty() {
        LEVELS.iter().find_map(|(level, rank)| (*level == word).then_some(*rank))
    } else {
        levels.iter().position(|level| level.eq_ignore_ascii_case(word)).and_then(|at| u8::try_from(at).ok())
    }
}

/// The resource and the level of a name: `org:admin` is the level 3 of `org`. Nothing for a name without a level.
pub(super) fn level(name: &str, levels: &[String]) -> Option<(Vec<String>, u8)> {
    let mut words = words(name);
    // `Directory.Read.All`: `All` is a level only where nothing else is.
    let is_usual = levels.is_empty();
    let last =
        |words: &[String], skip_all: bool| words.iter().rposition(|word| !(skip_all && word == "all") && rank(word, levels).is_some());
    let at = last(&words, is_usual).or_else(|| last(&words, false))?;
    let word = words.remove(at);
    Some((words, rank(&word, levels)?))
}

/// The declared name that a name probably means. Where others begin alike, only what stands behind that can be misspelt: `goals:write`
/// is no misspelt `roles:write` where `goals:read` is declared.
pub(super) fn nearest_declared<'a>(name: &str, declared: &[&'a str]) -> Option<&'a str> {
    let begin = name.rfind(|c: char| !c.is_alphanumeric()).and_then(|at| name.get(..=at));
    let (alike, rests): (Vec<&str>, Vec<&str>) = declared.iter().filter_map(|known| Some((*known, known.strip_prefix(begin?)?))).unzip();
    if alike.is_empty() {
        return nearest_word(name, declared);
    }
    let nearest = nearest_word(name.strip_prefix(begin?)?, &rests)?;
    alike.into_iter().zip(rests).find_map(|(known, rest)| (rest == nearest).then_some(known))
}

/// Whether all names are different levels of one resource. A name without a level is all of its resource: `invoices` next to
/// `invoices.read`.
pub(super) fn are_levels(names: &[String]) -> bool {
    let levels: Vec<_> = names.iter().map(|name| level(name, &[]).unwrap_or_else(|| (words(name), u8::MAX))).collect();
    let mut ranks = HashSet::new();
    let alike = levels.windows(2).all(|pair| matches!(pair, [one, other] if one.0 == other.0));
    names.len() > 1 && alike && levels.iter().all(|(_, rank)| ranks.insert(*rank))
}

/// The words of a name in lower case, joined by `-`; only ASCII letters and digits stay.
pub(super) fn kebab(name: &str) -> String {
    let ascii = |word: String| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words: Vec<String> = words(name).into_iter().map(ascii).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// One word of an operation's id: as it is where it has only letters, digits, `_` and `-`; otherwise in camel case.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut out = String::new();
    for part in text.replace(['\'', '\u{2019}'], "").split(|c: char| !plain(c)).filter(|part| !part.is_empty()) {
        out.push_str(&if out.is_empty() { part.to_owned() } else { capital(part) });
    }
    small(&out)
}

/// With a small first letter, unless the second is a capital (`OAuth`).
pub(super) fn small(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(text.chars().skip(1)).collect(),
        _ => text.to_owned(),
    }
}

/// With a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The first line of a text, without markup at its begin.
pub(super) fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['#', '*', '-', ' '])).find(|line| !line.is_empty());
    let line = lines.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    if line.chars().count() <= MAX_DESCRIPTION {
        return line;
    }
    let head: String = line.chars().take(MAX_DESCRIPTION).collect();
    format!("{}…", head.rsplit_once(' ').map_or(head.as_str(), |(head, _)| head))
}

/// Whether a text says that what it describes is deprecated.
pub(super) fn says_deprecated(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.starts_with("deprecated") || text.contains("(deprecated") || text.contains("[deprecated")
}

/// Whether a scope is likely to lead to more access: administration, or changes of tokens, roles, keys and webhooks.
pub(super) fn is_sensitive(name: &str) -> bool {
    let (words, rank) = level(name, &[]).unwrap_or_else(|| (words(name), 3));
    let is_admin = name.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(|last| last.eq_ignore_ascii_case("admin"));
    is_admin || rank > 1 && words.iter().any(|word| SENSITIVE.contains(&word.as_str()))
}

/// An id for each name: the name where it is a scope token, otherwise one made of it.
pub(super) fn scope_ids<'a>(names: impl Iterator<Item = &'a str> + Clone) -> HashMap<String, String> {
    let mut ids = HashMap::new();
    let mut taken = Taken::default();
    for name in names.clone().filter(|name| ScopeName::check(name).is_ok()) {
        ids.insert(name.to_owned(), name.to_owned());
        taken.unique(name);
    }
    for name in names {
        if !ids.contains_key(name) {
            let base: String = kebab(name).chars().take(100).collect();
            let base = if base.is_empty() { "scope".to_owned() } else { base.trim_end_matches('-').to_owned() };
            let id = taken.unique(&base);
            ids.insert(name.to_owned(), id);
        }
    }
    ids
}

/// Ids that are taken.
#[derive(Default)]
pub(super) struct Taken {
    ids: HashSet<String>,
    /// The last number that was given to a text.
    numbers: HashMap<String, usize>,
}

impl Taken {
    /// The text, or the text with the first free number; it is taken then.
    pub fn unique(&mut self, base: &str) -> String {
        let mut id = base.to_owned();
        while !self.ids.insert(id.clone()) {
            let number = self.numbers.entry(base.to_owned()).or_insert(1);
            *number += 1;
            id = format!("{base}-{number}");
        }
        id
    }
}

/// The resource that each scope is about, for the service that it is shown in.
pub(super) struct Resources {
    /// A first part that all names share, such as `okta`.
    shared: Option<String>,
}

impl Resources {
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut shared = None;
        let mut count = 0;
        for name in names {
            let mut parts = parts(name);
            let (first, second) = (parts.next(), parts.next());
            if second.is_none() || count > 0 && shared != first {
                return Self { shared: None };
            }
            shared = first;
            count += 1;
        }
        Self { shared: shared.filter(|_| count > 2).map(str::to_owned) }
    }

    /// In its own spelling, such as `MERCHANT_PROFILE`; nothing where the name is only a level (`read`).
    pub fn of(&self, name: &str) -> Option<String> {
        let is_level = |word: &str| rank(&word.to_lowercase(), &[]).is_some();
        let mut parts = parts(name).filter(|part| Some(*part) != self.shared.as_deref()).filter(|part| !is_level(part));
        let part = parts.next()?;
        let words: Vec<&str> = part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let kept: Vec<&str> = words.iter().copied().filter(|word| !is_level(word)).collect();
        Some(if kept.is_empty() { words } else { kept }.join(" "))
    }
}

/// The parts of a name between `.` and `:`, without the address that Google's begin with.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let name = name.trim_end_matches('/');
    name.rsplit('/').next().unwrap_or(name).split(['.', ':']).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_one_resource() {
        let are = |names: &[&str]| are_levels(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        for names in [
            &["org:admin", "org:read", "org:write"][..],
            &["TIMECARDS_WRITE", "TIMECARDS_READ"],
            &["User.Read.All", "User.ReadWrite.All"],
            &["apim:api_create", "apim:api_manage"],
            &["Zone DNS Read", "Zone DNS Write"],
            &["accounting.contacts", "accounting.contacts.read"],
        ] {
            assert!(are(names), "{names:?}");
        }
        for names in [
            &["ORDERS_WRITE", "INVOICES_WRITE"][..],
            &["read:blocks", "follow"],
            &["x:create", "x:update"],
            &["User.ReadWrite.All", "Group.Read.All"],
            &["project:read", "project:releases"],
            &["org:read"],
            &["accounts", "contacts"],
            &["reports.read", "reports.tax.read"],
        ] {
            assert!(!are(names), "{names:?}");
        }
    }

    #[test]
    fn a_misspelt_name_is_not_taken_for_one_of_another_resource() {
        let declared = ["goals:read", "roles:write", "roles:delete", "stories:read", "read:statuses", "read:accounts"];
        for (name, nearest) in [
            ("goals:raed", Some("goals:read")),
            ("goal:read", Some("goals:read")),
            ("read:status", Some("read:statuses")),
            ("role:delete", Some("roles:delete")),
            ("goals:write", None),
            ("stories:delete", None),
            ("other", None),
        ] {
            assert_eq!(nearest_declared(name, &declared), nearest, "{name}");
        }
    }

    #[test]
    fn ids_are_scope_tokens_and_unique() {
        let names = ["Zone DNS Write", "rows.read", "zone-dns-write", "権限", "Zone  DNS  Write"];
        let ids = scope_ids(names.into_iter());
        let ids: Vec<&str> = names.iter().map(|name| ids[*name].as_str()).collect();
        assert_eq!(ids, ["zone-dns-write-2", "rows.read", "zone-dns-write", "scope", "zone-dns-write-3"]);
    }

    #[test]
    fn the_resource_of_a_scope_names_its_service() {
        let all = Resources::new(["a.x", "b.y", "c"].into_iter());
        let of = |name: &str| all.of(name).unwrap_or_default();
        for (name, resource) in [
            ("file_content:read", "file content"),
            ("read:accounts", "accounts"),
            ("admin:read:accounts", "accounts"),
            ("MERCHANT_PROFILE_READ", "MERCHANT PROFILE"),
            ("Zone DNS Write", "Zone DNS"),
            ("User.Read.All", "User"),
            ("https://www.googleapis.com/auth/drive.readonly", "drive"),
            ("read", ""),
        ] {
            assert_eq!(of(name), resource, "{name}");
        }
        let okta = Resources::new(["okta.users.read", "okta.apps.manage", "okta.logs.read"].into_iter());
        assert_eq!(okta.of("okta.users.read").as_deref(), Some("users"));
    }

    #[test]
    fn names_of_operations_are_words() {
        assert_eq!(word("List an Organization's Issues"), "listAnOrganizationsIssues");
        assert_eq!([word("listRows"), word("get-thing"), word("OAuth 2")], ["listRows", "get-thing", "OAuth2"]);
        assert_eq!([small("Users"), small("OAuth"), small("")], ["users", "OAuth", ""]);
    }

    #[test]
    fn what_gains_access_is_sensitive() {
        for name in ["org:admin", "api_tokens.write", "RoleManagement.ReadWrite.Roles", "webhooks:write", "keys"] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in ["org:write", "tokens.read", "monkeys.write", "admin:read:accounts"] {
            assert!(!is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn descriptions_have_one_line() {
        assert_eq!(one_line("\n  ## Read  the\tlogs \nand more"), "Read the logs");
        let long = one_line(&"word ".repeat(100));
        assert!(long.chars().count() <= MAX_DESCRIPTION + 1 && long.ends_with("word…"), "{long}");
        assert!(says_deprecated("**Deprecated.** Use x") && !says_deprecated("Replaces a deprecated scope"));
    }
}
