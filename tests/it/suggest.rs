//! The model on random catalogs with sets, includes and least privileged alternatives, compared with a slow reading of the rules.

use scopewise::scope::{Catalog, CheckRequest, Code, Edit, Prefer, SuggestRequest, allows, apply_edits, check, compare, reach, suggest};
use serde_json::json;

use crate::dice::Dice;

const LEVELS: [&str; 5] = ["full-access", "runs-code", "any-user", "secrets", "broad"];

/// A catalog as the rules speak of it: scopes and operations by number.
struct Model {
    scopes: Vec<Scope>,
    operations: Vec<Operation>,
}

struct Scope {
    deprecated: bool,
    level: Option<usize>,
    is_project: bool,
    includes: Vec<usize>,
}

struct Operation {
    alternatives: Vec<Vec<usize>>,
    least: Option<Vec<usize>>,
    open: bool,
}

fn name(scope: usize) -> String {
    format!("s{scope}")
}

fn number(name: &str) -> usize {
    name.strip_prefix('s').unwrap().parse().unwrap()
}

impl Model {
    fn random(dice: &mut Dice) -> Self {
        let count = 2 + dice.below(7);
        let mut scopes: Vec<Scope> = Vec::new();
        for own in 0..count {
            let is_project = dice.below(6) > 0;
            let mut includes: Vec<usize> = (0..own).filter(|_| dice.below(6) == 0).collect();
            includes.retain(|inner| scopes[*inner].is_project || !is_project);
            scopes.push(Scope {
                deprecated: dice.below(5) == 0,
                level: Some(dice.below(12)).filter(|level| *level < LEVELS.len()),
                is_project,
                includes: if is_project { includes } else { Vec::new() },
            });
        }
        let operation = |dice: &mut Dice| {
            let open = dice.below(10) == 0;
            let mut alternative = || {
                let mut scopes: Vec<usize> = (0..1 + dice.below(6) / 4 + dice.below(6) / 5).map(|_| dice.below(count)).collect();
                scopes.sort_unstable();
                scopes.dedup();
                scopes
            };
            let most = if open { 0 } else { 4 };
            let mut alternatives: Vec<Vec<usize>> = (0..most).map(|_| alternative()).collect();
            alternatives.truncate(dice.below(5));
            let least = Some(dice.below(8)).and_then(|at| alternatives.get(at).cloned());
            Operation { alternatives, least, open }
        };
        let operations = (0..3 + dice.below(7)).map(|_| operation(dice)).collect();
        Self { scopes, operations }
    }

