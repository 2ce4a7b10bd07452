//! Finds the name most like a misspelt one.

use alloc::{string::String, vec::Vec};
use core::cell::Cell;

/// Longer texts are compared with nothing: a row of a comparison is one word of this many bits.
pub(in crate::scope) const MAX_COMPARED: usize = 64;
/// So many letters may differ at the most.
const MAX_DIFFERENCE: usize = 4;
/// So many names of the same length and letters are compared letter by letter. No misspelling of a real name comes near it; a
/// catalog of anagrams could, and then the first of them count.
const MAX_MEASURED: usize = 100;
/// What one comparison letter by letter takes, in looks at a name.
const MEASURED: usize = 8;

/// So many names count once. The names beyond them count several times, since looking through a large catalog is also the most work
/// elsewhere: so a request that is as bad as it can be stays below the same time.
const USUAL: usize = 1_100;
const BEYOND_USUAL: usize = 3;

/// How much work looking for names may still be for one request, in looks at a name of the catalog. What is asked for when nothing is
/// left is near to nothing; before, every name is looked at. No request for the built-in catalog needs all of it.
pub(in crate::scope) struct Patience(Cell<usize>);

impl Default for Patience {
    fn default() -> Self {
        Self(Cell::new(1_650_000))
    }
}

impl Patience {
    /// Takes so many looks; `false` when too few are left.
    pub fn spend(&self, looks: usize) -> bool {
        let left = self.0.get().checked_sub(looks);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// The names of a catalog, in the order in which of equally near ones the first is meant; prepared once, so that looking for one
/// compares few of them letter by letter.
#[derive(Clone, Debug, Default)]
pub(in crate::scope) struct Names(Vec<Name>);

#[derive(Clone, Debug)]
struct Name {
    letters: u128,
    position: u16,
    length: u16,
}

impl Names {
    /// Letter case does not matter.
    #[inline(never)]
    pub fn new<'a>(preferred: &[u16], name: &dyn Fn(u16) -> &'a str) -> Self {
        let mut names = Vec::with_capacity(preferred.len());
        for position in preferred.iter().copied() {
            let name = name(position);
            if name.len() <= MAX_COMPARED + MAX_DIFFERENCE {
                let letters = letters(name.bytes().map(|byte| u32::from(byte.to_ascii_lowercase())));
                names.push(Name { letters, position, length: u16::try_from(name.len()).unwrap_or(u16::MAX) });
            }
        }
        Self(names)
    }

    /// The position of the name that is most like `wanted`, which is in lower case. A fifth of the letters may differ, one at the
    /// least. `name` gives the name at a position, and `fits` whether it may be meant.
    #[inline(never)]
    pub fn nearest<'a>(&self, wanted: &str, patience: &Patience, name: &dyn Fn(u16) -> &'a str, fits: &dyn Fn(u16) -> bool) -> Option<u16> {
        let pattern = Pattern::new(wanted)?;
        let left = patience.0.get();
        if left == 0 {
            return None;
        }
        let of_wanted = letters(wanted.chars().map(u32::from));
        let mut below = (pattern.length / 5).clamp(1, MAX_DIFFERENCE) + 1;
        let (mut nearest, mut measured) = (None, 0);
        for Name { letters, position, length } in &self.0 {
            let is_far = usize::from(*length).abs_diff(pattern.length) >= below
                // Half of the bits mostly decide it, in half of the time.
                || (*letters as u64 & !(of_wanted as u64)).count_ones() as usize >= below
                // An edit takes away one letter at the most, and brings one.
                || (letters & !of_wanted).count_ones().max((of_wanted & !letters).count_ones()) as usize >= below;
            if is_far || !fits(*position) {
                continue;
            }
            if let Some(distance) = pattern.distance(name(*position), below) {
                (nearest, below) = (Some(*position), distance);
            }
            measured += 1;
            if measured == MAX_MEASURED {
                break;
            }
        }
        let looks = self.0.len() + self.0.len().saturating_sub(USUAL) * (BEYOND_USUAL - 1);
        patience.0.set(left.saturating_sub(looks + measured * MEASURED));
        nearest
    }
}

