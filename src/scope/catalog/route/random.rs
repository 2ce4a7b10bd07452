//! Random catalogs and paths, compared with the slow matcher of [`reference`](super::reference).

use super::{
    super::entries::{Operation, TrailingSlash},
    Origin, Routes, reference,
    tests::operation,
};
use crate::scope::support::dice::Dice;

/// Catalogs and requests of few letters, so that they meet often.
#[test]
fn random_paths_mean_what_the_slow_matcher_says() {
    const PATTERNS: &[&str] = &[
        "a", "A", "ab", "a.b", "a;b", "b-c", "x", "+a", "\u{e9}a", ":p", ":q", "{p}", "{p}{q}", "{p}:r", "{p}.{q}", "a{p}", "f({p})",
        "{p}b", "{p}:r{q}", ":p.b", "{+t}", "{t...}", "{+t}:r", "a{+t}", "{+t}.{p}",
    ];
    const VALUES: &[&str] = &[
        "a",
        "A",
        "b",
        "ab",
        "AB",
        "a.b",
        "a.b.json",
        "a;b",
        "a;x",
        "%20a",
        "+a",
        "b-c",
        "x%20",
        "\u{e9}",
        "%C3%A9a",
        "a\u{e9}",
        "zz",
        "a:r",
        "a:R",
        "a.b:r",
        "b:r:r",
        ":r",
        "f(a)",
        "F(a)",
        "f()",
        "f(a.b)",
        "x.",
        "%61",
        "a%3A%72",
        "a:r;x",
        "{z}",
        "{z}:r",
        "{+z}",
        "a{z}",
        "%7B+z%7D.r",
    ];
    const ODD: &[&str] = &["", ".", "%2e%2E", "a%2Fb", "%", "%zz", "a%00", "%FF", "a\\"];
    let mut dice = Dice::new(0x0005_eed5);
    let (mut known, mut mistaken, mut several, mut unknown) = (0, 0, 0, 0);
    for round in 0..250 {
        let path = |dice: &mut Dice, pool: &[&str]| -> String {
            let slash = if dice.chance(15) { "/" } else { "" };
            (0..=dice.below(4)).map(|_| format!("/{}", dice.one(pool))).collect::<String>() + slash
        };
        let mut operations = Vec::new();
        while operations.len() < 2 + round % 60 {
            let written = path(&mut dice, PATTERNS);
            if super::fault(&written).is_none() {
                operations.push((dice.one(&["GET", "GET", "GET", "HEAD", "POST"]), written));
            }
        }
        let bases: Vec<String> =
            if dice.chance(30) { dice.some(&["/a", "/A/b", "/a/a", "/x", "/a.b"].map(str::to_owned), 2) } else { vec![] };
        let (is_folded, slash) = (dice.chance(30), dice.one(TrailingSlash::ALL));
        let listed: Vec<Operation> = operations.iter().map(|(method, path)| operation(method, path)).collect();
        let routes = Routes::new(&listed, &bases, is_folded, slash);
        let rules = reference::Rules { operations: &operations, bases: &bases, is_folded, slash };
        for _ in 0..150 {
            let mut asked = path(&mut dice, VALUES);
            if dice.chance(5) {
                asked += &path(&mut dice, ODD);
            }
            if dice.chance(20) {
                // Near a route: each parameter takes something.
                let (_, near) = &operations[dice.below(operations.len())];
                asked = near.replace("{+t}", dice.one(&["a", "a/b", "a.b/x"])).replace("{t...}", "x/a").replace("{p}", dice.one(VALUES));
                asked = asked.replace("{q}", dice.one(&["a", "b.c"])).replace(":p", dice.one(VALUES)).replace(":q", "a");
            }
            let method = dice.one(&["GET", "GET", "HEAD", "POST"]);
            let origin = dice.one(&[Origin::Request, Origin::Text]);
            let read = routes.read(method, &asked, origin, usize::MAX);
            let mut found: Vec<usize> = read.found.iter().map(|position| usize::from(*position)).collect();
            found.sort_unstable();
            let expected = reference::meaning(rules, method, &asked, origin);
            assert_eq!((found, read.loose.is_some()), expected, "{method} {asked:?} of {operations:?}, {bases:?}, {is_folded} {slash:?}");
            let answered = routes.find(method, &asked, origin);
            assert!(answered.is_empty() || !expected.1 && answered.len() == expected.0.len(), "{asked:?}");
            known += usize::from(!answered.is_empty());
            several += usize::from(answered.len() > 1);
            mistaken += usize::from(expected.1 && !expected.0.is_empty());
            unknown += usize::from(expected.0.is_empty());
        }
    }
    assert!(known > 3_000 && mistaken > 1_000 && several > 300 && unknown > 3_000, "{known} {mistaken} {several} {unknown}");
}