    fn catalog(&self) -> Catalog {
        let scopes: Vec<_> = (0..)
            .zip(&self.scopes)
            .map(|(at, scope)| {
                let sensitive = scope.level.map(|level| json!({ "reach": LEVELS[level], "reason": "", "path": [] }));
                let includes: Vec<String> = scope.includes.iter().copied().map(name).collect();
                let tier = if scope.is_project { "project" } else { "organization" };
                json!({ "id": name(at), "service": "s", "description": "", "tiers": [tier], "editions": [], "deprecated": scope.deprecated,
                    "sensitive": sensitive, "includes": includes })
            })
            .collect();
        let written = |scopes: &Vec<usize>| match scopes.as_slice() {
            [only] => json!(name(*only)),
            more => json!(more.iter().copied().map(name).collect::<Vec<_>>()),
        };
        let operations: Vec<_> = (0..)
            .zip(&self.operations)
            .map(|(at, operation): (usize, _)| {
                json!({ "id": format!("s.do{at}"), "method": "GET", "path": format!("/{at}"), "open": operation.open.then_some("any-key"),
                    "scopes": operation.alternatives.iter().map(written).collect::<Vec<_>>(), "least": operation.least.as_ref().map(written) })
            })
            .collect();
        let json = json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 99, "editions": [],
            "services": [{ "id": "s", "name": "S" }], "scopes": scopes, "operations": operations });
        Catalog::from_json(&json.to_string()).unwrap_or_else(|errors| panic!("{errors:?} {json}"))
    }

    /// Held means with what is included.
    fn holds(&self, granted: &[usize], scope: usize) -> bool {
        granted.iter().any(|own| *own == scope || self.holds(&self.scopes[*own].includes, scope))
    }

    fn is_open(&self, granted: &[usize], operation: usize) -> bool {
        let operation = &self.operations[operation];
        operation.open || operation.alternatives.iter().any(|all| all.iter().all(|scope| self.holds(granted, *scope)))
    }

    /// What the documentation of `suggest` says that a set costs.
    fn cost(&self, set: &[usize], wanted: &[usize], prefer: Prefer) -> Vec<usize> {
        let inner = |scope: usize| (0..self.scopes.len()).filter(move |other| self.holds(&[scope], *other));
        let level = |scope: usize| inner(scope).filter_map(|scope| self.scopes[scope].level).min();
        let needs = |operation: usize, scope: usize| self.operations[operation].alternatives.iter().any(|all| all.contains(&scope));
        let is_beyond = |scope: usize, operation: usize| !wanted.contains(&operation) && inner(scope).any(|scope| needs(operation, scope));
        let mut cost = vec![set.iter().filter(|scope| self.scopes[**scope].deprecated).count()];
        cost.extend((0..LEVELS.len()).map(|wanted| set.iter().filter(|scope| level(**scope) == Some(wanted)).count()));
        cost.push(set.iter().map(|scope| (0..self.operations.len()).filter(|operation| is_beyond(*scope, *operation)).count()).sum());
        match prefer {
            Prefer::Narrow => cost.push(set.len()),
            Prefer::Few => cost.insert(0, set.len()),
        }
        cost.push(set.iter().sum());
        cost
    }

    /// The cost of the best set of candidates, found by trying all of them.
    fn best(&self, wanted: &[usize], prefer: Prefer) -> Vec<usize> {
        let can_hold = |scope: &usize| self.scopes[*scope].is_project;
        let closed: Vec<usize> = wanted.iter().copied().filter(|operation| !self.is_open(&[], *operation)).collect();
        let least = |operation: &usize| self.operations[*operation].least.as_ref().filter(|least| least.iter().all(can_hold));
        let named = |scope: usize| {
            let (with_least, without): (Vec<usize>, Vec<usize>) = closed.iter().partition(|operation| least(operation).is_some());
            let is_named =
                |operation: &usize| self.operations[*operation].alternatives.iter().flatten().any(|inner| self.holds(&[scope], *inner));
            with_least.iter().filter_map(least).flatten().any(|own| *own == scope) || without.iter().any(is_named)
        };
        let candidates: Vec<usize> = (0..self.scopes.len()).filter(can_hold).filter(|scope| named(*scope)).collect();
        let needed: Vec<usize> = closed.into_iter().filter(|operation| self.is_open(&candidates, *operation)).collect();
        let subset = |mask: u32| (0..).zip(&candidates).filter(|(at, _)| mask >> at & 1 == 1).map(|(_, scope)| *scope).collect::<Vec<_>>();
        let sets = (0..1_u32 << candidates.len()).map(subset);
        let fits = sets.filter(|set| needed.iter().all(|operation| self.is_open(set, *operation)));
        fits.map(|set| self.cost(&set, wanted, prefer)).min().unwrap()
    }
}

