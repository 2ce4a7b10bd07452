//! Keys with all kinds of values, for the lists and searches of a store.

use scopewise::{
    key::KeyName,
    scope::ScopeName,
    server::{
        query::Page,
        store::{KeyChange, KeyRecord, NewKey},
    },
};

use super::{at, handle::Handle, key, project};
use crate::dice::Dice;

impl Dice {
    /// Texts that are hard to compare: case in several scripts (some change their length with it), special characters of patterns and
    /// JSON, and the ends of the alphabet.
    pub fn text(&mut self, longest: usize) -> String {
        const PIECES: &[&str] = &[
            "a",
            "A",
            "b",
            "B",
            "Z",
            "z",
            "É",
            "é",
            "ß",
            "ẞ",
            "İ",
            "i",
            "Σ",
            "σ",
            "ς",
            "ΟΔΟΣ",
            "日本",
            "𝒳",
            "\u{10ffff}",
            "\u{d7ff}",
            "\u{e000}",
            " ",
            "  ",
            "_",
            "%",
            "\\",
            "'",
            "\"",
            ",",
            "0",
            "é",
            "\u{0}",
            "\n",
        ];
        (0..=self.below(longest)).map(|_| self.one(PIECES)).collect()
    }

    /// A text that is a valid name: without control characters.
    fn name(&mut self, longest: usize) -> KeyName {
        self.text(longest).replace(char::is_control, "O").parse().unwrap()
    }

    pub fn scope(&mut self) -> String {
        const SCOPES: &[&str] =
            &["rows.read", "rows.write", "users.read", "a", "ab", "'", "~", "A", "a'b", "$1", "a,b", "{}", "%_", "NULL"];
        self.one(SCOPES).to_owned()
    }

    fn scopes(&mut self) -> Vec<ScopeName> {
        (0..self.below(4)).map(|_| self.scope().parse().unwrap()).collect()
    }
}

/// Creates keys with all kinds of values in `shop`, and similar ones in another project.
pub async fn with_many_keys(store: &Handle, dice: &mut Dice) -> Vec<KeyRecord> {
    store.create_project(project("other")).await.unwrap();
    let mut ids = Vec::new();
    for n in 0..70 {
        let project_id = if n % 5 == 0 { "other" } else { "shop" };
        let id = format!("{}{n}", dice.one(&["k", "K", "a.", "Z_", "z-"]));
        let new = NewKey {
            name: dice.name(4),
            scopes: dice.scopes(),
            expire: dice.chance(60).then(|| at(i64::try_from(dice.below(6)).unwrap())),
            created_at: at(i64::try_from(dice.below(6)).unwrap()),
            ..key(project_id, &id)
        };
        let made = store.create_key(new).await.unwrap();
        if dice.chance(50) {
            let used = at(i64::try_from(dice.below(6)).unwrap());
            store.record_key_uses(super::used(made.sequence, used, None)).await.unwrap();
        }
        if dice.chance(50) {
            let change = KeyChange {
                name: dice.name(3),
                description: None,
                scopes: dice.scopes(),
                expire: made.expire,
                updated_at: at(i64::try_from(dice.below(6)).unwrap()),
            };
            store.update_key(project_id, &id, change).await.unwrap();
        }
        if project_id == "shop" {
            ids.push(id);
        }
    }
    let mut keys = Vec::new();
    for id in ids {
        keys.push(store.key("shop", &id).await.unwrap().unwrap());
    }
    keys
}

/// A part of a name or an id, in any case.
pub fn part(dice: &mut Dice, attribute: &str, keys: &[KeyRecord]) -> String {
    let some = &keys[dice.below(keys.len())];
    let whole: Vec<char> = if attribute == "name" { some.name.as_str().chars().collect() } else { some.id.chars().collect() };
    let start = if dice.chance(40) { 0 } else { dice.below(whole.len()) };
    let end = if dice.chance(40) { whole.len() } else { start + dice.below(whole.len() - start + 1) };
    let piece: String = whole[start..end].iter().collect();
    match dice.below(5) {
        0 => piece.to_uppercase(),
        1 => piece.to_lowercase(),
        2 => dice.text(2),
        _ => piece,
    }
}

pub fn ids(page: &Page<KeyRecord>) -> Vec<&str> {
    page.rows.iter().map(|key| key.id.as_str()).collect()
}
