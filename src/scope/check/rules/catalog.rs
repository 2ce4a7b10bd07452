//! Rules about what the catalog says of a scope: its tier, its editions, how far it climbs.

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

use crate::scope::{
    Code, Level, Strictness, Tier,
    access::{
        plan::Target,
        succession::{Move, Moves},
    },
    check::{context::View, diagnostic::Finding, request::borrowed},
    support::text::{article, counted, quoted, with_sentence},
};

pub(super) fn wrong_tier<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let wanted = view.request.tier.as_str();
    for (entry, _, scope) in view.known().filter(|(_, _, scope)| !scope.tiers.contains(&view.request.tier)) {
        let name = &scope.id;
        let is_implicit = scope.tiers.contains(&Tier::Implicit);
        let (message, help) = if is_implicit && scope.implied {
            (format!("`{name}` is held by every key and cannot be granted"), "remove it; nothing is lost".to_owned())
        } else if is_implicit {
            let message = format!("`{name}` is given to callers by the server itself; no key can hold it");
            (message, "remove it; what it opens is called without a key".to_owned())
        } else {
            let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
            let tiers = tiers.join(" or ");
            (
                format!("`{name}` is a scope of {tiers} keys; {} {wanted} key cannot hold it", article(wanted)),
                format!("remove it, or create {} {tiers} key for it", article(&tiers)),
            )
        };
        let finding = Finding::new(Code::WrongTier, Level::Error, message, help).with_removal(view, entry);
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(in crate::scope) fn unknown_edition<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let (Some(wanted), None) = (&view.request.edition, view.edition) else { return };
    let editions: Vec<String> = view.catalog.editions.iter().map(|edition| quoted(&edition.id)).collect();
    let message = format!("there is no edition {}", quoted(wanted));
    findings.push(Finding::new(Code::UnknownEdition, Level::Error, message, format!("choose one of {}", editions.join(", "))));
}

/// A warning for what the key had before, which is kept, and where the request wants no more. The fix is what [`migrate`](crate::scope::migrate()) does: where that keeps the scope, since access would be lost, there is none.
pub(super) fn not_in_edition<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let Some(edition) = view.edition else { return };
    let target = Target { edition: Some(edition), ..view.target };
    if view.holdable().all(|(_, _, scope)| target.knows(scope)) {
        return;
    }
    let moves = Moves::new(view.catalog, target, view.holdable().map(|(_, position, _)| position));
    let is_use_known = view.is_use_known();
    for (entry, position, scope) in view.holdable().filter(|(_, _, scope)| !target.knows(scope)) {
        let is_mild = view.had(entry) || view.request.beyond_edition == Some(Strictness::Report);
        let (level, way) = if is_mild {
            (Level::Warning, "keep it only where the key is used with an edition that has it")
        } else {
            (Level::Error, "choose an edition that has it")
        };
        let called = |operation| view.is_called(operation);
        let calls: Option<&dyn Fn(u16) -> bool> = if is_use_known { Some(&called) } else { None };
        let Some(Move { heir, lost, is_free }) = moves.of(position, calls) else { continue };
        let message = format!("`{}` does not exist in {}", scope.id, edition.name);
        let finding = |help: Cow<'a, str>| Finding::new(Code::NotInEdition, level, message, help);
        let heir = heir.map(|heir| (view.catalog.scope_name(heir.position), if heir.is_later { "successor" } else { "predecessor" }));
        let loss = lost.first().map(|first| {
            let operations = counted(lost.len(), "operation", "operations");
            format!("{operations} would close, such as `{}`", view.catalog.operation_id(*first))
        });
        let finding = match (heir, loss) {
            (Some((name, word)), None) if view.names(name) => {
                finding(format!("remove it; its {word} `{name}` is granted already").into()).with_removal(view, entry)
            }
            (Some((name, _)), None) => {
                finding(format!("grant `{name}` in its place, which that edition has").into()).with_successor(view, entry, name)
            }
            (Some((name, _)), Some(loss)) => finding(format!("{way}; with `{name}` in its place, which that edition has, {loss}").into()),
            (None, None) if is_free && !is_mild => finding("remove it, or choose an edition that has it".into()).with_removal(view, entry),
            (None, None) if is_free => finding(way.into()).with_removal(view, entry),
            (None, None) if is_mild => finding(way.into()),
            (None, None) => finding(format!("{way}, or remove it once nothing needs it").into()),
            (None, Some(loss)) => finding(format!("{way}; without it, {loss}").into()),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn sensitive_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for (entry, _, scope) in view.holdable() {
        let Some(sensitive) = &scope.sensitive else { continue };
        let mut finding = Finding::new(
            Code::SensitiveScope,
            Level::Warning,
            with_sentence(&["`", entry.text, "` is very sensitive: "], &sensitive.reason),
            "grant it only to a key that a trusted, secure environment holds, and never to a client-side application",
        );
        finding.path = borrowed(&sensitive.path);
        findings.push(finding.at(entry.index, entry.text));
    }
}