/// Which letters a name has: a bit for each that it has once, another for twice, a third for more.
/// Letters are distinguished as far as there are bits; those that are not only make names look more alike than they are.
fn letters(name: impl Iterator<Item = u32>) -> u128 {
    const KINDS: u32 = 42;
    name.fold(0, |letters, letter| {
        let once = 1 << (letter % KINDS);
        let (twice, more) = (once << KINDS, once << (2 * KINDS));
        letters
            | if letters & once == 0 {
                once
            } else if letters & twice == 0 {
                twice
            } else {
                more
            }
    })
}

/// Whether a word in lower case is this one with one letter of five written wrong, one at the least.
pub(in crate::scope) fn is_near(word: &str, name: &str) -> bool {
    Pattern::new(word).is_some_and(|pattern| pattern.distance(name, (pattern.length / 5).max(1) + 1).is_some())
}

/// A text, prepared for being compared with many others.
struct Pattern {
    /// For each character of ASCII the places where it stands, as bits.
    places: [u64; 128],
    /// In characters, from 1 to [`MAX_COMPARED`].
    length: usize,
}

impl Pattern {
    /// `None` for a text that is compared with nothing.
    fn new(text: &str) -> Option<Self> {
        let mut pattern = Self { places: [0; 128], length: 0 };
        for c in text.chars() {
            if pattern.length == MAX_COMPARED {
                return None;
            }
            // No name has other characters.
            if let Some(places) = pattern.places.get_mut(c as usize) {
                *places |= 1 << pattern.length;
            }
            pattern.length += 1;
        }
        (pattern.length > 0).then_some(pattern)
    }

    /// How many edits lead to a name of ASCII in any letter case, where they are fewer than `below`: letters that are put in, left
    /// out or exchanged, and neighbours that change places (optimal string alignment, with Hyyrö's bit vectors of 2003).
    fn distance(&self, name: &str, below: usize) -> Option<usize> {
        let places = |byte: u8| self.places.get(usize::from(byte.to_ascii_lowercase())).copied().unwrap_or(0);
        // What both begin with costs nothing, and much less time than the rest.
        let same = name.bytes().take(self.length).enumerate().take_while(|(at, byte)| places(*byte) >> at & 1 == 1).count();
        let mut left = name.len() - same;
        if same == self.length {
            return Some(left).filter(|distance| *distance < below);
        }
        let last = 1 << (self.length - same - 1);
        let (mut rises, mut falls, mut level, mut before) = (u64::MAX, 0, 0_u64, 0);
        let mut distance = self.length - same;
        for byte in name.bytes().skip(same) {
            let places = places(byte) >> same;
            let swapped = ((!level & places) << 1) & before;
            level = ((places & rises).wrapping_add(rises) ^ rises) | places | falls | swapped;
            let (up, down) = (falls | !(level | rises), level & rises);
            distance = distance + usize::from(up & last != 0) - usize::from(down & last != 0);
            left -= 1;
            // What is left brings it down by one each at the most.
            if distance >= below + left {
                return None;
            }
            let up = up << 1 | 1;
            rises = down << 1 | !(level | up);
            falls = up & level;
            before = places;
        }
        (distance < below).then_some(distance)
    }
}

