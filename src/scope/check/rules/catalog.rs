//! Rules about what the catalog says of a scope: its tier, its editions, how sensitive it is.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

use super::apart::apart;
use crate::scope::{
    Code, Edition, Enforcement, Level, Scope, Tier,
    access::{
        plan::Goal,
        succession::{Move, Succession},
    },
    check::{
        context::{Context, Entry},
        diagnostic::BorrowedDiagnostic,
        request::borrowed,
    },
    support::text::{article, counted_operations, fill, quoted, with_sentence},
};

pub(super) fn wrong_tier<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for (entry, _, scope) in context.known().filter(|(_, _, scope)| !scope.tiers.contains(&context.request.tier)) {
        apart(&mut || diagnostics.push(of_other_tier(context, entry, scope)));
    }
}

fn of_other_tier<'a>(context: &Context<'a>, entry: &Entry<'a>, scope: &Scope) -> BorrowedDiagnostic<'a> {
    let wanted = context.request.tier.as_str();
    let name = scope.id.as_str();
    let is_implicit = scope.tiers.contains(&Tier::Implicit);
    let (message, help) = if is_implicit && scope.implied {
        (fill("every key already has `{}`, which cannot be granted", &[name]), "remove it; nothing is lost".to_owned())
    } else if is_implicit {
        let message = fill("the server itself gives `{}` to its callers; no key can hold it", &[name]);
        (message, "remove it; call what it opens without a key".to_owned())
    } else {
        let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
        let tiers = tiers.join(" or ");
        (
            fill("`{}` is a scope of {} keys; {} {} key cannot hold it", &[name, &tiers, article(wanted), wanted]),
            fill("remove it, or create {} {} key for it", &[article(&tiers), &tiers]),
        )
    };
    BorrowedDiagnostic::new(Code::WrongTier, Level::Error, message, help).with_removal(context, entry).at(entry.index, entry.text)
}

pub(in crate::scope) fn unknown_edition<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let (Some(wanted), None) = (&context.request.edition, context.edition) else { return };
    let editions: Vec<String> = context.catalog.editions.iter().map(|edition| quoted(&edition.id)).collect();
    let message = fill("there is no edition {}", &[&quoted(wanted)]);
    diagnostics.push(BorrowedDiagnostic::new(
        Code::UnknownEdition,
        Level::Error,
        message,
        fill("choose one of {}", &[&editions.join(", ")]),
    ));
}

/// A warning for what the key had before, which is kept, and where the request wants no more. The fix is what [`migrate`](crate::scope::migrate()) does: where that keeps the scope, since access would be lost, there is none.
pub(super) fn not_in_edition<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let Some(edition) = context.edition else { return };
    let target = Goal { edition: Some(edition), ..context.target };
    if !context.grantable().all(|(_, _, scope)| target.knows(scope)) {
        apart(&mut || unknown_to(context, edition, target, diagnostics));
    }
}

fn unknown_to<'a>(context: &Context<'a>, edition: &Edition, target: Goal<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let moves = Succession::new(context.catalog, target, context.grantable().map(|(_, position, _)| position));
    let is_use_known = context.is_use_known();
    for (entry, position, scope) in context.grantable().filter(|(_, _, scope)| !target.knows(scope)) {
        let is_mild = context.had(entry) || context.request.beyond_edition == Some(Enforcement::Warn);
        let (level, way) = if is_mild {
            (Level::Warning, "keep it only where the key is used with an edition that has it")
        } else {
            (Level::Error, "choose an edition that has it")
        };
        let called = |operation| context.is_called(operation);
        let calls: Option<&dyn Fn(u16) -> bool> = if is_use_known { Some(&called) } else { None };
        let Some(Move { replacement, lost, is_free }) = moves.of(position, calls) else { continue };
        let message = fill("`{}` does not exist in {}", &[scope.id.as_str(), &edition.name]);
        let diagnostic = |help: Cow<'a, str>| BorrowedDiagnostic::new(Code::NotInEdition, level, message, help);
        let replacement = replacement.map(|replacement| {
            (context.catalog.scope_name(replacement.position), if replacement.is_later { "successor" } else { "predecessor" })
        });
        let loss = lost.first().map(|first| {
            let operations = counted_operations(lost.len(), context.catalog.operation_id(*first));
            fill("the key could no longer call {}", &[&operations])
        });
        let diagnostic = match (replacement, loss) {
            (Some((name, word)), None) if context.names(name) => {
                diagnostic(fill("remove it; its {} `{}` is already granted", &[word, name]).into()).with_removal(context, entry)
            }
            (Some((name, _)), None) => {
                diagnostic(fill("grant `{}` instead, which that edition has", &[name]).into()).with_successor(context, entry, name)
            }
            (Some((name, _)), Some(loss)) => {
                diagnostic(fill("{}; with `{}` instead, which that edition has, {}", &[way, name, &loss]).into())
            }
            (None, None) if is_free && !is_mild => {
                diagnostic("remove it, or choose an edition that has it".into()).with_removal(context, entry)
            }
            (None, None) if is_free => diagnostic(way.into()).with_removal(context, entry),
            (None, None) if is_mild => diagnostic(way.into()),
            (None, None) => diagnostic(fill("{}, or remove it once nothing needs it", &[way]).into()),
            (None, Some(loss)) => diagnostic(fill("{}; without it, {}", &[way, &loss]).into()),
        };
        diagnostics.push(diagnostic.at(entry.index, entry.text));
    }
}

pub(super) fn sensitive_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for (entry, position, scope) in context.grantable() {
        let Some((inner, sensitive)) = context.sensitivity(position, scope) else { continue };
        apart(&mut || {
            let is_own = inner.id == scope.id;
            let how: &[&str] = if is_own {
                &["`", entry.text, "` is very sensitive: "]
            } else {
                &["`", entry.text, "` includes `", inner.id.as_str(), "`, which is very sensitive: "]
            };
            let mut diagnostic = BorrowedDiagnostic::new(
                Code::SensitiveScope,
                Level::Warning,
                with_sentence(how, &sensitive.reason),
                "grant it only to a key in a trusted, secure environment, never in a client-side application",
            );
            diagnostic.path = borrowed(&sensitive.path);
            diagnostics.push(diagnostic.at(entry.index, entry.text));
        });
    }
}