#[test]
fn what_is_suggested_costs_least_and_opens_everything() {
    let mut dice = Dice::new(0x5eed);
    let (mut sets, mut included, mut least) = (0, 0, 0);
    for case in 0..1_500 {
        let model = Model::random(&mut dice);
        let catalog = model.catalog();
        for prefer in [Prefer::Narrow, Prefer::Few] {
            let count = model.operations.len();
            let mut wanted: Vec<usize> = (0..1 + dice.below(5)).map(|_| dice.below(count)).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let operations: Vec<String> = wanted.iter().map(|at| format!("s.do{at}")).collect();
            let suggestion =
                suggest(&catalog, &SuggestRequest { operations: operations.clone(), prefer: Some(prefer), ..SuggestRequest::default() });
            let chosen: Vec<usize> = suggestion.scopes.iter().map(|scope| number(scope)).collect();
            assert!(suggestion.minimal, "{case}");
            assert_eq!(model.cost(&chosen, &wanted, prefer), model.best(&wanted, prefer), "{case}: {operations:?} {:?}", suggestion.scopes);
            for (at, text) in wanted.iter().zip(&operations) {
                let opened = suggestion.operations.iter().find(|opened| opened.operation == *text);
                assert_eq!(opened.is_some(), model.is_open(&chosen, *at), "{case} {text}");
                let granting: Vec<usize> =
                    opened.map(|opened| opened.scopes.iter().map(|scope| number(scope)).collect()).unwrap_or_default();
                assert!(
                    opened.is_none() || model.is_open(&granting, *at) && granting.iter().all(|scope| chosen.contains(scope)),
                    "{case} {text}"
                );
                sets += usize::from(granting.len() > 1);
                least += usize::from(model.operations[*at].least.is_some());
            }
            included += usize::from(chosen.iter().any(|scope| !model.scopes[*scope].includes.is_empty()));
        }
    }
    assert!(sets > 200 && included > 100 && least > 500, "{sets} {included} {least}");
}

#[test]
fn allows_reach_and_compare_follow_sets_and_includes() {
    let mut dice = Dice::new(0x5eee);
    let (mut open, mut missing) = (0, 0);
    for case in 0..1_500 {
        let model = Model::random(&mut dice);
        let catalog = model.catalog();
        let mut some = || (0..model.scopes.len()).filter(|_| dice.below(3) == 0).collect::<Vec<_>>();
        let (granted, other) = (some(), some());
        let names = |scopes: &[usize]| scopes.iter().copied().map(name).collect::<Vec<_>>();
        let ids = |fits: &dyn Fn(usize) -> bool| {
            (0..model.operations.len()).filter(|at| fits(*at)).map(|at| format!("s.do{at}")).collect::<Vec<_>>()
        };
        let is_open = |at| model.is_open(&granted, at);
        assert_eq!(reach(&catalog, &names(&granted), None).operations, ids(&is_open), "{case}");
        let change = compare(&catalog, &names(&granted), &names(&other), None);
        assert_eq!(change.lost, ids(&|at| is_open(at) && !model.is_open(&other, at)), "{case}");
        assert_eq!(change.gained, ids(&|at| !is_open(at) && model.is_open(&other, at)), "{case}");
        let compiled = catalog.compile(&names(&granted));
        for at in 0..model.operations.len() {
            let id = format!("s.do{at}");
            let verdict = allows(&catalog, &names(&granted), &id, None);
            assert_eq!((verdict.allowed, compiled.allows(&id)), (is_open(at), is_open(at)), "{case} {id}");
            let granting: Vec<usize> = verdict.granted_by.iter().map(|scope| number(scope)).collect();
            if verdict.allowed {
                assert!(model.is_open(&granting, at) && granting.iter().all(|scope| granted.contains(scope)), "{case} {id}");
                open += 1;
            }
            for way in &verdict.missing {
                let with: Vec<usize> = granted.iter().copied().chain(way.0.iter().map(|scope| number(scope))).collect();
                assert!(model.is_open(&with, at), "{case} {id} {way:?}");
                missing += usize::from(way.0.len() > 1);
            }
        }
    }
    assert!(open > 1_000 && missing > 200, "{open} {missing}");
}

