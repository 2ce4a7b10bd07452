//! Rules about what the catalog says of a scope: its tier, its editions, how far it climbs.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::scope::{
    Code, Diagnostic, Level, Tier,
    check::View,
    text::{article, inner, quoted},
};

pub(super) fn wrong_tier(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
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
        let finding =
            Diagnostic::new(Code::WrongTier, Level::Error, message, help).with_fix(format!("remove `{name}`"), view.remove(entry.text));
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(in crate::scope) fn unknown_edition(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let (Some(wanted), None) = (&view.request.edition, view.target.edition) else { return };
    let editions: Vec<String> = view.catalog.editions.iter().map(|edition| quoted(&edition.id)).collect();
    let message = format!("there is no edition {}", quoted(wanted));
    findings.push(Diagnostic::new(Code::UnknownEdition, Level::Error, message, format!("choose one of {}", editions.join(", "))));
}

pub(super) fn not_in_edition(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(edition) = view.target.edition else { return };
    for (entry, _, scope) in view.holdable().filter(|(_, _, scope)| !view.target.knows(scope)) {
        let name = &scope.id;
        let successor = scope.successor.as_ref().and_then(|successor| view.catalog.scope(successor.as_str()));
        let message = format!("`{name}` does not exist in {}", edition.name);
        let finding = |help: String| Diagnostic::new(Code::NotInEdition, Level::Error, message, help);
        let finding = match successor.filter(|successor| view.target.can_hold(successor)).map(|successor| successor.id.as_str()) {
            Some(successor) if view.names(successor) => finding(format!("remove it; its successor `{successor}` is granted already"))
                .with_fix(format!("remove `{name}`"), view.remove(entry.text)),
            Some(successor) => finding(format!("grant `{successor}` in its place, which that edition has"))
                .with_fix(format!("replace by `{successor}`"), view.replace(entry.text, successor)),
            None => finding("remove it, or choose an edition that has it".to_owned())
                .with_fix(format!("remove `{name}`"), view.remove(entry.text)),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn sensitive_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for (entry, _, scope) in view.holdable() {
        let Some(sensitive) = &scope.sensitive else { continue };
        let mut finding = Diagnostic::new(
            Code::SensitiveScope,
            Level::Warning,
            format!("`{}` is very sensitive: {}", scope.id, inner(&sensitive.reason)),
            "grant it only to a key that a trusted, secure environment holds, and never to a client-side application",
        );
        finding.path.clone_from(&sensitive.path);
        findings.push(finding.at(entry.index, entry.text));
    }
}