/// The word of a few that was probably meant: the same except for case and separators, or with at most a third of its letters
/// written wrong. `None` when nothing is near.
///
/// ```
/// use scopewise::scope::nearest_word;
/// assert_eq!(nearest_word("overlap_seconds", &["enabled", "overlapSeconds"]), Some("overlapSeconds"));
/// assert_eq!(nearest_word("colour", &["enabled", "overlapSeconds"]), None);
/// ```
pub fn nearest_word<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    if text.len() > MAX_COMPARED {
        return None;
    }
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let wanted = plain(text);
    let pattern = Pattern::new(&wanted)?;
    let compared = known.iter().filter_map(|word| Some((pattern.distance(&plain(word), word.len() / 3 + 1)?, *word)));
    compared.min().map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{Catalog, Scope, support::dice::Dice};

    /// As the books have it, cell by cell.
    fn plain_distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let edited =
                        (table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1])).min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if is_swap { edited.min(table[i - 2][j - 2] + 1) } else { edited }
                };
            }
        }
        table[a.len()][b.len()]
    }

    fn distance(a: &str, b: &str) -> usize {
        Pattern::new(a).map_or(b.len(), |pattern| pattern.distance(b, 1000).unwrap())
    }

    impl Dice {
        /// The text with so many edits of any kind.
        fn edited(&mut self, text: &str, edits: usize) -> String {
            let mut letters: Vec<char> = text.chars().collect();
            for _ in 0..edits {
                let (at, letter) = (self.below(letters.len() + 1), ['a', 'e', 's', '.', 'r', '7', 'é'][self.below(7)]);
                match self.below(4) {
                    0 => letters.insert(at, letter),
                    1 if at < letters.len() && letters.len() > 1 => drop(letters.remove(at)),
                    2 if at + 1 < letters.len() => letters.swap(at, at + 1),
                    _ if at < letters.len() => letters[at] = letter,
                    _ => {}
                }
            }
            letters.into_iter().collect()
        }
    }

    #[test]
    fn the_distance_is_that_of_the_books() {
        let mut dice = Dice::new(0x5eed);
        let word = |dice: &mut Dice, length: usize| (0..length).map(|_| ['a', 'b', 'c', '.'][dice.below(4)]).collect::<String>();
        for _ in 0..4_000 {
            let most = if dice.below(20) == 0 { MAX_COMPARED } else { 9 };
            let length = 1 + dice.below(most);
            let a = word(&mut dice, length);
            let edits = dice.below(6);
            let b = if dice.below(2) == 0 { dice.edited(&a, edits).replace('é', "x") } else { word(&mut dice, edits + 1) };
            let expected = plain_distance(&a, &b);
            let pattern = Pattern::new(&a).unwrap();
            for below in [0, 1, 2, 5, 100] {
                assert_eq!(pattern.distance(&b, below), Some(expected).filter(|distance| *distance < below), "{a} {b} {below}");
            }
        }
    }

    #[test]
    fn what_is_prepared_finds_what_a_search_of_all_names_finds() {
        let catalog = Catalog::appwrite();
        let mut dice = Dice::new(0x5eed);
        let scopes: Vec<&Scope> = catalog.scopes().iter().collect();
        let operations: Vec<_> = catalog.operations().iter().filter(|operation| operation.deprecated.is_none()).collect();
        let limit = |wanted: &str| (wanted.chars().count() / 5).clamp(1, MAX_DIFFERENCE);
        let mut found = 0;
        for case in 0..1_500 {
            let edits = case % 7;
            let meant = scopes[dice.below(scopes.len())].id.as_str().to_ascii_lowercase();
            let wanted = dice.edited(&meant, edits);
            let all = scopes
                .iter()
                .map(|scope| (plain_distance(&wanted, &scope.id.as_str().to_ascii_lowercase()), scope.deprecated, scope.id.as_str()));
            let expected = all.filter(|(distance, ..)| *distance <= limit(&wanted)).min().map(|(.., name)| name);
            let nearest = catalog.nearest_scope(&wanted, &Patience::default(), &|_| true);
            assert_eq!(nearest.map(|position| catalog.scope_name(position)), expected, "{wanted}");
            found += usize::from(expected.is_some());
        }
        for case in 0..200 {
            let edits = case % 7;
            let meant = operations[dice.below(operations.len())].id.to_ascii_lowercase();
            let wanted = dice.edited(&meant, edits);
            let all =
                operations.iter().map(|operation| (plain_distance(&wanted, &operation.id.to_ascii_lowercase()), operation.id.as_str()));
            let expected = all.filter(|(distance, _)| *distance <= limit(&wanted)).min().map(|(_, id)| id);
            let nearest = catalog.nearest_operation(&wanted, &Patience::default(), &|_| true);
            assert_eq!(nearest.map(|position| catalog.operation_id(position)), expected, "{wanted}");
            found += usize::from(expected.is_some());
        }
        assert!((500..1_500).contains(&found), "{found}");
    }

    #[test]
    fn few_names_are_compared_letter_by_letter() {
        let catalog = Catalog::appwrite();
        let mut dice = Dice::new(0x5eed);
        for case in 0..1_000 {
            let operation = &catalog.operations()[dice.below(catalog.operations().len())];
            let mut letters: Vec<char> = operation.id.to_ascii_lowercase().chars().collect();
            // Some edits, or the same letters in any order.
            for at in (1..letters.len()).filter(|_| case % 2 == 0) {
                letters.swap(at, dice.below(at + 1));
            }
            let wanted = dice.edited(&letters.into_iter().collect::<String>(), case % 5);
            let measured = Cell::new(0);
            let count = |_: u16| {
                measured.set(measured.get() + 1);
                true
            };
            catalog.nearest_operation(&wanted, &Patience::default(), &count);
            assert!(measured.get() <= MAX_MEASURED / 2, "{wanted}: {}", measured.get());
        }
    }

    #[test]
    fn the_patience_is_enough_for_any_request_for_the_built_in_catalog() {
        let catalog = Catalog::appwrite();
        let mut dice = Dice::new(0x5eed);
        let mut most = [0, 0];
        for case in 0..2_000 {
            let operation = &catalog.operations()[dice.below(catalog.operations().len())].id;
            let scope = catalog.scopes()[dice.below(catalog.scopes().len())].id.as_str();
            let [operation, scope] = [operation.as_str(), scope].map(|name| dice.edited(&name.to_ascii_lowercase(), case % 5));
            let taken = |look: &dyn Fn(&Patience)| {
                let (patience, full) = (Patience::default(), Patience::default());
                look(&patience);
                full.0.get() - patience.0.get()
            };
            let takes = [
                taken(&|patience| assert!(catalog.nearest_operation(&operation, patience, &|_| true).is_none_or(|at| at < u16::MAX))),
                taken(&|patience| {
                    let resource = scope.rsplit_once('.').map_or("", |(resource, _)| resource);
                    let by_verb = format!("{resource}.{}", ["upload", "execute", "removes"][case % 3]);
                    let asked = if case % 2 == 0 { &scope } else { &by_verb };
                    assert!(crate::scope::catalog::nearest_scope(catalog, asked, patience, &|_| true).is_none_or(|name| !name.is_empty()));
                }),
            ];
            most = [most[0].max(takes[0]), most[1].max(takes[1])];
        }
        // A request has a list of scopes with one of operations, or with another one of scopes.
        let request = crate::scope::MAX_REQUEST_ITEMS * (most[0].max(most[1]) + most[1]);
        assert!(request < Patience::default().0.get(), "{most:?}: {request}");
    }

    #[test]
    fn where_patience_ends_the_first_names_have_got_help() {
        // As many names as a catalog can have, of which each is looked at for each text.
        let positions: Vec<u16> = (0..20_000).collect();
        let names = Names::new(&positions, &|_| "rows.read");
        let patience = Patience::default();
        let found: Vec<bool> = (0..200).map(|_| names.nearest("rows.raed", &patience, &|_| "rows.read", &|_| true).is_some()).collect();
        let helped = found.iter().filter(|found| **found).count();
        assert!((20..100).contains(&helped), "{helped}");
        assert!(found[..helped].iter().all(|found| *found));
    }

    #[test]
    fn a_catalog_of_anagrams_is_not_searched_to_its_end() {
        let names = Names::new(&(0..2_000).collect::<Vec<u16>>(), &|_| "x.1234");
        let measured = Cell::new(0);
        let count = |_: u16| {
            measured.set(measured.get() + 1);
            true
        };
        assert_eq!(names.nearest("x.4321", &Patience::default(), &|_| "x.1234", &count), None);
        assert_eq!(measured.get(), MAX_MEASURED);
    }

    #[test]
    fn distance_counts_edits_and_swaps() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("rows", "rows", 0),
            ("rows", "row", 1),
            ("rwos", "rows", 1),
            ("user", "users", 1),
            ("abc", "xyz", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }
}