#[test]
fn fixes_of_a_check_follow_sets_and_includes() {
    let mut dice = Dice::new(0x5eef);
    let (mut added, mut redundant, mut unused) = (0, 0, 0);
    for case in 0..1_500 {
        let model = Model::random(&mut dice);
        let catalog = model.catalog();
        let granted: Vec<usize> = (0..model.scopes.len()).filter(|scope| model.scopes[*scope].is_project && dice.below(3) == 0).collect();
        let wanted: Vec<usize> = (0..model.operations.len()).filter(|_| dice.below(3) == 0).collect();
        let scopes: Vec<String> = granted.iter().copied().map(name).collect();
        let operations: Vec<String> = wanted.iter().map(|at| format!("s.do{at}")).collect();
        let request = CheckRequest { scopes: scopes.clone(), operations: Some(operations.clone()), ..CheckRequest::default() };
        let report = check(&catalog, &request);
        let of = |code: Code| report.all().filter(move |diagnostic| diagnostic.code == code);
        // Each missing scope is reported, and the fixes together open what can be opened, at the cost of `suggest`.
        let closed: Vec<&String> =
            wanted.iter().zip(&operations).filter(|(at, _)| !model.is_open(&granted, **at)).map(|(_, id)| id).collect();
        assert_eq!(of(Code::MissingScope).map(|it| it.operation.as_ref().unwrap()).collect::<Vec<_>>(), closed, "{case}");
        let edits: Vec<Edit> = of(Code::MissingScope).filter_map(|it| it.fix.clone()).flat_map(|fix| fix.edits).collect();
        let mut given = apply_edits(&scopes, &edits);
        given.sort();
        given.dedup();
        let asked = SuggestRequest { operations: operations.clone(), scopes: scopes.clone(), ..SuggestRequest::default() };
        let mut expected: Vec<String> = suggest(&catalog, &asked).scopes.into_iter().chain(scopes.iter().cloned()).collect();
        expected.sort();
        assert_eq!(given, expected, "{case}: {operations:?}");
        added += edits.len();
        // What is called redundant or unused can go.
        for diagnostic in of(Code::RedundantScope).chain(of(Code::UnusedScope)) {
            let left: Vec<usize> = apply_edits(&scopes, &diagnostic.fix.clone().unwrap().edits).iter().map(|scope| number(scope)).collect();
            let matters = |at: &usize| diagnostic.code == Code::RedundantScope || wanted.contains(at);
            let lost = (0..model.operations.len()).filter(matters).find(|at| model.is_open(&granted, *at) && !model.is_open(&left, *at));
            assert_eq!(lost, None, "{case}: {diagnostic:?}");
        }
        redundant += of(Code::RedundantScope).count();
        unused += of(Code::UnusedScope).count();
        // What another scope includes is always redundant, or unused.
        for scope in granted.iter().filter(|scope| granted.iter().any(|other| other != *scope && model.holds(&[*other], **scope))) {
            let text = name(*scope);
            assert!(of(Code::RedundantScope).chain(of(Code::UnusedScope)).any(|it| it.scope.as_deref() == Some(&text)), "{case} {text}");
        }
        // A scope is as sensitive as what it includes.
        for scope in &granted {
            let is_sensitive = (0..model.scopes.len()).any(|inner| model.holds(&[*scope], inner) && model.scopes[inner].level.is_some());
            assert_eq!(of(Code::SensitiveScope).any(|it| it.scope.as_deref() == Some(&name(*scope))), is_sensitive, "{case} {scope}");
        }
    }
    assert!(added > 500 && redundant > 50 && unused > 200, "{added} {redundant} {unused}");
}

#[test]
fn a_creator_can_grant_what_it_includes_and_no_more() {
    let mut dice = Dice::new(0x5ef0);
    let (mut refused, mut granted) = (0, 0);
    for case in 0..800 {
        let model = Model::random(&mut dice);
        let catalog = model.catalog();
        let is_project = |scope: &usize| model.scopes[*scope].is_project;
        let held: Vec<usize> = (0..model.scopes.len()).filter(is_project).filter(|_| dice.below(3) == 0).collect();
        for scope in (0..model.scopes.len()).filter(is_project) {
            let grantor = Some(held.iter().copied().map(name).collect());
            let request = CheckRequest { scopes: vec![name(scope)], grantor, ..CheckRequest::default() };
            let exceeds = check(&catalog, &request).all().any(|it| it.code == Code::ExceedsGrantor);
            assert_eq!(exceeds, !model.holds(&held, scope), "{case}: {held:?} grants {scope}");
            refused += usize::from(exceeds);
            granted += usize::from(!exceeds && !held.contains(&scope));
        }
    }
    assert!(refused > 500 && granted > 50, "{refused} {granted}");
}
